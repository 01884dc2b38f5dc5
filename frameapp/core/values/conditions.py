"""Conditions: when a layer is seen, or which products a frame takes.

A condition is a ``Group``: all or any of its members. It is a value, which ``condition_json.py`` reads and writes. The
clock is an argument.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Protocol

from frameapp.core.values.context import Context, Product
from frameapp.core.values.fields import AVAILABILITY, SALE_FIELDS, prices_of, source_of, text_in, value_of
from frameapp.core.values.money import Value
from frameapp.core.values.operators import KINDS, OPERATORS, Operator, Takes, folded
from frameapp.core.values.warning import ValueWarning, WarningKind, warning
from frameapp.core.values.writing import as_text

#: Availabilities that count as in stock, without spaces and underscores, in lower case.
_IN_STOCK = {"instock", "limitedavailability", "lowstock", "instoreonly", "onlineonly", "available", "yes", "true", "1"}
_GAPS = str.maketrans("", "", " _-")
_SCHEMA = ("https://schema.org/", "http://schema.org/")


class Member(Protocol):
    """A member of a group: something that holds for a product in a context, or does not."""

    def holds(self, product: Product, context: Context, warnings: list[ValueWarning]) -> bool:
        """Whether it holds. Adds what was odd about the product's values to ``warnings``."""

    def fields(self) -> tuple[str, ...]:
        """The fields that it looks at."""

    def moments(self, zone: tzinfo) -> tuple[datetime, ...]:
        """The moments (UTC) at which its answer may change by itself."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``field operator value``. ``kind``, a name in ``KINDS``, is what both are read as; ``values`` are the wanted."""

    field: str
    operator: str
    values: tuple[str, ...] = ()
    kind: str = "text"

    def holds(self, product: Product, context: Context, warnings: list[ValueWarning]) -> bool:
        """Whether the field compares so. A value that cannot be read as this kind never does."""
        value = value_of(product, self.field, context, warnings)
        found: tuple[Value, ...] = value if isinstance(value, tuple) else (() if value == "" else (value,))
        operator = OPERATORS[self.operator]
        if operator.takes is Takes.NONE:
            return operator.compare(found, None)
        return any(self._compares(operator, one, context, warnings) for one in found) is not operator.negated

    def _compares(self, operator: Operator, found: Value, context: Context, warnings: list[ValueWarning]) -> bool:
        if operator.takes is Takes.MANY:
            return operator.compare(folded(as_text(found, context.locale)), _folded(self.values))
        pair = KINDS[self.kind].pair(found, self.values[0], context)
        if isinstance(pair, WarningKind):
            warnings.append(warning(pair, source_of(self.field), as_text(found, context.locale)))
            return False
        return operator.compare(*pair)

    def fields(self) -> tuple[str, ...]:
        """The field."""
        return (self.field,)

    def moments(self, zone: tzinfo) -> tuple[datetime, ...]:
        """None: what depends on a product's own dates is in ``next_sale_moment``."""
        return ()


@dataclass(frozen=True, slots=True)
class OnSale:
    """Whether the product has a lower sale price that holds now (``wanted``), or has none."""

    wanted: bool = True

    def holds(self, product: Product, context: Context, warnings: list[ValueWarning]) -> bool:
        """Whether it is on sale, as wanted."""
        prices = prices_of(product, context)
        warnings.extend(prices.warnings)
        return prices.on_sale is self.wanted

    def fields(self) -> tuple[str, ...]:
        """Prices and the sale's dates."""
        return SALE_FIELDS

    def moments(self, zone: tzinfo) -> tuple[datetime, ...]:
        """None, as ``Comparison.moments``."""
        return ()


@dataclass(frozen=True, slots=True)
class InStock:
    """Whether the product can be bought and sent now (``wanted``), or not. Without an availability it cannot."""

    wanted: bool = True

    def holds(self, product: Product, context: Context, warnings: list[ValueWarning]) -> bool:
        """Whether it is in stock, as wanted."""
        text = text_in(product, AVAILABILITY, warnings).casefold()
        for prefix in _SCHEMA:
            text = text.removeprefix(prefix)
        return (text.translate(_GAPS) in _IN_STOCK) is self.wanted

    def fields(self) -> tuple[str, ...]:
        """The availability."""
        return (AVAILABILITY,)

    def moments(self, zone: tzinfo) -> tuple[datetime, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` until before ``end``, moments of the frame's time zone (naive); either may be missing.

    A moment that a clock skips or has twice is the one before the clock is changed.
    """

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, product: Product, context: Context, warnings: list[ValueWarning]) -> bool:
        """Whether the context's moment is within."""
        now = context.now.astimezone(UTC)
        started = self.start is None or _in_utc(self.start, context.zone) <= now
        return started and (self.end is None or now < _in_utc(self.end, context.zone))

    def fields(self) -> tuple[str, ...]:
        """None."""
        return ()

    def moments(self, zone: tzinfo) -> tuple[datetime, ...]:
        """Both ends."""
        return tuple(_in_utc(moment, zone) for moment in (self.start, self.end) if moment)


@dataclass(frozen=True, slots=True)
class Group:
    """All of its members (``every``), or any."""

    every: bool
    members: tuple[Member, ...]

    def holds(self, product: Product, context: Context, warnings: list[ValueWarning]) -> bool:
        """Whether all or any of the members hold; the rest is not looked at once that is clear."""
        results = (member.holds(product, context, warnings) for member in self.members)
        return all(results) if self.every else any(results)

    def fields(self) -> tuple[str, ...]:
        """The fields of all members, each once."""
        return tuple(dict.fromkeys(field for member in self.members for field in member.fields()))

    def moments(self, zone: tzinfo) -> tuple[datetime, ...]:
        """The moments of all members."""
        return tuple(moment for member in self.members for moment in member.moments(zone))


def holds(condition: Group, product: Product, context: Context, *, warnings: list[ValueWarning] | None = None) -> bool:
    """Whether the condition holds for the product at ``context.now``. ``warnings`` takes what was odd, once."""
    odd: list[ValueWarning] = []
    held = condition.holds(product, context, odd)
    if warnings is not None:
        warnings.extend(each for each in dict.fromkeys(odd) if each not in warnings)
    return held


def next_moment(condition: Group, after: datetime, zone: tzinfo) -> datetime | None:
    """The first moment (UTC) after ``after`` at which a date may turn the condition on or off; None where none will.

    What a product's own sale dates turn is ``next_sale_moment``, for conditions and texts whose ``inputs`` have them.
    """
    return min((moment for moment in condition.moments(zone) if moment > after), default=None)


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    return moment.replace(tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _folded(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(folded, values))
