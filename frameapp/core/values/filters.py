"""The filters of template texts, one descriptor each. Parser, editor and documentation read ``FILTERS``.

A new filter is a function and an entry in ``FILTERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import regex

from frameapp.core.values.cleaning import TEXT_LIMIT, VALUE_LIMIT, shortened
from frameapp.core.values.context import Context
from frameapp.core.values.dates import parse_moment
from frameapp.core.values.letters import lower, title, upper
from frameapp.core.values.money import Money, Value, parse_money
from frameapp.core.values.numerals import parse_number
from frameapp.core.values.warning import ValueWarning, WarningKind, warning
from frameapp.core.values.writing import (
    as_text,
    is_date_pattern,
    write_date,
    write_money,
    write_number,
    write_percent,
)

Arguments = tuple[Any, ...]
_COUNT = regex.compile(r"[0-9]{1,4}")
_COMMA = regex.compile(r",\s+|,(?=https?:)")  # as the feed reader joins the values of a repeated field


@dataclass(slots=True)
class Scene:
    """Where a filter works: the field that it was given, the context, and the list that takes its warnings."""

    field: str
    context: Context
    warnings: list[ValueWarning]

    def warn(self, kind: WarningKind, value: str) -> None:
        """Notes that this value of the field was odd."""
        self.warnings.append(warning(kind, self.field, value))

    def text(self, value: Value) -> str:
        """A value as it is written without any filter."""
        return as_text(value, self.context.locale)


@dataclass(frozen=True, slots=True)
class Argument:
    """What a filter takes after its colon. ``read`` raises ValueError; ``needed`` says what it takes, in a sentence."""

    needed: str
    read: Callable[[str], Any]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its name, an example of its use and a description for the editor, its arguments, and its function.

    An empty value passes by, unless ``on_empty``.
    """

    name: str
    example: str
    description: str
    function: Callable[[Value, Arguments, Scene], Value]
    arguments: tuple[Argument, ...] = ()
    on_empty: bool = False


def apply(name: str, arguments: Arguments, value: Value, scene: Scene) -> Value:
    """The value after this filter, cut where it has become endless."""
    known = FILTERS[name]
    if value in ("", ()) and not known.on_empty:
        return value
    value = known.function(value, arguments, scene)
    if isinstance(value, str) and len(value) > VALUE_LIMIT:
        scene.warn(WarningKind.CUT, value)
        return value[:VALUE_LIMIT]
    return value


def _money(value: Value, arguments: Arguments, scene: Scene) -> Value:
    context = scene.context
    money = value if isinstance(value, Money) else parse_money(scene.text(value), context.currency)
    if money is None:
        scene.warn(WarningKind.MONEY, scene.text(value))
        return value
    sign = next((way for way in ("bare", "code") if way in arguments), "symbol")
    return write_money(money, context.locale, digits=0 if "0" in arguments else None, sign=sign)


def _number(value: Value, arguments: Arguments, scene: Scene) -> Value:
    return _written(value, arguments, scene, write_number)


def _percent(value: Value, arguments: Arguments, scene: Scene) -> Value:
    if isinstance(value, str) and value.endswith(("%", "٪")):
        value = value[:-1]
    return _written(value, arguments, scene, write_percent)


def _written(value: Value, arguments: Arguments, scene: Scene, write: Callable[..., str]) -> Value:
    if isinstance(value, Money):
        value = value.amount
    number = parse_number(scene.text(value)) if isinstance(value, str | tuple) else value
    if number is None:
        scene.warn(WarningKind.NUMBER, scene.text(value))
        return value
    return write(number, scene.context.locale, digits=arguments[0] if arguments else None)


def _upper(value: Value, _: Arguments, scene: Scene) -> Value:
    return upper(scene.text(value), scene.context.locale)


def _lower(value: Value, _: Arguments, scene: Scene) -> Value:
    return lower(scene.text(value), scene.context.locale)


def _title(value: Value, _: Arguments, scene: Scene) -> Value:
    return title(scene.text(value), scene.context.locale)


def _short(value: Value, arguments: Arguments, scene: Scene) -> Value:
    return shortened(scene.text(value), arguments[0])


def _first(value: Value, _: Arguments, scene: Scene) -> Value:
    return value[0] if isinstance(value, tuple) else _COMMA.split(scene.text(value), 1)[0]


def _date(value: Value, arguments: Arguments, scene: Scene) -> Value:
    text = scene.text(value)
    moment = parse_moment(text.rpartition("/")[2], scene.context.zone)
    try:
        local = moment and moment.astimezone(scene.context.zone)
    except OverflowError:  # in the first or last hours of the calendar
        local = None
    if local is None:
        scene.warn(WarningKind.DATE, text)
        return value
    return write_date(local, scene.context.locale, arguments[0])


def _default(value: Value, arguments: Arguments, _: Scene) -> Value:
    return arguments[0] if value in ("", ()) else value


def _replace(value: Value, arguments: Arguments, scene: Scene) -> Value:
    return scene.text(value).replace(*arguments)


def _count(fewest: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (_COUNT.fullmatch(text) and fewest <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return read


def _way(text: str) -> str:
    if text not in ("0", "code", "bare"):
        raise ValueError(text)
    return text


def _pattern(text: str) -> str:
    if len(text) > 100 or not is_date_pattern(text):
        raise ValueError(text)
    return text


def _some_text(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


_MONEY_WAY = Argument("“0” (no decimals), “code” (EUR instead of €) or “bare” (the number alone)", _way, required=False)
_DECIMALS = Argument("a number of decimals from 0 to 6", _count(0, 6), required=False)

#: The filters by name, in the order of the editor's menu.
FILTERS = {
    known.name: known
    for known in (
        Filter("money", "money", "A price in the market's format", _money, (_MONEY_WAY, _MONEY_WAY)),
        Filter("number", "number: 1", "A number in the market's format", _number, (_DECIMALS,)),
        Filter("percent", "percent", "A percentage in the market's format", _percent, (_DECIMALS,)),
        Filter("upper", "upper", "UPPER CASE", _upper),
        Filter("lower", "lower", "lower case", _lower),
        Filter("title", "title", "Each Word With A Capital", _title),
        Filter(
            "short",
            "short: 40",
            "The first characters, with an ellipsis if the text is longer",
            _short,
            (Argument(f"a number of characters from 1 to {TEXT_LIMIT:,}", _count(1, TEXT_LIMIT)),),
        ),
        Filter("first", "first", "The first of several values", _first),
        Filter(
            "date",
            "date: dd.MM.",
            "A date by a pattern; for a period, its end",
            _date,
            (Argument("a date pattern, such as dd.MM.yyyy", _pattern),),
        ),
        Filter(
            "default",
            'default: "New"',
            "Text to use if the field is empty",
            _default,
            (Argument("a text", str),),
            on_empty=True,
        ),
        Filter(
            "replace",
            'replace: "a", "b"',
            "One text replaced by another",
            _replace,
            (Argument("the text to find", _some_text), Argument("its replacement", str)),
        ),
    )
}
