"""How conditions compare a field with a value: what both are read as (``KINDS``), and the comparison (``OPERATORS``).

Editor, parser and documentation read these registries; a new operator is one entry.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from enum import StrEnum
from typing import Any

from frameapp.core.values.cleaning import clean
from frameapp.core.values.context import Context
from frameapp.core.values.dates import is_day, parse_moment
from frameapp.core.values.money import Money, Value, parse_money
from frameapp.core.values.numerals import parse_number
from frameapp.core.values.warning import WarningKind
from frameapp.core.values.writing import as_text

#: The field's value and the wanted one, made comparable; or why that cannot be done.
Pair = tuple[Any, Any] | WarningKind


@dataclass(frozen=True, slots=True)
class Kind:
    """What a comparison takes both sides for.

    ``pair`` gets one value of the field and what the condition has. ``accepts`` says whether a condition's text is
    of this kind; ``needed`` says it to people.
    """

    name: str
    needed: str
    accepts: Callable[[str], bool]
    pair: Callable[[Value, str, Context], Pair]


class Takes(StrEnum):
    """How many values an operator compares with."""

    NONE = "none"
    ONE = "one"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison: its name, which people read too, the kinds it is for, and its function.

    It holds for a field with several values if it holds for one of them; a ``negated`` one, if it holds for none. One
    that takes no value gets the list of the field's values; one that takes many, a folded text and the set of those.
    """

    name: str
    compare: Callable[[Any, Any], bool]
    kinds: tuple[str, ...] = ()
    takes: Takes = Takes.ONE
    negated: bool = False


def folded(text: str) -> str:
    """Texts are compared without regard to case, and by the rules of ``clean``."""
    return clean(text).casefold()


def _text_pair(found: Value, wanted: str, context: Context) -> Pair:
    return folded(as_text(found, context.locale)), folded(wanted)


def _number_pair(found: Value, wanted: str, context: Context) -> Pair:
    if isinstance(found, Money):
        found = found.amount
    number = found if isinstance(found, Decimal) else parse_number(as_text(found, context.locale))
    return WarningKind.NUMBER if number is None else (number, parse_number(wanted))


def _money_pair(found: Value, wanted: str, context: Context) -> Pair:
    if isinstance(found, Decimal):
        found = Money(found, context.currency)
    money = found if isinstance(found, Money) else parse_money(as_text(found, context.locale), context.currency)
    limit = parse_money(wanted, context.currency)
    if money is None or limit is None:
        return WarningKind.MONEY
    return WarningKind.CURRENCY if money.currency != limit.currency else (money.amount, limit.amount)


def _date_pair(found: Value, wanted: str, context: Context) -> Pair:
    moment, limit = parse_moment(as_text(found, context.locale), context.zone), parse_moment(wanted, context.zone)
    if moment is None or limit is None:
        return WarningKind.DATE
    if not is_day(wanted):
        return moment, limit
    try:
        return moment.astimezone(context.zone).date(), limit.astimezone(context.zone).date()
    except OverflowError:  # in the first or last hours of the calendar
        return WarningKind.DATE


#: The kinds by name, in the order of the editor's menu.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("text", "some text", lambda text: bool(clean(text)), _text_pair),
        Kind("number", "a number, such as 4.5", lambda text: parse_number(text) is not None, _number_pair),
        Kind("money", "a price, such as 50 or 49.90 EUR", lambda text: parse_money(text) is not None, _money_pair),
        Kind(
            "date",
            "a date, such as 2026-11-27 or 2026-11-27T09:00",
            lambda text: parse_moment(text, UTC) is not None,
            _date_pair,
        ),
    )
}
_ORDERED = ("number", "money", "date")

#: The operators by name, in the order of the editor's menu.
OPERATORS = {
    known.name: known
    for known in (
        Operator("is", operator.eq, tuple(KINDS)),
        Operator("is not", operator.eq, tuple(KINDS), negated=True),
        Operator("contains", operator.contains, ("text",)),
        Operator("starts with", str.startswith, ("text",)),
        Operator("is one of", lambda found, wanted: found in wanted, ("text",), takes=Takes.MANY),
        Operator("is empty", lambda values, _: not values, takes=Takes.NONE),
        Operator("is not empty", lambda values, _: bool(values), takes=Takes.NONE),
        Operator(">", operator.gt, _ORDERED),
        Operator(">=", operator.ge, _ORDERED),
        Operator("<", operator.lt, _ORDERED),
        Operator("<=", operator.le, _ORDERED),
    )
}
