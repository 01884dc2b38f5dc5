"""Limits on attempts: counted in Redis for all processes, and in this process while Redis is unavailable.

What is counted is what fails. By name and address a password is guessed; by address alone, names are; by name alone,
one account's password from many addresses. In all, every sign-in and registration counts.
"""

import hashlib
import ipaddress
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from frameapp.errors import TooBusy, TooManyAttempts
from frameapp.services.application import Application

logger = logging.getLogger(__name__)
T = TypeVar("T")

REDIS_SECONDS = 0.5  # what an attempt waits for Redis at the most
AWAY_SECONDS = 10.0  # for which a Redis that failed is not asked again
MOST_KEPT = 50_000  # counts in this process


@dataclass(frozen=True, slots=True)
class Limit:
    """``most`` attempts of a kind within ``seconds`` from the first one."""

    kind: str
    most: int
    seconds: int


SIGN_IN = Limit("signin", 10, 15 * 60)  # by name and address
SIGN_IN_OF_ADDRESS = Limit("signin-address", 50, 15 * 60)  # an office behind one address has many users
SIGN_IN_OF_NAME = Limit("signin-name", 30, 60 * 60)  # from all addresses that the account never signed in from
IN_ALL = Limit("all", 600, 60)  # sign-ins and registrations of the installation
REGISTER_OF_ADDRESS = Limit("register-address", 30, 60 * 60)
LINK_OF_ADDRESS = Limit("link-address", 30, 15 * 60)


def count(app: Application, limit: Limit, subject: str) -> None:
    """Count an attempt before it is made, so that attempts side by side are counted too. Raises TooManyAttempts."""
    attempts, left = note(app, limit, subject)
    if attempts > limit.most:
        raise TooManyAttempts(_minutes(left), is_first=attempts == limit.most + 1)


def count_in_all(app: Application) -> None:
    """Count a sign-in or a registration of the installation. Raises TooBusy where there are too many in a minute."""
    attempts, _ = note(app, IN_ALL, "")
    if attempts == IN_ALL.most + 1:
        logger.warning("More than %d sign-ins and registrations in a minute: the others are refused.", IN_ALL.most)
    if attempts > IN_ALL.most:
        raise TooBusy("Too many people are signing in right now. Try again in a minute.")


def check(app: Application, limit: Limit, subject: str) -> None:
    """Refuse an attempt of which failures alone are counted, by ``note``. Raises TooManyAttempts."""
    key = _key(limit, subject)
    attempts, left = _ask(app, lambda client: _asked(client, key)) or _here_of(app).look(key)
    if attempts >= limit.most:
        raise TooManyAttempts(_minutes(left))


def note(app: Application, limit: Limit, subject: str) -> tuple[int, float]:
    """Count one; how many there are now, and the seconds until they are forgotten."""
    key = _key(limit, subject)
    return _ask(app, lambda client: _counted(client, key, limit)) or _here_of(app).count(key, limit.seconds)


def forget(app: Application, limit: Limit, subject: str) -> None:
    """The attempts of this subject have led to a success: they count no longer."""
    key = _key(limit, subject)
    _here_of(app).forget(key)
    _ask(app, lambda client: client.delete(key))


def place_of(address: str) -> str:
    """What attempts from an address are counted by: an IPv6 address's network of 64 bits, which is one customer's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


class _Here:
    """The counts of this process, for when Redis is away. A new key pushes out the oldest."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, float]] = {}
        self._turn = threading.Lock()

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """The attempts with this one, and the seconds until they are forgotten."""
        now = time.monotonic()
        with self._turn:
            attempts, until = self._counts.get(key, (0, 0.0))
            if until <= now:
                attempts, until = 0, now + seconds
            if key not in self._counts and len(self._counts) >= MOST_KEPT:
                del self._counts[next(iter(self._counts))]
            self._counts[key] = (attempts + 1, until)
        return attempts + 1, until - now

    def look(self, key: str) -> tuple[int, float]:
        """The same without another one."""
        now = time.monotonic()
        attempts, until = self._counts.get(key, (0, 0.0))
        return (attempts, until - now) if until > now else (0, 0.0)

    def forget(self, key: str) -> None:
        """None any more."""
        with self._turn:
            self._counts.pop(key, None)


_away: dict[str, float] = {}  # Redis addresses that failed, and until when they are not asked


@lru_cache(maxsize=4)
def _here(url: str) -> _Here:
    return _Here()


def _here_of(app: Application) -> _Here:
    return _here(app.settings.resolved_redis_url)


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def _counted(client: redis.Redis, key: str, limit: Limit) -> tuple[int, float]:
    with client.pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, limit.seconds, nx=True)
        pipe.ttl(key)
        attempts, _, left = pipe.execute()
    return int(attempts), float(left)


def _asked(client: redis.Redis, key: str) -> tuple[int, float]:
    with client.pipeline() as pipe:
        pipe.get(key)
        pipe.ttl(key)
        attempts, left = pipe.execute()
    return int(attempts or 0), float(left)


def _minutes(seconds: float) -> int:
    return max(1, math.ceil(seconds / 60))


def _ask(app: Application, question: Callable[[redis.Redis], T]) -> T | None:
    """What Redis answers; None while it is away or takes no writes, which is logged once in a while."""
    url = app.settings.resolved_redis_url
    if _away.get(url, 0.0) > time.monotonic():
        return None
    try:
        return question(_client(url))
    except redis.RedisError as error:
        _away[url] = time.monotonic() + AWAY_SECONDS
        logger.warning("Redis does not count attempts, this process does: %s", error)
        return None


def _key(limit: Limit, subject: str) -> str:
    return f"{limit.kind}:{hashlib.sha256(subject.encode()).hexdigest()}"
