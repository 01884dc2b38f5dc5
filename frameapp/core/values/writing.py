"""Numbers, money and dates in the spelling of a locale, from Babel's data.

Babel's own functions look a pattern up and take it apart for each number, eat the apostrophes that Swiss prices are
grouped by, and join ``KWD`` to its amount. So what they know of a locale and a currency is kept as a ``Style``, and the
digits are set here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_datetime, parse_pattern
from babel.numbers import (
    NumberPattern,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from frameapp.core.values.money import Money, Value
from frameapp.errors import Invalid

_QUOTED = re.compile(r"'([^']*)'")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of number is written in a locale: what stands around it, its signs, and how many decimals it has."""

    before: str
    after: str
    group: str
    groups: tuple[int, int]
    decimal: str
    fewest: int
    most: int

    def write(self, number: Decimal) -> str:
        """The number in this style, halves rounded up."""
        rounded = number.quantize(Decimal(1).scaleb(-self.most), context=_EXACT)
        whole, _, fraction = f"{abs(rounded):f}".partition(".")
        kept = fraction[: self.fewest] + fraction[self.fewest :].rstrip("0")
        sign = "-" if rounded < 0 else ""
        return f"{sign}{self.before}{self._grouped(whole)}{self.decimal if kept else ''}{kept}{self.after}"

    def _grouped(self, whole: str) -> str:
        last, others = self.groups
        parts = [whole[-last:]]
        whole = whole[:-last]
        while whole:
            parts.insert(0, whole[-others:])
            whole = whole[:-others]
        return self.group.join(parts)


@lru_cache(maxsize=256)
def locale_named(name: str) -> Locale:
    """The locale of a name such as ``de_DE`` or ``pt-BR``. Raises Invalid for one that is not known."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, TypeError, UnknownLocaleError) as error:
        raise Invalid(f"There is no locale {name!r}. Use a name such as de_DE or en_GB.", field="locale") from error


def as_text(value: Value, locale: str) -> str:
    """A value in the locale's spelling, several with commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(value)
    return write_money(value, locale) if isinstance(value, Money) else write_number(value, locale)


def write_money(money: Money, locale: str, *, digits: int | None = None, sign: str = "symbol") -> str:
    """The price in the locale's spelling.

    ``digits`` are those of the currency unless said otherwise. ``sign`` is ``symbol`` (``€``), ``code`` (``EUR``) or
    ``bare`` (none at all, as where the currency is unknown).
    """
    return _money_style(locale, money.currency, digits, sign).write(money.amount)


def write_number(number: Decimal, locale: str, *, digits: int | None = None) -> str:
    """The number in the locale's spelling, with the decimals that it has, at most three, or with so many ``digits``."""
    return _number_style(locale, digits).write(number)


def write_percent(number: Decimal, locale: str, *, digits: int | None = None) -> str:
    """``number`` per cent (25 is a quarter) in the locale's spelling."""
    return _percent_style(locale, digits).write(number)


def write_date(moment: datetime, locale: str, pattern: str) -> str:
    """The moment by a pattern of the Unicode standard (LDML), such as ``dd.MM.``, in the locale's words."""
    return str(format_datetime(moment, pattern, locale=locale_named(locale)))


def is_date_pattern(pattern: str) -> bool:
    """Whether ``write_date`` takes this pattern: one that names at least one part of a date."""
    try:
        return "%(" in str(parse_pattern(pattern).format)
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _money_style(locale: str, currency: str, digits: int | None, sign: str) -> Style:
    found = locale_named(locale)
    pattern: NumberPattern = found.currency_formats["standard"]
    if digits is None:
        digits = get_currency_precision(currency) if currency else 2
    if sign == "bare" or not currency:
        return _style(found, found.decimal_formats[None], (digits, digits))
    symbol = currency if sign == "code" else get_currency_symbol(currency, found)
    before, after = (_unquoted(part).replace("¤", symbol) for part in (pattern.prefix[0], pattern.suffix[0]))
    return _style(found, pattern, (digits, digits), _apart(before, -1), _apart(after, 0))


@lru_cache(maxsize=256)
def _number_style(locale: str, digits: int | None) -> Style:
    found = locale_named(locale)
    return _style(found, found.decimal_formats[None], (0, 3) if digits is None else (digits, digits))


@lru_cache(maxsize=256)
def _percent_style(locale: str, digits: int | None) -> Style:
    found = locale_named(locale)
    pattern: NumberPattern = found.percent_formats[None]
    before, after = _unquoted(pattern.prefix[0]), _unquoted(pattern.suffix[0])
    return _style(found, pattern, (0, 0) if digits is None else (digits, digits), before, after)


def _style(
    locale: Locale, pattern: NumberPattern, decimals: tuple[int, int], before: str = "", after: str = ""
) -> Style:
    group, decimal = get_group_symbol(locale), get_decimal_symbol(locale)
    return Style(before, after, group, pattern.grouping, decimal, *decimals)


def _unquoted(affix: str) -> str:
    """The text around a number, without the apostrophes by which a pattern quotes."""
    return _QUOTED.sub(lambda quoted: quoted[1] or "'", affix)


def _apart(affix: str, beside: int) -> str:
    """Letters stand apart from the digits beside them (CLDR's currency spacing); signs need not."""
    if not affix or unicodedata.category(affix[beside])[0] in "SZC":
        return affix
    return f"\N{NO-BREAK SPACE}{affix}" if beside == 0 else f"{affix}\N{NO-BREAK SPACE}"
