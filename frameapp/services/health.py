"""Whether what the application stands on answers."""

import logging

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from frameapp.services.application import Application

log = logging.getLogger(__name__)

REDIS_SECONDS = 2.0


def database_answers(app: Application) -> bool:
    """Whether the database answers a query."""
    try:
        with app.database.read() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("The database does not answer: %s", error)
        return False
    return True


def redis_answers(app: Application) -> bool:
    """Whether Redis answers within two seconds."""
    client = redis.Redis.from_url(
        app.settings.resolved_redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError as error:
        log.warning("Redis does not answer: %s", error)
        return False
    finally:
        client.close()
    return True
