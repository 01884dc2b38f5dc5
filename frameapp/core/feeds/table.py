"""CSV and TSV, streaming: ``csv.reader`` reads the values, and the lines that it took tell where they stood."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from frameapp.core.feeds.encoding import Decoder, mend
from frameapp.core.feeds.entry import Entry, Located, Piece
from frameapp.core.feeds.fields import IDENTIFIERS, IMAGE_LINK, KNOWN, columns, spelled
from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.links import absolute, is_ready, several
from frameapp.core.feeds.nothing import NoEntries
from frameapp.core.feeds.possessive import ANY
from frameapp.core.feeds.text import has_references, plain
from frameapp.errors import FeedError

_DELIMITERS = "\t,;|"
_HEADER_ROWS = 5
_OTHER_SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_ADDITIONAL = re.compile(r"additional_image_link(?:_\d+|\[\d+\])?").fullmatch


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table separates and quotes; ``quote`` is empty where quotation marks mean nothing."""

    delimiter: str
    quote: str
    header_row: int
    """How many rows come before the header, blank ones aside."""
    spaced: bool = False
    """Whether spaces may come before a quotation mark."""

    def options(self) -> dict[str, Any]:
        """The keywords of ``csv.reader``."""
        if not self.quote:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE}
        return {"delimiter": self.delimiter, "quotechar": self.quote, "skipinitialspace": self.spaced}


def sniff(sample: str, *, whole: bool) -> Dialect:
    """The dialect of a table whose beginning is ``sample``. Raises FeedError where no header is found.

    The delimiter is the one whose header has most names that we know, the quotation mark the one that none of them
    begins with.
    """
    lines = _lines(sample.lstrip("\ufeff"))
    if len(lines) > 1 and not whole:
        lines.pop()
    best: tuple[int, int, int, Dialect] | None = None
    for delimiter in _DELIMITERS:
        for quote, spaced in (('"', False), ("'", False), ('"', True)):
            if spaced and not _spaced_quotes(delimiter, lines):
                continue
            dialect = Dialect(delimiter, quote, 0, spaced)
            rows = _first_rows(dialect, lines)
            for number, row in enumerate(rows):
                score = len({spelled(cell) for cell in row} & KNOWN)
                bare = sum(not cell.lstrip().startswith(("'", '"')) for cell in row) + spaced
                if score and (best is None or (score, len(row), bare) > best[:3]):
                    best = (score, len(row), bare, Dialect(delimiter, quote, number, spaced))
    if best is None:
        raise FeedError(
            "This is neither XML nor a table with named columns. A feed in CSV or TSV begins with a line of names, "
            "among them id and image_link."
        )
    dialect = best[3]
    if _stray_quotes(dialect, lines, best[1], whole=whole):
        return Dialect(dialect.delimiter, "", dialect.header_row)
    return dialect


def _first_rows(dialect: Dialect, lines: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, **dialect.options()):
            if row:
                rows.append(row)
            if len(rows) == _HEADER_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _spaced_quotes(delimiter: str, lines: list[str]) -> bool:
    """Whether fields begin with spaces and a quotation mark, and none with the mark alone but the first of a line."""
    spaced = re.compile(rf"""{re.escape(delimiter)} ++"(?!")""")
    return any(map(spaced.search, lines)) and not any(f'{delimiter}"' in line for line in lines)


def _stray_quotes(dialect: Dialect, lines: list[str], width: int, *, whole: bool) -> bool:
    """Whether quotation marks are part of the text, told by which way more rows have the header's width.

    A record that may go on after the sample tells nothing.
    """
    quote = dialect.quote
    written = [text for line in lines if (text := line.rstrip("\r\n"))]
    cells = [text.split(dialect.delimiter) for text in written[dialect.header_row :]]
    if dialect.spaced:
        cells = [[cell.lstrip(" ") for cell in row] for row in cells]
    uneven = sum(len(row) != width for row in cells)
    if not uneven:
        told = cells if whole else cells[:-1]
        return any(_half_quoted(cell, quote) for row in told for cell in row if cell.startswith(quote))
    try:
        quoted = [row for row in csv.reader(lines, **dialect.options()) if row][dialect.header_row :]
    except csv.Error:
        return True
    return uneven < sum(len(row) != width for row in (quoted if whole else quoted[:-1]))


def _half_quoted(cell: str, quote: str) -> bool:
    return len(cell) < 2 or not cell.endswith(quote)


