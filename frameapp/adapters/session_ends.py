"""Announces to every web process at once that sessions have ended, so that their pages and sockets close.

A hint, as progress is: without it a page ends with its next event, and a progress socket within half a minute. It goes
out in a thread of its own, so that a Redis that hangs holds up nobody.
"""

import json
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import redis

log = logging.getLogger(__name__)

CHANNEL = "frameapp:session-ends"


def announce(client: redis.Redis, token_hashes: Iterable[str]) -> None:
    """Say that the sessions with these token hashes have ended, without waiting; call it after the commit."""
    if ended := list(token_hashes):
        _saying.submit(_say, client, ended)


def _say(client: redis.Redis, ended: list[str]) -> None:
    try:
        client.publish(CHANNEL, json.dumps(ended))
    except redis.RedisError as error:
        log.warning("Redis did not take the end of %d sessions: %s", len(ended), error)


_saying = ThreadPoolExecutor(1, thread_name_prefix="session-ends")  # the interpreter waits for it as it ends


def read(message: bytes | str) -> list[str]:
    """The token hashes of a message."""
    return [str(value) for value in json.loads(message)]
