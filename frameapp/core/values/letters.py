"""Capitals and small letters, as the locale's language has them."""

from __future__ import annotations

import unicodedata

import regex

from frameapp.core.values.writing import locale_named

_DOTTED = ("tr", "az")  # languages in which a capital i keeps its dot, and a small I has none
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}'\N{RIGHT SINGLE QUOTATION MARK}]*")


def upper(text: str, locale: str) -> str:
    """The text in capitals. Greek ones lose their accent and keep their diaeresis."""
    language = locale_named(locale).language
    if language in _DOTTED:
        text = text.replace("i", "İ")
    if language == "el":
        text = unicodedata.normalize("NFD", text).replace("\N{COMBINING ACUTE ACCENT}", "")
    return unicodedata.normalize("NFC", text.upper())


def lower(text: str, locale: str) -> str:
    """The text in small letters."""
    if locale_named(locale).language in _DOTTED:
        text = text.replace("İ", "i").replace("I", "\N{LATIN SMALL LETTER DOTLESS I}")
    return text.lower()


def title(text: str, locale: str) -> str:
    """Each word with a capital, the rest of it in small letters; words that begin with a digit stay (3D, 50ml)."""
    return str(_WORD.sub(lambda word: _capitalised(word[0], locale), text))


def _capitalised(word: str, locale: str) -> str:
    if not word[0].isalpha():
        return word
    dotted = word[0] == "i" and locale_named(locale).language in _DOTTED
    return f"{'İ' if dotted else word[0].title()}{lower(word[1:], locale)}"
