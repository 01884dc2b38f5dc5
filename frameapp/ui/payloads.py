"""What an event may bring: small, plain values of the kinds that its handler names.

Reflex hands a handler whatever a client sends under its arguments' names. Here it is held against the handler's
annotations first, so a handler never meets another kind, and no text that a database or a log could stumble over.
"""

import functools
import inspect
import math
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from frameapp.errors import Invalid

E = TypeVar("E")
LARGEST_EVENT = 64_000  # characters, names of fields included
LONGEST_FIELD = 8_000  # characters of one text; services say less, beside the field
MOST_VALUES = 20_000
DEEPEST = 8
LARGEST_NUMBER = 2**53  # what JavaScript counts exactly
TOO_LONG = "This is too long. Shorten it and try again."
NOT_UNDERSTOOD = "The page sent something that the server does not accept. Reload it and try again."


def check_payload(handler: Callable[..., Any], payload: Any, *, longest: int = LONGEST_FIELD) -> None:
    """Raise Invalid unless ``handler`` (a state's method) takes this payload, with texts up to ``longest``."""
    if not isinstance(payload, dict):
        raise Invalid(NOT_UNDERSTOOD)
    check_values(payload, longest=longest)
    kinds, needed = _arguments(handler)
    if not needed <= payload.keys() <= kinds.keys():
        raise Invalid(NOT_UNDERSTOOD)
    if not all(_fits(value, kinds[name]) for name, value in payload.items()):
        raise Invalid(NOT_UNDERSTOOD)


def chosen(kind: Callable[[Any], E], value: str | list[str]) -> E:
    """The one of ``kind``, enumeration or look-up, that a control names. Raises Invalid for what no control has."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid(NOT_UNDERSTOOD) from None


def check_values(value: Any, *, longest: int = LARGEST_EVENT) -> None:
    """Raise Invalid for what is too large, too deep, or no value that JSON and a database know."""
    characters, count = 0, 0
    waiting = [(value, 0)]
    while waiting:
        found, depth = waiting.pop()
        count += 1
        if isinstance(found, str):
            characters += len(found)
            if len(found) > longest:
                raise Invalid(TOO_LONG)
            _check_text(found)
        elif isinstance(found, dict | list):
            if isinstance(found, dict):
                waiting.extend((name, depth) for name in found)
            waiting.extend((part, depth + 1) for part in (found.values() if isinstance(found, dict) else found))
        elif not _is_plain(found):
            raise Invalid(NOT_UNDERSTOOD)
        if characters > LARGEST_EVENT:
            raise Invalid(TOO_LONG)
        if count + len(waiting) > MOST_VALUES or depth > DEEPEST:
            raise Invalid(NOT_UNDERSTOOD)


def _check_text(text: str) -> None:
    if "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise Invalid(NOT_UNDERSTOOD)


def _is_plain(value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER


@functools.lru_cache(maxsize=1024)
def _arguments(handler: Callable[..., Any]) -> tuple[Mapping[str, Any], frozenset[str]]:
    """The kinds of a handler's arguments by name, and the names that must be there."""
    hints = typing.get_type_hints(handler)
    arguments = list(inspect.signature(handler).parameters.values())[1:]
    needed = frozenset(argument.name for argument in arguments if argument.default is inspect.Parameter.empty)
    return {argument.name: hints.get(argument.name, Any) for argument in arguments}, needed


def _fits(value: Any, kind: Any) -> bool:
    """Whether the value is of the kind. Reflex turns texts into numbers where a number is asked for."""
    if kind is Any:
        return True
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return any(_fits(value, part) for part in parts)
    if origin in {list, set, tuple}:
        return isinstance(value, list) and all(_fits(part, parts[0]) for part in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(part, parts[1]) for part in value.values())
    if kind is int:
        return (isinstance(value, int) and not isinstance(value, bool)) or _reads_as(value, int)
    if kind is float:
        return (isinstance(value, int | float) and not isinstance(value, bool)) or _reads_as(value, float)
    return isinstance(kind, type) and isinstance(value, kind)


def _reads_as(value: Any, kind: type[int] | type[float]) -> bool:
    if not isinstance(value, str) or len(value) > 24:
        return False
    try:
        return _is_plain(kind(value))
    except ValueError:
        return False
