"""Migrations and models agree, on both databases."""

from alembic import command
from frameapp.db.migrate import alembic_config


def test_the_migrated_schema_is_the_models(database_url: str) -> None:
    command.check(alembic_config(database_url))


def test_downgrade_removes_everything_and_upgrade_brings_it_back(database_url: str) -> None:
    config = alembic_config(database_url)
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    command.check(config)
