"""What a username, a password and an e-mail address may be."""

import re
import unicodedata
from functools import lru_cache

from frameapp.adapters.passwords import is_common_password
from frameapp.errors import Invalid

USERNAME_SHORTEST, USERNAME_LONGEST = 2, 64
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128


def check_username(username: str) -> str:
    """The username as it is kept. Raises Invalid."""
    username = unicodedata.normalize("NFKC", username).strip()
    if not USERNAME_SHORTEST <= len(username) <= USERNAME_LONGEST:
        raise Invalid(
            f"A username has {USERNAME_SHORTEST} to {USERNAME_LONGEST} characters.",
            field="username",
        )
    if not re.fullmatch(r"[\w.@+-]+", username):
        raise Invalid("A username can contain only letters, digits and the characters . @ + - and _.", field="username")
    return username


def username_key(username: str) -> str:
    """What usernames are the same by: compatible forms and case make no difference."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def username_look(username: str) -> str:
    """What usernames that look alike share, by the table of Unicode's UTS #39: Paul, PauI and one with a Cyrillic a.

    Each letter and digit stands for the first of those that it may be taken for; case is looked at before it is folded.
    """
    return "".join(map(_prototype, unicodedata.normalize("NFKC", username).strip())).casefold()


_PLAIN = {"I": "l", "1": "l", "0": "O", "m": "rn"}  # that UTS #39 has among ASCII's letters and digits


@lru_cache(maxsize=10_000)
def _prototype(letter: str) -> str:
    if letter.isascii():
        return _PLAIN.get(letter, letter)
    from confusable_homoglyphs.confusables import confusables_data  # 1 MB, read when the first such letter comes

    twins = [twin["c"] for twin in confusables_data.get(letter, ()) if len(twin["c"]) == 1]
    best = str(min([letter, *(twin for twin in twins if twin.isalnum())]))
    return _PLAIN.get(best, best)


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
        raise Invalid("This is not an e-mail address. Correct it or leave the field empty.", field="email")
    return email
