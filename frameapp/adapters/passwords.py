"""Password hashes: argon2id through passlib's maintained fork; and the passwords that are tried first."""

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


def is_common_password(password: str) -> bool:
    """Whether it is among the 30,000 most common passwords, which come with zxcvbn."""
    return password.casefold() in _common_passwords()


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
