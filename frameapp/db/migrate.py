"""Bring the database to the newest revision."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from alembic import command
from frameapp.db.engine import Database
from frameapp.errors import StartError

ROOT = Path(__file__).resolve().parents[2]


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at ``url``."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Run every migration that the database at ``url`` lacks. Raises StartError where it does not answer."""
    try:
        command.upgrade(alembic_config(url), "head")
    except OperationalError as error:
        raise StartError(f"The database does not answer; check FRAMEAPP_DATABASE_URL: {error.orig}") from error


def pending_migrations(url: str) -> int:
    """How many migrations the database at ``url`` lacks."""
    scripts = ScriptDirectory.from_config(alembic_config(url))
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_heads()
    finally:
        database.dispose()
    return sum(1 for _ in scripts.iterate_revisions("heads", present or "base"))
