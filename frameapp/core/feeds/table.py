"""CSV and TSV, streaming: ``csv.reader`` reads the values, and the lines that it took tell where they stood.

It reads strictly. Where it finds a quotation mark that it does not expect, or a record that may have swallowed others,
the lines in question are read by ``quotes.Repair``; then it goes on.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, cast

from frameapp.core.feeds.cell_text import CellText
from frameapp.core.feeds.dialect import Dialect, split_lines, without_backslashes
from frameapp.core.feeds.doubts import Doubts
from frameapp.core.feeds.encoding import mend
from frameapp.core.feeds.entry import Entry, Piece
from frameapp.core.feeds.fields import IDENTIFIERS, IMAGE_LINK, SINGLE
from frameapp.core.feeds.header import Header
from frameapp.core.feeds.links import absolute, is_ready, several
from frameapp.core.feeds.nothing import NoEntries
from frameapp.core.feeds.quotes import Record, Repair
from frameapp.core.feeds.source import Source
from frameapp.core.feeds.table_faults import TableFaults
from frameapp.core.feeds.text import has_references, plain
from frameapp.core.feeds.window import Window
from frameapp.errors import FeedError

_ADDITIONAL = re.compile(r"additional_image_link(?:_\d+|\[\d+\])?").fullmatch
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\\Z").search
_NEEDED = SINGLE - {"description"}
_END_MARK = "\x1a"
_NOTHING = cast(Entry, None)
"""Stands for text that passed without a product."""


class Table:
    """The products of a CSV or TSV feed, from text that comes in blocks.

    ``lost`` counts the products that could not be read, ``notes`` says what is amiss.
    """

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._texts = source.texts
        self._decoder = source.decoder
        self._dialect = dialect
        self._backslashes = dialect.backslashes
        self._base = source.base_url
        self._limits = source.limits
        self._marks = '"' + dialect.quote
        self._products = 0
        self._row: list[str] = []
        self._reader: Any = None
        self._seen = self._before_blanks = self._row
        self._blanks = 0
        self._short_at = -1
        self._several = (0, 0)
        self._cut = (0, 0)
        self._unclean = True
        self._references = False
        self._ends_open = False
        self._rest = ""
        self._stalled = 0
        self._block = 0
        self._needed_from = 0
        self._window = Window()
        self._cells = CellText(dialect)
        self._faults = TableFaults(source.limits)
        self._header: Header
        self._doubts: Doubts
        self._doubled = without_backslashes(dialect)
        self._start = 0
        self._mending: _Mending | None = None
        self._blocks = self._line_blocks()
        csv.field_size_limit(max(csv.field_size_limit(), 2 * self._limits.entry))

    def pieces(self) -> Iterator[Piece]:
        """The whole text with the products located in it. Raises FeedError."""
        window = self._window
        window.keeps = True
        for entry in self.entries():
            if window.pieces:
                yield from window.pieces
                window.pieces.clear()
            if entry is _NOTHING:
                continue
            first, raw = window.take(self._start + self._reader.line_num)
            window.locate(entry, (self._span(first, raw),) if entry.image_link else ())
        window.empty()
        yield from window.pieces

    def replaced(self, content: str, link: str) -> str:
        """A cell with ``link`` in place of its text; its quoting and the space around it stay."""
        return self._cells.replaced(content, link)

    def encoded(self, text: str) -> bytes:
        """The bytes of a stretch of the text."""
        return self._decoder.encode(text)

    def entries(self) -> Iterator[Entry]:
        """The products in order. Raises FeedError."""
        strip, base, position, most, line = str.strip, self._base, 0, self._limits.entries, 0
        new = tuple.__new__  # what Entry(...) comes to, without a call in between
        header = self._header = self._read_header()
        self._doubts = Doubts(header, self._dialect, self._marks)
        names, width, more_at = header.names, header.width, [name for name in header.names if _ADDITIONAL(name)]
        quoted = self._dialect.quote if self._dialect.throughout else ""
        reader = self._resume(self._reader.line_num)
        while reader:
            try:
                for row in reader:
                    if (now := reader.line_num) != line + 1 or len(row) != width:
                        row = self._checked(row, line, now)
                        if not row:
                            line = now
                            self._pass_over()
                            if self._window.pieces:
                                yield _NOTHING
                            continue
                    line = now
                    self._row = row
                    data = dict(zip(names, map(strip, row)))  # noqa: B905
                    if self._unclean and not self._clean(data, line):
                        self._pass_over()
                        continue
                    product_id, link = data.get("id", ""), data.get(IMAGE_LINK, "")
                    if quoted and product_id.endswith(quoted):
                        product_id = data["id"] = self._without_mark(product_id, now)
                    if not product_id and not link and not any(data.values()):
                        self._pass_over()
                        continue
                    if is_ready(link):
                        image_link = link
                    elif header.is_repeated(row):
                        self._faults.repeated += 1
                        self._pass_over()
                        continue
                    else:
                        image_link = absolute(link.strip(self._marks), base)
                    more: tuple[str, ...] = ()
                    for name in more_at:
                        if value := data[name]:
                            more += (value,) if "," not in value and is_ready(value) else several(value, base)
                    yield new(Entry, (product_id, image_link, more, data.get("title", ""), data, position))
                    position += 1
                    if position > most:
                        raise FeedError(f"The feed has more than {most:,} products. Split it into several feeds.")
            except csv.Error:
                self._products = position
                reader = self._mend(self._start + line, self._start + reader.line_num)
            else:
                reader = self._resume(self._start + line) if self._mending else None
            line = 0
        if not position:
            raise FeedError(" ".join(self.notes)) if self.lost else NoEntries()

    @property
    def lost(self) -> int:
        """How many products were not read, as far as lines tell."""
        return self._faults.lost

    @property
    def doubted(self) -> bool:
        """Whether any number of products may be missing: the last line alone lacks fields, and its end."""
        return self._ends_open and self._faults.ragged == 1 and self._short_at == self._start + self._reader.line_num

    @property
    def notes(self) -> list[str]:
        """What is amiss, in sentences; complete after the last entry."""
        return self._faults.notes(may_be_cut=self.doubted)

    def _read_header(self) -> Header:
        reader = self._reader = csv.reader(chain.from_iterable(self._blocks), **self._dialect.options())
        rows = (row for row in reader if row and row != ["\ufeff"])
        try:
            for _ in range(self._dialect.header_row):
                next(rows, None)
            header = next(rows, [])
        except csv.Error as error:
            raise FeedError(
                f"The feed begins with a line of more than {self._limits.entry:,} characters. It should begin with "
                "the names of its columns."
            ) from error
        self._pass_over()
        return Header(header, self._marks, self._limits.fields)

    def _resume(self, at: int) -> Any:
        """A ``csv.reader`` from that line on."""
        self._mending, self._start, self._block, self._stalled, self._unclean = None, at, at, 0, True
        waiting = [self._plain(line) for line in self._window.since(at)]
        self._blocks = self._line_blocks()
        lines = chain(waiting, chain.from_iterable(self._blocks))
        self._reader = csv.reader(lines, strict=bool(self._dialect.quote), **self._dialect.options())
        return self._reader

    def _checked(self, row: list[str], line: int, now: int) -> list[str]:
        """A row that takes several lines, or has not the header's width; empty where it is blank.

        Raises csv.Error where its quotation marks may have been misunderstood.
        """
        width = self._header.width
        self._several = (now, line + 1)
        if self._mending:
            return self._even(row, now) if row and len(row) != width else row
        if not any(cell.strip().strip(_END_MARK) for cell in row):
            self._pass_blank(now)
            return []
        if self._dialect.quote:
            lines = self._window.between(self._start + line, self._start + now)
            if self._doubts.is_doubtful(row, lines, before=self._row):
                raise csv.Error
        return row if len(row) == width else self._even(row, now)

    def _pass_blank(self, now: int) -> None:
        self._blanks = self._blanks + 1 if self._row is self._before_blanks else 1
        self._before_blanks = self._row
        if self._blanks > self._limits.blank_lines:
            raise FeedError(f"The feed has more than {self._limits.blank_lines:,} blank lines on end.")
        self._stalled, self._needed_from = 0, self._start + now

    def _even(self, row: list[str], now: int) -> list[str]:
        """A row of another length than the header's, cut or filled."""
        width = self._header.width
        if len(row) > width and (joined := self._joined(row, now)):
            return joined
        if len(row) < width:
            self._short_at = self._start + now
        self._faults.ragged += 1
        return (row + [""] * width)[:width]

    def _joined(self, row: list[str], now: int) -> list[str]:
        """A row put together where it was cut at delimiters that backslashes escape; empty where it is no such row."""
        joined, begins = [row[0]], [0]
        for place, cell in enumerate(row[1:], 1):
            if _ESCAPED(joined[-1]):
                joined[-1] = joined[-1][:-1] + self._dialect.delimiter + cell
            else:
                joined.append(cell)
                begins.append(place)
        at = max(self._header.link_at, 0)
        if len(joined) != self._header.width or joined[at] != row[begins[at]]:
            return []
        self._cut = self._start + now, begins[at] - at
        return joined

    def _without_mark(self, product_id: str, now: int) -> str:
        """An id that lacks the first of its quotation marks, in a table that quotes all cells, without the last."""
        quote = self._dialect.quote
        (line,) = self._window.between(self._start + now - 1, self._start + now)
        raw = self._plain(line)
        at = self._cells.start(raw, self._header.id_at)
        if self._mending or raw.startswith(quote, at) or not raw.startswith(product_id, at):
            return product_id
        self._faults.mended.add(self._start + now)
        return product_id.strip(quote)

    def _clean(self, data: dict[str, str], line: int) -> bool:
        """Values without character references, a field that is too long without its text; False costs the product."""
        kept = True
        last, first = self._several
        first_name = self._header.names[0]
        if data[first_name].startswith("\ufeff"):  # files put together one after the other
            data[first_name] = data[first_name].lstrip("\ufeff").strip(self._marks)
        for name, value in data.items():
            if len(value) > self._limits.value:
                data[name] = value = ""
                at = self._start + (first if last == line else line)
                if name not in _NEEDED:
                    self._faults.emptied(name, at)
                elif kept:
                    kept = False
                    self._faults.dropped.add(at)
            if "&" in value and name not in IDENTIFIERS:
                value = plain(value)
            data[name] = mend(value) if self._decoder.mixed else value
        return kept

    def _mend(self, begin: int, end: int) -> _Mending:
        """The rows of the lines from ``begin`` to ``end`` and of as many more as it takes to be sure of them."""
        self._start, self._blocks = begin, self._line_blocks()
        rows = self._mended_rows(begin, end) if self._dialect.quote else self._skip(begin)
        self._unclean = True
        self._reader = self._mending = _Mending(rows)
        return self._mending

    def _mended_rows(self, begin: int, end: int) -> Iterator[tuple[list[str], Record]]:
        repair, at, taken = Repair(self._dialect, self._header.product(self._row)), begin, begin
        while True:
            try:
                line = self._line(at)
            except csv.Error:
                line = None
                if at == taken or repair.open:
                    yield from self._skip(taken)
                    return
            if line is not None:
                repair.add(line)
                at += 1
                at += repair.add_text(self._window.lines, at - self._window.before)
            elif at == taken:
                return
            records = repair.settled(final=line is None or repair.hopeless)
            for record in records:
                yield self._read(repair, taken, record), record
                taken += record.lines
                self._needed_from = taken
            if line is None or (records and at >= end):
                return
            if repair.length > self._limits.entry or at - taken > self._limits.lines:
                yield from self._skip(taken)
                return

    def _read(self, repair: Repair, at: int, record: Record) -> list[str]:
        """The row of a record that begins with line ``at``; empty where it is blank or lost."""
        self._backslashes = self._backslashes or repair.backslashes
        if not record.cells:
            if record.cost:
                self._leave_out(at, record.lines)
                self._faults.refuse_nonsense(self._products)
            return []
        if record.mended:
            self._faults.mended.add(at + 1)
        lines = self._window.between(at, at + record.lines)
        text = "".join(lines)
        row = [repair.value(text[first:last]) for first, last in record.cells]
        if record.lines > 1 and self._doubts.is_lost(row, lines, mended=record.mended):
            self._leave_out(at, record.lines)
            return []
        for place in (self._header.id_at, self._header.link_at):
            if 0 <= place < len(row):
                row[place] = row[place].strip().strip(self._marks)
        return row

    def _leave_out(self, at: int, lines: int) -> None:
        """Counts the products that so many lines may be, from ``at`` on: one at least."""
        texts, fields = self._window.between(at, at + lines), self._header.width - 1
        if any(self._dialect.quote in text for text in texts):
            products = [n for n, text in enumerate(texts, at + 1) if text.count(self._dialect.delimiter) >= fields]
            for number in products or [at + 1]:
                self._faults.unreadable.add(number)
        else:
            for number in (n for n, text in enumerate(texts, at + 1) if text.strip()):
                self._faults.unmatched.add(number)

    def _line(self, at: int) -> str | None:
        """A line, None after the last one. Raises csv.Error where it is too long."""
        while at >= self._window.end:
            if next(self._blocks, None) is None:
                return None
        return self._window.lines[at - self._window.before]

    def _skip(self, at: int) -> Iterator[tuple[list[str], Record]]:
        """Leaves the record that begins with line ``at``, since it is too long."""
        quote, window = self._dialect.quote, self._window
        held = [*window.since(at), self._rest]
        odd = bool(quote) and sum(text.count(quote) for text in held) % 2 == 1
        skipped = sum(map(len, held))
        self._faults.too_long.add(at + 1)
        rest, self._rest, self._row = self._rest, "", []
        lines = window.end - at
        window.empty()
        ended = rest.endswith("\r") and not odd
        window.skip(rest, ended)
        yield [], Record(lines + ended, [], 0)
        for text in () if ended else self._texts:
            skipped += len(text)
            if skipped > self._limits.skipped:
                raise FeedError(
                    f"The product in line {at + 1:,} of the feed is longer than {self._limits.skipped:,} characters. "
                    "Take large texts, such as whole pictures, out of the feed."
                )
            length, lines, odd, ended = self._record_end(text, odd=odd)
            window.skip(text[:length], lines)
            yield [], Record(lines, [], 0)
            if ended:
                self._texts = chain([text[length:]], self._texts) if length < len(text) else self._texts
                return

    def _record_end(self, text: str, *, odd: bool) -> tuple[int, int, bool, bool]:
        """How many characters and lines of a text belong to the record before it, whether a cell is open after them,
        and whether the record ended."""
        quote, delimiter = self._dialect.quote, self._dialect.delimiter
        width = self._header.width
        if odd and quote not in text and text.count(delimiter) < width - 1:
            return len(text), text.count("\n"), odd, False
        length = lines = 0
        product = self._header.product(self._row)
        for line in split_lines(text):
            cells = line.split(delimiter) if odd else []
            if len(cells) >= width and product.is_whole(*self._header.named(cells)):
                return length, lines, False, True
            odd ^= bool(quote) and line.count(quote) % 2 == 1
            length += len(line)
            if line.endswith(("\n", "\r")):
                lines += 1
                if not odd:
                    return length, lines, False, True
        return length, lines, odd, False

    def _line_blocks(self) -> Iterator[list[str]]:
        """The text's lines with their ends, block by block; line ends inside quotes are ``csv.reader``'s affair.

        Raises csv.Error where a record goes on for too long.
        """
        while True:
            if self._row is not self._seen:
                self._seen, self._stalled = self._row, 0
                self._needed_from = self._needed_from if self._mending else max(self._needed_from, self._block)
            if len(self._rest) > self._limits.entry or (self._stalled > self._limits.value // 2 and not self._mending):
                raise csv.Error
            text = next(self._texts, None)
            if text is None:
                break
            goes_on = self._stalled > 0
            self._stalled += len(text)
            lines = _continued(self._rest, split_lines(text))
            before, self._references = self._references, _is_unclean(text) or _is_unclean(lines[0])
            large = self._stalled + len(self._rest) > self._limits.value // 2
            self._unclean = (
                before
                or self._references
                or self._decoder.mixed
                or large
                or self._mending is not None
                or (goes_on and self._unclean)
            )
            self._rest = "" if lines[-1].endswith("\n") else lines.pop()
            yield self._kept(lines)
        if self._rest:
            rest, self._rest = self._rest, ""
            self._ends_open = not rest.endswith(("\r", _END_MARK))
            self._unclean = True
            yield [self._plain(line) for line in self._kept([rest])]

    def _kept(self, lines: list[str]) -> list[str]:
        """The lines as ``csv.reader`` is to see them."""
        self._window.forget(self._needed_from)
        self._block = self._window.end
        self._window.lines += lines
        return [self._plain(line) for line in lines] if self._backslashes else lines

    def _plain(self, line: str) -> str:
        """A line without escapes and the mark of a file's end, every other character where it was."""
        line = line.rstrip(_END_MARK)
        return self._doubled(line) if self._backslashes and "\\" in line else line

    def _pass_over(self) -> None:
        """Leaves a record that is no product."""
        if self._window.keeps:
            self._window.take(self._start + self._reader.line_num)

    def _span(self, first: int, raw: str) -> tuple[int, int]:
        """Where the image link's cell stands, its quotation marks included."""
        column = self._header.link_at
        line, more = self._cut
        place = column + (more if line == self._start + self._reader.line_num else 0)
        if self._mending:
            begin, end = self._mending.cells[place]
        else:
            begin, end = self._cells.span(self._plain(raw), place, self._row[column])
        return first + begin, first + end


class _Mending:
    """Rows that were not read by ``csv.reader``, in its manner; ``cells`` tell where the last one's cells stand."""

    def __init__(self, found: Iterator[tuple[list[str], Record]]) -> None:
        self.line_num = 0
        self.cells: list[tuple[int, int]] = []
        self._found = found

    def __iter__(self) -> _Mending:
        return self

    def __next__(self) -> list[str]:
        row, record = next(self._found)
        self.line_num += record.lines
        self.cells = record.cells
        return row


def _continued(rest: str, lines: list[str]) -> list[str]:
    """The lines after ``rest``, which may be a part of the first one, or a line that ends in a carriage return."""
    if rest.endswith("\r") and lines[0] != "\n":
        lines.insert(0, rest)
    elif rest:
        lines[0] = rest + lines[0]
    return lines


def _is_unclean(text: str) -> bool:
    """Whether values in a text may have references, or a byte-order mark before them."""
    return has_references(text) or "\ufeff" in text
