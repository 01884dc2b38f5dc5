"""Conditions as plain JSON values, and back, with errors that say where.

``{"all": [...]}`` or ``{"any": [...]}``; its members are

- ``{"field": "price_now", "operator": "<", "type": "money", "value": "50 EUR"}`` (``type`` is text where it is missing;
  ``value`` is a list for ``is one of`` and missing for ``is empty``),
- ``{"on_sale": true}`` and ``{"in_stock": true}``, or false,
- ``{"from": "2026-11-27T09:00", "until": "2026-12-01T00:00"}``, one of them or both, in the frame's time zone,
- another ``all`` or ``any``, whose members are none.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from frameapp.core.values.conditions import Comparison, Group, InStock, Member, OnSale, Window
from frameapp.core.values.dates import is_day
from frameapp.core.values.fields import COMPUTED
from frameapp.core.values.nearest import meant, nearest, shown
from frameapp.core.values.operators import KINDS, OPERATORS, Operator, Takes
from frameapp.errors import Invalid

_MOST_MEMBERS = 100
_MOST_VALUES = 1_000
_LONGEST = 1_000  # characters of a value
_YEARS = range(1970, 9999)


class ConditionError(Invalid):
    """A condition is refused. ``path`` says where, as ``all[1].value``; ``sentence`` is the message without it.

    Where a name does not exist, ``nearest`` has those that do, the likest first.
    """

    def __init__(self, sentence: str, path: str, *, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence, field="when")
        self.sentence = sentence
        self.path = path
        self.nearest = nearest


def parse_condition(data: object, fields: Collection[str] | None = None) -> Group:
    """The condition of JSON values. Raises ConditionError. ``fields`` are the feed's; computed ones are added."""
    reader = _Reader(None if fields is None else {*fields, *COMPUTED})
    return reader.group(_mapping(data, ""), "", depth=0)


def condition_to_json(condition: Group) -> dict[str, Any]:
    """The JSON values of which ``parse_condition`` makes the same condition."""
    return {"all" if condition.every else "any": [_member_to_json(member) for member in condition.members]}


def _member_to_json(member: Member) -> dict[str, Any]:
    match member:
        case Group():
            return condition_to_json(member)
        case Window(start, end):
            return {key: at.isoformat() for key, at in (("from", start), ("until", end)) if at}
        case OnSale(wanted):
            return {"on_sale": wanted}
        case InStock(wanted):
            return {"in_stock": wanted}
        case Comparison(field, operator, values, kind):
            takes = OPERATORS[operator].takes
            data: dict[str, Any] = {"field": field, "operator": operator}
            if takes is not Takes.NONE:
                data |= {"type": kind, "value": values[0] if takes is Takes.ONE else list(values)}
            return data
    raise TypeError(member)


class _Reader:
    """Reads one condition and counts its members."""

    def __init__(self, fields: set[str] | None) -> None:
        self._fields = fields
        self._left = _MOST_MEMBERS

    def group(self, data: dict[str, Any], path: str, *, depth: int) -> Group:
        key = next((key for key in ("all", "any") if key in data), "")
        if not key:
            raise ConditionError("Write “all” or “any” with a list of conditions.", path)
        _only(data, path, key)
        members, path = data[key], f"{path}.{key}" if path else key
        if not isinstance(members, list) or not members:
            raise ConditionError("Add at least one condition to this list.", path)
        read = [self._member(_mapping(member, at), at, depth) for member, at in _numbered(members, path)]
        return Group(key == "all", tuple(read))

    def _member(self, data: dict[str, Any], path: str, depth: int) -> Member:
        self._left -= 1
        if self._left < 0:
            raise ConditionError(f"There are more than {_MOST_MEMBERS} conditions. Remove some.", path)
        if "all" in data or "any" in data:
            if depth:
                raise ConditionError("Groups can be nested only once.", path)
            return self.group(data, path, depth=depth + 1)
        if "field" in data:
            return self._comparison(data, path)
        for key, kind in _FACTS.items():
            if key in data:
                _only(data, path, key)
                return kind(_truth(data[key], f"{path}.{key}"))
        return _window(data, path)

    def _comparison(self, data: dict[str, Any], path: str) -> Comparison:
        field = self._field(data["field"], f"{path}.field")
        operator = OPERATORS[_one_of(data.get("operator"), OPERATORS, "operator", path)]
        if operator.takes is Takes.NONE:
            _only(data, path, "field", "operator")
            return Comparison(field, operator.name)
        _only(data, path, "field", "operator", "type", "value")
        kind = _one_of(data.get("type", "text"), KINDS, "type", path)
        if kind not in operator.kinds:
            said = f"“{operator.name}” compares {_listed(operator.kinds)}, not {kind}."
            raise ConditionError(said, f"{path}.type")
        return Comparison(field, operator.name, _values(data, operator, kind, f"{path}.value"), kind)

    def _field(self, name: object, path: str) -> str:
        if not isinstance(name, str) or not name:
            raise ConditionError("Choose a field.", path)
        if self._fields is not None and name not in self._fields:
            ordered = nearest(name, self._fields)
            said = f"The feed has no field “{shown(name)}”.{meant(name, ordered)}"
            raise ConditionError(said, path, nearest=tuple(ordered))
        return name


_FACTS: dict[str, Callable[[bool], Member]] = {"on_sale": OnSale, "in_stock": InStock}


def _values(data: dict[str, Any], operator: Operator, kind: str, path: str) -> tuple[str, ...]:
    value = data.get("value", "")
    if operator.takes is Takes.ONE:
        return (_value(value, kind, path),)
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_VALUES:
        raise ConditionError(f"Write a list of 1 to {_MOST_VALUES:,} texts.", path)
    return tuple(_value(one, kind, at) for one, at in _numbered(value, path))


def _value(value: object, kind: str, path: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _LONGEST or not KINDS[kind].accepts(value):
        said = f"Write {KINDS[kind].needed}."
        raise ConditionError(said, path)
    return value


def _window(data: dict[str, Any], path: str) -> Window:
    _only(data, path, "from", "until")
    if not data:
        raise ConditionError("This condition is empty.", path)
    start, end = (_moment(data[key], f"{path}.{key}") if key in data else None for key in ("from", "until"))
    if start and end and start >= end:
        raise ConditionError("The end must be later than the beginning.", f"{path}.until")
    return Window(start, end)


def _moment(value: object, path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and not is_day(value) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo or moment.year not in _YEARS:
        raise ConditionError("Write a date with a time and without a zone, such as 2026-11-27T09:00.", path)
    return moment


def _one_of(name: object, known: Collection[str], what: str, path: str) -> str:
    if isinstance(name, str) and name in known:
        return name
    ordered = nearest(name, known) if isinstance(name, str) else list(known)
    said = f"There is no {what} “{shown(str(name))}”. Choose one of: {', '.join(known)}."
    raise ConditionError(said, f"{path}.{what}", nearest=tuple(ordered))


def _truth(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise ConditionError("Write true or false.", path)
    return value


def _mapping(data: object, path: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ConditionError('This is not a condition. Write an object, such as {"on_sale": true}.', path)
    return data


def _only(data: dict[str, Any], path: str, *known: str) -> None:
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None:
        raise ConditionError(f"“{shown(str(unknown))}” is not expected here.", path)


def _numbered(items: list[Any], path: str) -> list[tuple[Any, str]]:
    return [(item, f"{path}[{number}]") for number, item in enumerate(items)]


def _listed(names: Collection[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
