"""Alembic's environment: the database of the settings, or the one given in ``config.attributes``."""

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from alembic import context
from frameapp import models
from frameapp.db.engine import Database
from frameapp.settings import get_settings


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our column types as plain SQLAlchemy, so that a migration never changes with the code."""
    if kind == "type" and isinstance(item, models.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    url = context.config.attributes.get("url") or get_settings().resolved_database_url
    database = Database(url)
    with database.engine.execution_options(frameapp_write=True).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=database.is_sqlite,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            if not database.is_sqlite:  # one migrator at a time
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727283)")
            context.run_migrations()
        connection.commit()
    database.dispose()


run()
