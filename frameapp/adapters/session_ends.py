"""Tells every web process at once that sessions have ended, so that their pages and sockets close.

A hint, as progress is: without it a page ends with its next event, and a progress socket within half a minute.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable

import redis

log = logging.getLogger(__name__)

CHANNEL = "frameapp:session-ends"


def announce(client: redis.Redis, token_hashes: Iterable[str]) -> None:
    """Say that the sessions with these token hashes have ended; call it after the commit."""
    ended = list(token_hashes)
    if not ended:
        return
    try:
        client.publish(CHANNEL, json.dumps(ended))
    except redis.RedisError as error:
        log.warning("Redis did not take the end of %d sessions: %s", len(ended), error)


def read(message: bytes | str) -> list[str]:
    """The token hashes of a message."""
    return [str(value) for value in json.loads(message)]
