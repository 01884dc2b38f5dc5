"""Password hashes: argon2id through passlib's maintained fork."""

from __future__ import annotations

from functools import lru_cache

from passlib.context import CryptContext

_CONTEXT = CryptContext(schemes=["argon2"], argon2__type="ID")


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``, with its salt and costs."""
    return str(_CONTEXT.hash(password))


@lru_cache(maxsize=1)
def _some_hash() -> str:
    return hash_password("no account has this password")


def verify_password(password: str, hashed: str | None) -> bool:
    """Whether the password matches; without an account it costs the same time and is false."""
    matches = bool(_CONTEXT.verify(password, hashed or _some_hash()))
    return matches and hashed is not None
