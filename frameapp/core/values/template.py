"""The template text: ``Now {sale_price | money}`` becomes parts, or an error that says where and why.

``{field}`` or ``{field | filter | filter: argument, argument}``. An argument is a word, or a text in quotes, which may
hold commas, bars and braces. ``{{`` and ``}}`` are braces. Nothing in it runs: parts name filters of ``FILTERS``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from frameapp.core.feeds.fields import spelled
from frameapp.core.values.cleaning import TEXT_LIMIT, clean_line_by_line
from frameapp.core.values.fields import COMPUTED
from frameapp.core.values.filters import FILTERS, Arguments, Filter
from frameapp.core.values.nearest import meant, nearest, shown
from frameapp.errors import Invalid

_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“"}
_LITERAL = re.compile(r"[^{}]+")
_NAME = re.compile(r"[^|{}]*")
_FILTER = re.compile(r"\s*([^|{}:,\s]*)\s*")
_WORD = re.compile(r"[^,|{}]*")
_SPACE = re.compile(r"\s*")


class TemplateError(Invalid):
    """A template text is refused.

    ``position`` counts its characters from 0. Where a name does not exist, ``nearest`` has those that
    do, the likest first.
    """

    def __init__(self, message: str, position: int, *, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message, field="text")
        self.position = position
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter's name with its arguments, read."""

    name: str
    arguments: Arguments = ()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A field of the product and the filters that its value goes through."""

    field: str
    filters: tuple[Applied, ...] = ()

    @property
    def has_default(self) -> bool:
        """Whether something stands in its place where the product has nothing."""
        return any(applied.name == "default" for applied in self.filters)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template text: fixed texts and placeholders in turn. ``text`` is what it was parsed from."""

    text: str
    parts: tuple[str | Placeholder, ...]

    def fields(self) -> tuple[str, ...]:
        """The fields that it uses, each once, in its order."""
        return tuple(dict.fromkeys(part.field for part in self.parts if isinstance(part, Placeholder)))


def parse_template(text: str, fields: Collection[str] | None = None) -> Template:
    """The template of a text. Raises TemplateError. ``fields`` are the feed's, to which computed ones are added.

    Without ``fields`` any name is one, and a text that was parsed lately is not parsed again.
    """
    if len(text) > TEXT_LIMIT:
        raise TemplateError(f"The text is longer than {TEXT_LIMIT:,} characters. Shorten it.", TEXT_LIMIT)
    return _parsed(text) if fields is None else Template(text, _Parser(text, {*fields, *COMPUTED}).parts())


@lru_cache(maxsize=256)
def _parsed(text: str) -> Template:
    return Template(text, _Parser(text, None).parts())


class _Parser:
    """Reads a text from left to right; ``_at`` is the next character."""

    def __init__(self, text: str, fields: set[str] | None) -> None:
        self._text = text
        self._fields = fields
        self._at = 0

    def parts(self) -> tuple[str | Placeholder, ...]:
        found: list[str | Placeholder] = []
        literal = ""
        while self._at < len(self._text):
            if self._text.startswith(("{{", "}}"), self._at):
                literal += self._text[self._at]
                self._at += 2
            elif match := _LITERAL.match(self._text, self._at):
                literal += match[0]
                self._at = match.end()
            else:
                found += [clean_line_by_line(literal), self._placeholder()]
                literal = ""
        return tuple(part for part in (*found, clean_line_by_line(literal)) if part)

    def _placeholder(self) -> Placeholder:
        start = self._at
        if self._text[start] == "}":
            raise TemplateError("This closing brace has no opening brace. Write }} for a brace in the text.", start)
        self._at += 1
        field = self._field()
        filters = []
        while self._next() == "|":
            self._at += 1
            filters.append(self._filter())
        if self._next() != "}":
            raise self._unclosed(start)
        self._at += 1
        return Placeholder(field, tuple(filters))

    def _field(self) -> str:
        start, written = self._at, self._take(_NAME)
        name = written.strip()
        plain = spelled(name)
        if not plain and self._next() in ("|", "}"):
            raise TemplateError("There is no field between these braces. Write one, such as {title}.", start)
        if self._next() not in ("|", "}") or self._fields is None:
            return plain
        if name in self._fields or plain in self._fields:
            return name if name in self._fields else plain
        ordered = nearest(plain, self._fields)
        said = f"The feed has no field “{shown(name)}”.{meant(plain, ordered)}"
        raise TemplateError(said, start + len(written) - len(written.lstrip()), nearest=tuple(ordered))

    def _filter(self) -> Applied:
        self._next()
        start, name = self._at, self._take(_FILTER).strip()
        if not self._next():
            raise self._unclosed(self._text.rindex("{", 0, start))
        known = FILTERS.get(name)
        if known is None:
            ordered = nearest(name, FILTERS)
            said = f"There is no filter “{shown(name)}”.{meant(name, ordered)} The filters are {', '.join(FILTERS)}."
            raise TemplateError(said, start, nearest=tuple(ordered))
        written = self._arguments() if self._next() == ":" else []
        return Applied(name, _read(known, written, start))

    def _arguments(self) -> list[tuple[int, str]]:
        """The arguments behind a colon, with their positions."""
        found: list[tuple[int, str]] = []
        while not found or self._next() == ",":
            self._at += 1
            self._next()
            found.append((self._at, self._quoted() if self._next() in _QUOTES else self._take(_WORD).strip()))
        return found

    def _quoted(self) -> str:
        start = self._at
        end = self._text.find(_QUOTES[self._text[start]], start + 1)
        if end < 0:
            raise TemplateError("This quotation mark is never closed.", start)
        self._at = end + 1
        if self._next() not in ("", ",", "|", "}"):
            raise TemplateError("Expected a comma, a bar or a closing brace after the quoted text.", self._at)
        return clean_line_by_line(self._text[start + 1 : end])

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match is not None  # noqa: S101 - every one of these patterns matches nothing, too
        self._at = match.end()
        return match[0]

    def _next(self) -> str:
        """The next character that is no space, empty at the end; the spaces are behind it."""
        self._take(_SPACE)
        return self._text[self._at : self._at + 1]

    def _unclosed(self, start: int) -> TemplateError:
        if self._next() in ("", "{"):
            return TemplateError("This brace is never closed. Write {{ for a brace in the text.", start)
        return TemplateError(f"“{self._next()}” is not expected here.", self._at)


def _read(known: Filter, written: list[tuple[int, str]], start: int) -> Arguments:
    """The arguments as the filter wants them."""
    required = sum(argument.required for argument in known.arguments)
    if not known.arguments and written:
        raise TemplateError(f"The filter “{known.name}” takes no arguments.", written[0][0])
    if len(written) > len(known.arguments):
        raise TemplateError(
            f"The filter “{known.name}” takes at most {_times(len(known.arguments))}, as in “{known.example}”.",
            written[len(known.arguments)][0],
        )
    if len(written) < required:
        needed = " and ".join(argument.needed for argument in known.arguments if argument.required)
        raise TemplateError(f"The filter “{known.name}” needs {needed}, as in “{known.example}”.", start)
    read = []
    for argument, (position, text) in zip(known.arguments, written, strict=False):
        try:
            read.append(argument.read(text))
        except ValueError:
            said = f"The filter “{known.name}” takes {argument.needed}, not “{shown(text)}”."
            raise TemplateError(said, position) from None
    return tuple(read)


def _times(count: int) -> str:
    return "one argument" if count == 1 else f"{count} arguments"
