"""Prices as feeds have them, read into amount and currency."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from frameapp.core.values.currencies import currency_of, is_currency
from frameapp.core.values.numerals import parse_plain, plain

_LONGEST = 80  # characters
_PRICE = re.compile(r"(?P<before>\D*)(?P<amount>\d(?:.*\d)?)(?P<after>\D*)", re.DOTALL)
_NO_CENTS = re.compile(r"(?:[.,:] ?|/)(?:[-\N{EN DASH}\N{EM DASH}]{1,2}|=)")
#: Currencies of three decimals whose markets write them after a comma; the others write a point.
_COMMA = {"TND", "LYD"}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, never negative, in a currency (ISO 4217, or empty for unknown)."""

    amount: Decimal
    currency: str


#: What a field has: text (empty where there is none), several texts, or what was computed.
Value = str | tuple[str, ...] | Decimal | Money


def parse_money(text: str, currency: str = "") -> Money | None:
    """The price that ``text`` is; None where it is none, as ``call us``, ``from 5 EUR`` or anything negative.

    The currency's code or sign stands before the amount, behind it, or both. ``currency`` is the frame's: it counts
    where the text has none, and where its sign may mean it (``$`` in a frame of CAD). ``core/values/numerals.py`` has
    the rules for points and commas; in a currency of three decimals ``1.299`` has decimals. ``5,-``, ``5:-`` and
    ``5/-`` are 5.
    """
    return _parsed(text, currency) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _parsed(text: str, currency: str) -> Money | None:
    match = _PRICE.fullmatch(plain(text))
    if match is None:
        return None
    before, amount, after = (part.strip() for part in match.groups())
    if before[-1:] in (".", ",") and not is_currency(before):
        before, amount = before[:-1].strip(), before[-1] + amount
    if cents := _NO_CENTS.match(after):
        after = after[cents.end() :].strip()
    found = currency_of((side for side in (before, after) if side), currency)
    if found is None:
        return None
    number = parse_plain(amount, _decimal_sign(found))
    return None if number is None else Money(number, found)


def _decimal_sign(currency: str) -> str:
    """The sign before the decimals where they are three, so that ``1.299`` is not taken for thousands."""
    if not currency or get_currency_precision(currency) != 3:
        return ""
    return "," if currency in _COMMA else "."
