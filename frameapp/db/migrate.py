"""Bring the database to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config

from alembic import command

ROOT = Path(__file__).resolve().parents[2]


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at ``url``."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Run every migration that the database at ``url`` lacks."""
    command.upgrade(alembic_config(url), "head")