class Table:
    """The products of a CSV or TSV feed, from text that comes in blocks."""

    def __init__(
        self, texts: Iterator[str], decoder: Decoder, dialect: Dialect, base_url: str, limits: FeedLimits
    ) -> None:
        self.ragged = 0
        self.swallowed = 0
        self.swallowed_at = 0
        self.columns: list[str] = []
        self._texts = texts
        self._decoder = decoder
        self._dialect = dialect
        self._base = base_url
        self._limits = limits
        self._row: list[str] = []
        self._link_at = -1
        self._short_at = -1
        self._unclean = True
        self._ends_open = False
        self._keep = False
        self._lines: list[str] = []
        self._before = 0
        self._record = (0, 0)
        self._characters = 0
        self._located: list[Located] = []
        self._done: list[Piece] = []
        self._cell = _cell_pattern(dialect)
        csv.field_size_limit(max(csv.field_size_limit(), limits.value))

    def pieces(self) -> Iterator[Piece]:
        """The whole text with the products located in it. Raises FeedError."""
        self._keep = True
        for entry in self.entries():
            if self._done:
                yield from self._done
                self._done.clear()
            first, raw = self._take()
            spans = (self._span(first, raw, self._row[self._link_at]),) if entry.image_link else ()
            self._located.append(Located(entry, spans))
        self._hand_out(len(self._lines))
        yield from self._done

    def replaced(self, content: str, link: str) -> str:
        """A cell with ``link`` in place of its text; its quoting and the space around it stay."""
        quote, delimiter = self._dialect.quote, self._dialect.delimiter
        quoted = bool(quote) and len(content) > 1 and content.startswith(quote)
        inner = content[1:-1] if quoted and content.endswith(quote) else content
        old = inner.strip()
        at = inner.find(old)
        before, after = inner[:at], inner[at + len(old) :]
        if quoted or (quote and any(character in link for character in (delimiter, quote, "\r", "\n"))):
            return f"{quote}{before}{link.replace(quote, quote * 2)}{after}{quote}"
        if not quote:
            link = link.replace(delimiter, quote_character(delimiter))
        return f"{before}{link}{after}"

    def entries(self) -> Iterator[Entry]:
        """The products in order. Raises FeedError."""
        reader = self._reader = csv.reader(chain.from_iterable(self._line_blocks()), **self._dialect.options())
        strip, base, position, most, line = str.strip, self._base, 0, self._limits.entries, 0
        new = tuple.__new__  # what Entry(...) comes to, without a call in between
        try:
            names = self._header(reader)
            width, more_at = len(names), [name for name in names if _ADDITIONAL(name)]
            line = reader.line_num
            for row in reader:
                if (now := reader.line_num) != line + 1:
                    self._look_for_rows(row, line + 1)
                line = now
                if len(row) != width and not (row and (row := self._even(row, width))):
                    self._pass_over()
                    continue
                self._row = row
                data = dict(zip(names, map(strip, row)))  # noqa: B905
                if self._unclean:
                    self._clean(data)
                product_id, link = data.get("id", ""), data.get(IMAGE_LINK, "")
                if not product_id and not link and not any(data.values()):
                    self._pass_over()
                    continue
                more: tuple[str, ...] = ()
                for name in more_at:
                    if value := data[name]:
                        more += (value,) if "," not in value and is_ready(value) else several(value, base)
                image_link = link if is_ready(link) else absolute(link, base)
                yield new(Entry, (product_id, image_link, more, data.get("title", ""), data, position))
                position += 1
                if position > most:
                    raise FeedError(f"The feed has more than {most:,} products. Split it into several feeds.")
        except csv.Error as error:
            raise FeedError(
                f"A field near line {reader.line_num:,} of the feed is longer than {self._limits.value:,} characters; "
                "most likely a quotation mark before it is never closed."
            ) from error
        if not position:
            raise NoEntries

    @property
    def may_be_cut(self) -> bool:
        """Whether the last line alone lacks fields, and its end; known after the last entry."""
        return self._ends_open and self.ragged == 1 and self._short_at == self._reader.line_num

    def _even(self, row: list[str], width: int) -> list[str]:
        """A row of another length than the header's, cut or filled; empty where it is blank."""
        if not any(map(str.strip, row)):
            return []
        if len(row) < width:
            self._short_at = self._reader.line_num
        self.ragged += 1
        return (row + [""] * width)[:width]

    def _look_for_rows(self, row: list[str], line: int) -> None:
        """Counts the lines within a record that look like products, which an open quotation mark made a part of it."""
        if not self._dialect.quote or self._link_at < 0:
            return
        width, delimiter = len(self.columns), self._dialect.delimiter
        found = 0
        for cell in row:
            for text in cell.splitlines()[1:] if "\n" in cell or "\r" in cell else ():
                cells = text.split(delimiter)
                found += len(cells) >= width and cells[self._link_at].startswith(("http://", "https://"))
        if found:
            self.swallowed_at = self.swallowed_at or line
            self.swallowed += found

    def _clean(self, data: dict[str, str]) -> None:
        for name, value in data.items():
            if "&" in value and name not in IDENTIFIERS:
                value = plain(value)
            data[name] = mend(value) if self._decoder.mixed else value

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        rows = (row for row in reader if row and row != ["\ufeff"])
        for _ in range(self._dialect.header_row):
            next(rows, None)
        self.columns = names = columns(next(rows, []))
        self._link_at = names.index(IMAGE_LINK) if IMAGE_LINK in names else -1
        self._pass_over()
        if len(names) > self._limits.fields:
            raise FeedError(f"The feed has more than {self._limits.fields:,} columns.")
        if "id" not in names and IMAGE_LINK not in names:
            found = ", ".join(names[:8])
            raise FeedError(f"The feed has no column id and no column image_link; it has {found}. Rename its columns.")
        return names

    def _line_blocks(self) -> Iterator[list[str]]:
        """The text's lines with their ends, block by block; line ends inside quotes are ``csv.reader``'s affair."""
        rest, row, stalled, references = "", self._row, 0, False
        for text in self._texts:
            stalled = stalled + len(text) if row is self._row else 0
            row = self._row
            if stalled + len(rest) > self._limits.value:
                raise FeedError(
                    f"The feed has a line of more than {self._limits.value:,} characters, a quotation mark that is "
                    "never closed, or as many blank lines."
                )
            lines = _continued(rest, _lines(text))
            before, references = references, has_references(text) or has_references(lines[0])
            self._unclean = before or references or self._decoder.mixed or (stalled > 0 and self._unclean)
            rest = "" if lines[-1].endswith("\n") else lines.pop()
            yield self._kept(lines)
        self._ends_open = bool(rest) and not rest.endswith("\r")
        self._unclean = True
        if rest:
            yield self._kept([rest])

    def _kept(self, lines: list[str]) -> list[str]:
        if self._keep:
            self._hand_out(self._record[1])
            self._lines += lines
        return lines

    def _pass_over(self) -> None:
        """Leaves a record that is no product."""
        if self._keep:
            self._take()

    def _take(self) -> tuple[int, str]:
        """The record that was read last: its first character's place, and its text."""
        start, end = self._record[1], self._reader.line_num - self._before
        self._record = (start, end)
        raw = self._lines[start] if end - start == 1 else "".join(self._lines[start:end])
        first = self._characters
        self._characters += len(raw)
        return first, raw

    def _hand_out(self, lines: int) -> None:
        text = "".join(self._lines[:lines])
        del self._lines[:lines]
        self._before += lines
        self._record = (0, 0)
        self._done.append(Piece(text, self._located))
        self._located, self._characters = [], 0

    def _span(self, first: int, raw: str, link: str) -> tuple[int, int]:
        """Where the image link's cell stands, its quotation marks included."""
        quote = self._dialect.quote
        at = raw.find(link)
        if at >= 0 and raw.find(link, at + 1) < 0 and not (quote and quote in link):
            end = at + len(link)
            if quote and raw[at - 1 : at] == quote and raw[end : end + 1] == quote:
                at, end = at - 1, end + 1
            return first + at, first + end
        at = 0
        for _ in range(self._link_at):
            cell = self._cell.match(raw, at)
            at = (cell.end() if cell else at) + 1
        cell = self._cell.match(raw, at)
        return (first + cell.start(1), first + cell.end(1)) if cell else (first, first)


def _continued(rest: str, lines: list[str]) -> list[str]:
    """The lines after ``rest``, which may be a part of the first one, or a line that ends in a carriage return."""
    if rest.endswith("\r") and lines[0] != "\n":
        lines.insert(0, rest)
    elif rest:
        lines[0] = rest + lines[0]
    return lines


def _lines(text: str) -> list[str]:
    """The lines with their ends. ``str.splitlines`` would split at some other characters too, where there are any."""
    if any(other in text for other in _OTHER_SEPARATORS):
        return list(io.StringIO(text, newline=""))
    return text.splitlines(keepends=True)


def quote_character(character: str) -> str:
    """A character percent-encoded, for a table that cannot quote it."""
    return f"%{ord(character):02X}"


def _cell_pattern(dialect: Dialect) -> re.Pattern[str]:
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    bare = rf"[^{delimiter}\r\n]*+"
    spaces = " *+" if dialect.spaced else ""
    return re.compile(
        rf"{spaces}({quote}(?:[^{quote}]|{quote}{quote}){ANY}(?:{quote}{bare})?|{bare})" if quote else f"({bare})"
    )
