"""What a username, a password and an e-mail address may be."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from frameapp.adapters.passwords import is_common_password
from frameapp.errors import Invalid

USERNAME_SHORTEST, USERNAME_LONGEST = 2, 64
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128


def check_username(username: str) -> str:
    """The username as it is kept. Raises Invalid, also for one that could be taken for another in other letters."""
    username = unicodedata.normalize("NFKC", username).strip()
    if not USERNAME_SHORTEST <= len(username) <= USERNAME_LONGEST:
        raise Invalid(
            f"A username has {USERNAME_SHORTEST} to {USERNAME_LONGEST} characters.",
            field="username",
        )
    if not re.fullmatch(r"[\w.@+-]+", username):
        raise Invalid("A username is made of letters, digits and . @ + - _ only.", field="username")
    if is_disguised(username):
        raise Invalid("This username looks like one in other letters. Choose another.", field="username")
    return username


def username_key(username: str) -> str:
    """What usernames are the same by: compatible forms and case make no difference."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def is_disguised(username: str) -> bool:
    """Whether letters beyond ASCII stand for ones that they look like, by the table of Unicode's UTS #39.

    That is a look-alike among plain letters (a Cyrillic a in "anna"), one from the Latin script itself (the alpha of
    phonetics), or a name made of look-alikes alone. A name in an alphabet of its own is fine as long as one of its
    letters could be no Latin one.
    """
    letters = [letter for letter in username.casefold() if letter.isalpha()]
    alike = [letter for letter in letters if not letter.isascii() and _looks_plain(letter)]
    if not alike:
        return False
    mixed = any(letter.isascii() for letter in letters)
    return mixed or len(alike) == len(letters) or any("LATIN" in unicodedata.name(letter, "") for letter in alike)


@lru_cache(maxsize=10_000)
def _looks_plain(letter: str) -> bool:
    from confusable_homoglyphs.confusables import confusables_data  # 1 MB, read when the first such letter comes

    return any(len(twin["c"]) == 1 and twin["c"].isascii() for twin in confusables_data.get(letter, ()))


def check_new_password(password: str, username: str = "") -> None:
    """Refuse a password that is short, long, common or the username. Raises Invalid."""
    if len(password) < PASSWORD_SHORTEST:
        raise Invalid(f"Choose a password of at least {PASSWORD_SHORTEST} characters.", field="password")
    if len(password) > PASSWORD_LONGEST:
        raise Invalid(f"Choose a password of at most {PASSWORD_LONGEST} characters.", field="password")
    if username and password.casefold() == username.casefold():
        raise Invalid("Choose a password that is not your username.", field="password")
    if is_common_password(password):
        raise Invalid("This password is among the most common ones. Choose another.", field="password")


def check_email(email: str) -> str:
    """The address as it is kept; it may be empty. Raises Invalid."""
    email = email.strip()
    if email and (len(email) > 254 or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email)):
        raise Invalid("This is not an e-mail address. It may stay empty.", field="email")
    return email
