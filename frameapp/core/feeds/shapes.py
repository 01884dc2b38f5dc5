"""What a feed's products look like, learned while reading, since an export writes them all alike.

A shape is a sequence of elements, some of them optional, as one regular expression that matches a whole product from
its opening to its closing tag. So a product is read by one match instead of element by element.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from frameapp.core.feeds.compose import joined
from frameapp.core.feeds.entry import Entry
from frameapp.core.feeds.fields import ADDITIONAL, IMAGE_LINK
from frameapp.core.feeds.links import absolute, is_ready, several
from frameapp.core.feeds.possessive import MAYBE

_new = tuple.__new__  # what Entry(...) comes to, without a call in between
_SEEN_BEFORE_LEARNING = 3
_MOST_OUTLINES = 2_000
_MOST_LEARNED = 60
_MOST_SLOTS = 120
_MOST_SHAPES = 4


class Field(NamedTuple):
    """What one group of a shape's expression captures."""

    key: str
    google: bool
    read: Callable[[str], str]
    always: bool = False
    """Whether ``read`` is called for texts without references too."""
    cdata: bool = False


class Slot(NamedTuple):
    """One element of a shape: its expression has a group for each field. Slots of the same ``sign`` are the same."""

    sign: str
    pattern: str
    fields: tuple[Field, ...]
    optional: bool = False


class Shape:
    """The products that are these elements, in this order, the optional ones or not."""

    def __init__(self, name: str, opening: str, slots: list[Slot]) -> None:
        self.name, self.opening, self.slots = name, opening, slots
        inner = "".join(f"(?:{slot.pattern}){MAYBE}" if slot.optional else slot.pattern for slot in slots)
        self.match = re.compile(rf"\s*+{opening}{inner}\s*+</{re.escape(name)}>").match
        fields = [field for slot in slots for field in slot.fields]
        numbers: dict[str, list[int]] = {}
        for number, field in enumerate(fields):
            numbers.setdefault(field.key, []).append(number)
        self._keys = [field.key for field in fields]
        self._google = [field.google for field in fields]
        self._reads = [field.read for field in fields]
        optional = [slot.optional for slot in slots for _ in slot.fields]
        self._optional = [(number + 1, field.key) for number, field in enumerate(fields) if optional[number]]
        self._always = [(number, field.read) for number, field in enumerate(fields) if field.always]
        self._additional = numbers.pop(ADDITIONAL, [])
        self._repeated = [(key, found) for key, found in numbers.items() if len(found) > 1]
        self._careful = bool(self._repeated or self._always or len(self._additional) > 1)
        self._links = [(number, fields[number].cdata) for number in numbers.get(IMAGE_LINK, [])]

    def entry(self, match: re.Match[str], position: int, base: str) -> Entry:
        """The product that ``match`` found."""
        if self._careful:
            data, values = self._with_repeated(match)
        else:
            values = [
                read(value).strip() if "&" in value else value.strip()
                for value, read in zip(match.groups(""), self._reads)  # noqa: B905
            ]
            data = dict(zip(self._keys, values))  # noqa: B905
            for number, key in self._optional:
                if match.start(number) < 0:
                    del data[key]
        more = self._more(data, values, base) if self._additional and ADDITIONAL in data else ()
        link = data.get(IMAGE_LINK, "")
        image_link = link if is_ready(link) else absolute(link, base)
        return _new(Entry, (data.get("id", ""), image_link, more, data.get("title", ""), data, position))

    def spans(self, match: re.Match[str]) -> tuple[tuple[int, int], ...]:
        """Where the image links' contents stand, a CDATA section's brackets included."""
        found: list[tuple[int, int]] = []
        for number, cdata in self._links:
            text = match[number + 1]
            if text and text.strip():
                start, end = match.span(number + 1)
                found.append((start - 9, end + 3) if cdata else (start, end))
        return tuple(found)

    def _with_repeated(self, match: re.Match[str]) -> tuple[dict[str, str], list[str]]:
        """The fields where some are read whatever they hold, or come several times."""
        groups = match.groups()
        values = [
            value and (read(value).strip() if "&" in value else value.strip())
            for value, read in zip(groups, self._reads)  # noqa: B905
        ]
        data = {key: value for key, value in zip(self._keys, values) if value is not None}  # noqa: B905
        for number, read in self._always:
            if groups[number] is not None:
                data[self._keys[number]] = values[number] = read(groups[number])
        for key, numbers in self._repeated:
            present = [(self._google[number], values[number]) for number in numbers if values[number] is not None]
            if present:
                data[key] = joined(key, present)
        return data, values

    def _more(self, data: dict[str, str], values: list[str], base: str) -> tuple[str, ...]:
        listed = [value for number in self._additional if (value := values[number])]
        data[ADDITIONAL] = ",".join(listed)
        more: tuple[str, ...] = ()
        for value in listed:
            more += (value,) if "," not in value and is_ready(value) else several(value, base)
        return more


class Shapes:
    """The shapes of a feed, the latest met first."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._outlines: dict[tuple[str, ...], int] = {}
        self._learned = 0

    def match(self, text: str, at: int) -> tuple[Shape, re.Match[str]] | None:
        """The shape of the product that begins at ``at``, if it is known."""
        for number, shape in enumerate(self._shapes):
            match = shape.match(text, at)
            if match:
                if number:
                    self._shapes.insert(0, self._shapes.pop(number))
                return shape, match
        return None

    @property
    def full(self) -> bool:
        """Whether products differ so much that no more are learned."""
        return self._learned >= _MOST_LEARNED or len(self._outlines) >= _MOST_OUTLINES

    def wanted(self, outline: tuple[str, ...]) -> bool:
        """Whether a product of that outline came often enough to be learned now."""
        count = self._outlines[outline] = self._outlines.get(outline, 0) + 1
        return count == _SEEN_BEFORE_LEARNING

    def learn(self, name: str, opening: str, slots: list[Slot]) -> None:
        """Widens a shape so that it matches these slots too, or keeps them as a shape of their own."""
        self._learned += 1
        for number, shape in enumerate(self._shapes):
            if (shape.name, shape.opening) == (name, opening):
                both = merged(shape.slots, slots)
                if len(both) <= _MOST_SLOTS:
                    del self._shapes[number]
                    slots = both
                    break
        self._shapes.insert(0, Shape(name, opening, slots))
        del self._shapes[_MOST_SHAPES:]

    def clear(self) -> None:
        """Forgets all, since names mean something else now."""
        self._shapes.clear()
        self._outlines.clear()


def merged(known: list[Slot], new: list[Slot]) -> list[Slot]:
    """Slots that match both sequences: what only one of them has is optional."""
    result: list[Slot] = []
    at = 0
    for slot in new:
        signs = [other.sign for other in known[at:]]
        if slot.sign in signs:
            found = at + signs.index(slot.sign)
            result += (other._replace(optional=True) for other in known[at:found])
            result.append(known[found])
            at = found + 1
        else:
            result.append(slot._replace(optional=True))
    result += (other._replace(optional=True) for other in known[at:])
    return result
