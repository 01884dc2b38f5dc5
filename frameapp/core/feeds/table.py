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

from frameapp.core.feeds.dialect import Dialect, split_lines, without_backslashes
from frameapp.core.feeds.encoding import mend
from frameapp.core.feeds.entry import Entry, Located, Piece
from frameapp.core.feeds.fields import IDENTIFIERS, IMAGE_LINK, SINGLE, columns, spelled
from frameapp.core.feeds.links import absolute, is_ready, several
from frameapp.core.feeds.nothing import NoEntries
from frameapp.core.feeds.numbers import LineNumbers
from frameapp.core.feeds.possessive import ANY
from frameapp.core.feeds.quotes import Product, Record, Repair
from frameapp.core.feeds.source import Source
from frameapp.core.feeds.text import has_references, plain
from frameapp.errors import FeedError

_ADDITIONAL = re.compile(r"additional_image_link(?:_\d+|\[\d+\])?").fullmatch
_NEEDED = SINGLE - {"description"}
_END_MARK = "\x1a"
_MOST_LOST = 1_000
_LONGEST_NAME = 100
_MOST_NAMED = 5
_NOTHING = cast(Entry, None)
"""Stands for text that passed without a product."""


class Table:
    """The products of a CSV or TSV feed, from text that comes in blocks.

    ``lost`` counts the products that could not be read, ``notes`` says what is amiss.
    """

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self.columns: list[str] = []
        self._ragged = self._headers = self._dropped = 0
        self._unreadable, self._unmatched = LineNumbers(), LineNumbers()  # with quotation marks and without any
        self._mended_lines, self._too_long = LineNumbers(), LineNumbers()
        self._emptied: dict[str, LineNumbers] = {}
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
        self._id_at = self._link_at = -1
        self._spelled: list[str] = []
        self._short_at = -1
        self._several = (0, 0)
        self._unclean = True
        self._references = False
        self._ends_open = False
        self._keep = False
        self._rest = ""
        self._stalled = 0
        self._lines: list[str] = []
        self._before = 0
        self._block = 0
        self._needed_from = 0
        self._record = (0, 0)
        self._characters = 0
        self._located: list[Located] = []
        self._done: list[Piece] = []
        self._cell = _cell_pattern(dialect)
        self._doubled = without_backslashes(dialect)
        self._start = 0
        self._mending: _Mending | None = None
        self._blocks = self._line_blocks()
        csv.field_size_limit(max(csv.field_size_limit(), 2 * self._limits.entry))

    def pieces(self) -> Iterator[Piece]:
        """The whole text with the products located in it. Raises FeedError."""
        self._keep = True
        for entry in self.entries():
            if self._done:
                yield from self._done
                self._done.clear()
            if entry is _NOTHING:
                continue
            first, raw = self._take()
            spans = (self._span(first, raw),) if entry.image_link else ()
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

    def encoded(self, text: str) -> bytes:
        """The bytes of a stretch of the text."""
        return self._decoder.encode(text)

    def entries(self) -> Iterator[Entry]:
        """The products in order. Raises FeedError."""
        strip, base, position, most, line = str.strip, self._base, 0, self._limits.entries, 0
        new = tuple.__new__  # what Entry(...) comes to, without a call in between
        names = self._header()
        width, more_at = len(names), [name for name in names if _ADDITIONAL(name)]
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
                            if self._done:
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
                    elif self._repeats_header(row):
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
        return self._unreadable.count + self._unmatched.count + self._too_long.count + self._dropped

    @property
    def doubted(self) -> bool:
        """Whether any number of products may be missing."""
        return self.may_be_cut

    @property
    def may_be_cut(self) -> bool:
        """Whether the last line alone lacks fields, and its end; known after the last entry."""
        return self._ends_open and self._ragged == 1 and self._short_at == self._start + self._reader.line_num

    @property
    def notes(self) -> list[str]:
        """What is amiss, in sentences; complete after the last entry."""
        notes = []
        if self._mended_lines.count:
            notes.append(
                f"The quotation marks in {self._mended_lines} do not add up. Each line was read by itself; check its "
                "texts, and have the feed corrected."
            )
        for numbers, fault in (
            (self._unreadable, "quotation marks there do not add up"),
            (self._unmatched, "fields there do not match the header"),
        ):
            if numbers.count:
                were = "was" if numbers.count == 1 else "were"
                notes.append(
                    f"{str(numbers).capitalize()} {were} left out: the {fault}, and which text belongs to which field "
                    "is uncertain. Have the feed corrected."
                )
        if self._too_long.count:
            notes.append(
                f"{'A product was' if self._too_long.count == 1 else f'{self._too_long.count:,} products were'} left "
                f"out, being longer than {self._limits.entry:,} characters or {self._limits.lines:,} lines: "
                f"{self._too_long}."
            )
        for name, numbers in list(self._emptied.items())[:_MOST_NAMED]:
            notes.append(
                f"The field {name[:_LONGEST_NAME]} in {numbers} is longer than {self._limits.value:,} characters and "
                "was left empty."
            )
        if len(self._emptied) > _MOST_NAMED:
            notes.append(f"So it was with {len(self._emptied) - _MOST_NAMED:,} other fields.")
        if self._headers:
            lines = "1 line repeats" if self._headers == 1 else f"{self._headers:,} lines repeat"
            notes.append(f"{lines} the header and {'was' if self._headers == 1 else 'were'} skipped.")
        if self._ragged:
            lines = "1 line has" if self._ragged == 1 else f"{self._ragged:,} lines have"
            notes.append(f"{lines} more or fewer fields than the header.")
            if self.may_be_cut:
                notes.append("It is the last one: if the feed was cut off, have it exported anew.")
        return notes

    def _header(self) -> list[str]:
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
        self.columns = names = columns(header)
        self._spelled = [spelled(cell) for cell in header]
        self._id_at = names.index("id") if "id" in names else -1
        self._link_at = names.index(IMAGE_LINK) if IMAGE_LINK in names else -1
        self._pass_over()
        if len(names) > self._limits.fields:
            raise FeedError(f"The feed has more than {self._limits.fields:,} columns.")
        if "id" not in names and IMAGE_LINK not in names:
            found = ", ".join(names[:8])
            raise FeedError(f"The feed has no column id and no column image_link; it has {found}. Rename its columns.")
        return names

    def _resume(self, at: int) -> Any:
        """A ``csv.reader`` from that line on."""
        self._mending, self._start, self._block, self._stalled, self._unclean = None, at, at, 0, True
        waiting = [self._plain(line) for line in self._lines[at - self._before :]]
        self._blocks = self._line_blocks()
        lines = chain(waiting, chain.from_iterable(self._blocks))
        self._reader = csv.reader(lines, strict=bool(self._dialect.quote), **self._dialect.options())
        return self._reader

    def _checked(self, row: list[str], line: int, now: int) -> list[str]:
        """A row that takes several lines, or has not the header's width; empty where it is blank.

        Raises csv.Error where its quotation marks may have been misunderstood.
        """
        width = len(self.columns)
        self._several = (now, line + 1)
        if self._mending:
            return self._even(row, now) if row and len(row) != width else row
        if not any(cell.strip().strip(_END_MARK) for cell in row):
            self._pass_blank(now)
            return []
        begin = self._start + line - self._before
        if self._dialect.quote and self._is_doubtful(row, self._lines[begin : begin + now - line]):
            raise csv.Error
        return row if len(row) == width else self._even(row, now)

    def _is_doubtful(self, row: list[str], lines: list[str]) -> bool:
        """Whether a row may be more than one record, or less."""
        width, delimiter, quote = len(self.columns), self._dialect.delimiter, self._dialect.quote
        if len(row) == width:
            product = self._product()
            wide = [text.split(delimiter) for text in lines if text.count(delimiter) >= width - 1]
            wide = [cells for cells in wide if not _closes(cells[self._id_at].strip(" "), quote)]
            whole = [named for cells in wide if product.is_whole(*(named := self._named(cells)))]
            return any(named != self._named(row) for named in whole)
        if len(row) < width and not any(map(is_ready, row[self._link_at :][:1])):
            return True
        several = len(lines) > 1 or lines[0].count(delimiter) >= width
        return several and any(quote in text for text in lines)

    def _pass_blank(self, now: int) -> None:
        self._blanks = self._blanks + 1 if self._row is self._before_blanks else 1
        self._before_blanks = self._row
        if self._blanks > self._limits.blank_lines:
            raise FeedError(f"The feed has more than {self._limits.blank_lines:,} blank lines on end.")
        self._stalled, self._needed_from = 0, self._start + now

    def _even(self, row: list[str], now: int) -> list[str]:
        """A row of another length than the header's, cut or filled."""
        width = len(self.columns)
        if len(row) < width:
            self._short_at = self._start + now
        self._ragged += 1
        return (row + [""] * width)[:width]

    def _without_mark(self, product_id: str, now: int) -> str:
        """An id that lacks the first of its quotation marks, in a table that quotes all cells, without the last."""
        quote, at = self._dialect.quote, 0
        raw = self._plain(self._lines[self._start + now - 1 - self._before])
        for _ in range(self._id_at):
            cell = self._cell.match(raw, at)
            at = (cell.end() if cell else at) + 1
        if self._mending or raw.startswith(quote, at) or not raw.startswith(product_id, at):
            return product_id
        self._mended_lines.add(self._start + now)
        return product_id.strip(quote)

    def _repeats_header(self, row: list[str]) -> bool:
        if spelled(row[0][:_LONGEST_NAME]) != self._spelled[0] or [*map(spelled, row)] != self._spelled:
            return False
        self._headers += 1
        return True

    def _clean(self, data: dict[str, str], line: int) -> bool:
        """Values without character references, a field that is too long without its text; False costs the product."""
        kept = True
        last, first = self._several
        for name, value in data.items():
            if len(value) > self._limits.value:
                data[name] = value = ""
                if name in _NEEDED and kept:
                    kept, self._dropped = False, self._dropped + 1
                self._emptied.setdefault(name, LineNumbers()).add(self._start + (first if last == line else line))
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
        repair, at, taken = Repair(self._dialect, self._product()), begin, begin
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
                at += repair.add_text(self._lines, at - self._before)
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
                self._refuse_nonsense()
            return []
        if record.mended:
            self._mended_lines.add(at + 1)
        text = "".join(self._lines[at - self._before : at - self._before + record.lines])
        row = [repair.value(text[first:last]) for first, last in record.cells]
        if record.mended and record.lines > 1 and any(self._holds_links(row)):
            self._leave_out(at, record.lines)  # another product's line may be within a cell
            return []
        for place in (self._id_at, self._link_at):
            if 0 <= place < len(row):
                row[place] = row[place].strip().strip(self._marks)
        return row

    def _holds_links(self, row: list[str]) -> Iterator[bool]:
        """Of each cell but the picture's, whether a link stands in it as if it were a field."""
        between = re.compile(rf"(?:{re.escape(self._dialect.delimiter)}|[\r\n]) *\"?https?://")
        return (bool(between.search(cell)) for place, cell in enumerate(row) if place != self._link_at)

    def _leave_out(self, at: int, lines: int) -> None:
        """Counts the products that so many lines may be, from ``at`` on: one at least."""
        begin, fields = at - self._before, len(self.columns) - 1
        texts = self._lines[begin : begin + lines]
        if any(self._dialect.quote in text for text in texts):
            products = [n for n, text in enumerate(texts, at + 1) if text.count(self._dialect.delimiter) >= fields]
            for number in products or [at + 1]:
                self._unreadable.add(number)
        else:
            for number in (n for n, text in enumerate(texts, at + 1) if text.strip()):
                self._unmatched.add(number)

    def _refuse_nonsense(self) -> None:
        if self._unreadable.count + self._unmatched.count <= _MOST_LOST + self._products:
            return
        if self._unmatched.count > self._unreadable.count:
            raise FeedError(
                f"The fields of most lines do not match the header, {self._unmatched} among them. Export the feed "
                "again, with as many fields in each line as the header has."
            )
        raise FeedError(
            f"The quotation marks of most lines do not add up, {self._unreadable} among them. Export the feed "
            "again, as CSV with quotation marks doubled within a field."
        )

    def _product(self) -> Product:
        """What products look like, by the last one."""
        product_id, link = self._named(self._row)
        relative = bool(link) and "//" not in link
        return Product(len(self.columns), self._id_at, self._link_at, " " in product_id, relative)

    def _named(self, row: list[str]) -> tuple[str, str]:
        """A row's id and image link."""
        product_id, link = (row[at] if 0 <= at < len(row) else "" for at in (self._id_at, self._link_at))
        return product_id.strip().strip(self._marks), link.strip().strip(self._marks)

    def _line(self, at: int) -> str | None:
        """A line, None after the last one. Raises csv.Error where it is too long."""
        while at - self._before >= len(self._lines):
            if next(self._blocks, None) is None:
                return None
        return self._lines[at - self._before]

    def _skip(self, at: int) -> Iterator[tuple[list[str], Record]]:
        """Leaves the record that begins with line ``at``, since it is too long."""
        quote = self._dialect.quote
        held = [*self._lines[at - self._before :], self._rest]
        odd = bool(quote) and sum(text.count(quote) for text in held) % 2 == 1
        skipped = sum(map(len, held))
        self._too_long.add(at + 1)
        rest, self._rest, self._row = self._rest, "", []
        lines = self._before + len(self._lines) - at
        self._hand_over(len(self._lines))
        self._give(rest, rest.endswith("\r") and not odd)
        ended = rest.endswith("\r") and not odd
        yield [], Record(lines + ended, [], 0)
        for text in () if ended else self._texts:
            skipped += len(text)
            if skipped > self._limits.skipped:
                raise FeedError(
                    f"The product in line {at + 1:,} of the feed is longer than {self._limits.skipped:,} characters. "
                    "Take large texts, such as whole pictures, out of the feed."
                )
            length, lines, odd, ended = self._record_end(text, odd=odd)
            self._give(text[:length], lines)
            yield [], Record(lines, [], 0)
            if ended:
                self._texts = chain([text[length:]], self._texts) if length < len(text) else self._texts
                return

    def _record_end(self, text: str, *, odd: bool) -> tuple[int, int, bool, bool]:
        """How many characters and lines of a text belong to the record before it, whether a cell is open after them,
        and whether the record ended."""
        quote, delimiter = self._dialect.quote, self._dialect.delimiter
        width = len(self.columns)
        if odd and quote not in text and text.count(delimiter) < width - 1:
            return len(text), text.count("\n"), odd, False
        length = lines = 0
        product = self._product()
        for line in split_lines(text):
            cells = line.split(delimiter) if odd else []
            if len(cells) >= width and product.is_whole(*self._named(cells)):
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
            before, self._references = self._references, has_references(text) or has_references(lines[0])
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
        if self._keep:
            self._hand_out(self._record[1])
        elif self._needed_from > self._before:
            self._drop(self._needed_from - self._before)
        self._block = self._before + len(self._lines)
        self._lines += lines
        return [self._plain(line) for line in lines] if self._backslashes else lines

    def _plain(self, line: str) -> str:
        """A line without escapes and the mark of a file's end, every other character where it was."""
        line = line.rstrip(_END_MARK)
        return self._doubled(line) if self._backslashes and "\\" in line else line

    def _drop(self, lines: int) -> None:
        del self._lines[:lines]
        self._before += lines

    def _hand_over(self, lines: int) -> None:
        """Is done with lines."""
        if self._keep:
            self._hand_out(lines)
        else:
            self._drop(lines)

    def _give(self, text: str, lines: int) -> None:
        """Passes text that holds so many line ends, and no product."""
        self._before += lines
        if self._keep and text:
            self._done.append(Piece(text, []))

    def _pass_over(self) -> None:
        """Leaves a record that is no product."""
        if self._keep:
            self._take()

    def _take(self) -> tuple[int, str]:
        """The record that was read last: its first character's place, and its text."""
        start, end = self._record[1], self._start + self._reader.line_num - self._before
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

    def _span(self, first: int, raw: str) -> tuple[int, int]:
        """Where the image link's cell stands, its quotation marks included."""
        if self._mending:
            begin, end = self._mending.cells[self._link_at]
            return first + begin, first + end
        quote, link = self._dialect.quote, self._row[self._link_at]
        raw = self._plain(raw)
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


def _closes(cell: str, quote: str) -> bool:
    """Whether a cell ends with a quotation mark that it does not begin with, as the end of one that was open."""
    return cell.endswith(quote) and not cell.startswith(quote)


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
