"""The likeliest reading of a table's lines whose quotation marks do not add up.

A stray or a missing quotation mark leaves several ways to cut lines into records. Each way has a cost in points: for a
cell that is not closed, for a line that its neighbour's cell swallows, and so on. Lines come one by one; as soon as one
way costs clearly less than every other that is still open, its records are settled (Viterbi's algorithm). Where two
ways cost the same and differ in a product's id or picture, their lines are lost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from frameapp.core.feeds.dialect import Dialect, inner

_MARGIN = 4
"""By how much the best way must be better than the others."""
_TRAILING = 1
"""A cell without quotation marks but for one at its end."""
_STRAY = 2
"""A cell with a quotation mark too many or too few."""
_TORN = 4
"""The same of a cell that holds delimiters and lacks a mark, or that goes on in the next line."""
_RAGGED = 6
"""A line of another width than the header's."""
_BROKEN = 4
"""How much more it costs where quotation marks in it do not add up."""
_ODD = 6
"""A record whose id or picture does not look like one."""
_UNCLOSED = 8
"""A cell of several lines that has no quotation mark at its end."""
_UNOPENED = 8
"""A cell of several lines that has no quotation mark at its beginning."""
_OPENING = 6
"""How much more it costs to take a quotation mark for text that may open a cell."""
_SWALLOWED = 10
"""A line within a cell that is a whole product by itself."""
_BEGUN = 6
"""The same of a line that has a picture in its place and may go on in the next."""
_DOUBTFUL = 4
"""The same of a line without a picture."""
_DOUBT = 3
"""How much less it costs to swallow a line, for each point that it costs by itself."""
_HOPELESS = 12
"""A record that costs as much is lost."""
_MOST_ENDS = 12
_MOST_WAYS = 8
_MOST_SURPLUS = 200
_MOST_UNCLOSED = 20
_MOST_WORK = 1_000
_FAR = 40
_LONGEST_ID = 100

_PICTURE = re.compile(r"(?:https?:)?//\S", re.IGNORECASE)
_ADDRESS = re.compile(r"\S*[/.]\S*")
_NO_ID = re.compile(r"[\s<>]")


class Record(NamedTuple):
    """Some lines that are one record; ``cells``, from where to where each stands in their text, are empty where the
    lines are lost or blank. ``cost`` is 0 where nothing is amiss; ``mended``: the quotation marks were."""

    lines: int
    cells: list[tuple[int, int]]
    cost: int
    mended: bool = False


class Product(NamedTuple):
    """What products look like in a table: the header's width, where id and picture stand, how they are spelled."""

    width: int
    id_at: int
    link_at: int
    spaced_ids: bool = False
    relative: bool = False

    def oddness(self, product_id: str, link: str) -> int:
        """What it costs to take these for a product's id and picture."""
        return 0 if self._is_id(product_id) and (not link or _ADDRESS.fullmatch(link)) else _ODD

    def swallowed(self, product_id: str, link: str) -> int:
        """What it costs to take a line for text that has these in their places."""
        if not self._is_id(product_id) or self.link_at < 0:
            return 0
        if not link:
            return _DOUBTFUL
        return _SWALLOWED if _PICTURE.match(link) or (self.relative and _ADDRESS.fullmatch(link)) else 0

    def is_whole(self, product_id: str, link: str) -> bool:
        """Whether a line that has these is surely a product."""
        return self.swallowed(product_id, link) == _SWALLOWED

    def _is_id(self, text: str) -> bool:
        if self.id_at < 0:
            return True
        return 0 < len(text) <= _LONGEST_ID and (self.spaced_ids or not _NO_ID.search(text))


class _Cells(NamedTuple):
    """A record's cells so far, the last one first."""

    before: _Cells | None
    begin: int
    end: int


class _Ended(NamedTuple):
    """The records that a way has behind it, the last one first."""

    before: _Ended | None
    record: Record


class _Way(NamedTuple):
    """A way to read the lines so far. ``own`` is the part of its cost that is of the record that goes on, which begins
    with line ``line`` at ``begin``; the cell that is open begins at ``opened``, -1 where no record goes on. ``vague``:
    another way to read this record costs the same; ``torn``: another way to cut the lines does."""

    cost: int
    torn: bool
    ended: _Ended | None
    line: int
    begin: int
    own: int = 0
    cells: _Cells | None = None
    opened: int = -1
    mended: bool = False
    vague: bool = False


class _Step(NamedTuple):
    """A way through one line as far as some cell's end, ``fields`` of its record behind it; through the whole line, and
    into an open cell, where ``opened`` is not negative. ``ragged``: it ended with another number of fields."""

    fields: int
    cost: int
    vague: bool
    cells: _Cells | None
    opened: int = -1
    ragged: bool = False


class Repair:
    """Cuts lines into records; ``length`` counts the characters of those that are not settled yet.

    ``backslashes`` is true once a cell was met whose quotation marks are escaped by backslashes.
    """

    def __init__(self, dialect: Dialect, product: Product) -> None:
        self._delimiter, self._quote, self._spaced = dialect.delimiter, dialect.quote, dialect.spaced
        self._product = product
        self._inner = [re.compile(text) for text in inner(self._quote)]
        self.backslashes = False
        self.length = 0
        self._lines: list[str] = []
        self._unopened: set[int] = set()
        self._work = 0
        self._ways: dict[int, _Way] = {}
        self._clear()

    def add(self, line: str) -> None:
        """Takes one more line, its end included."""
        self._start, self._text = self.length, line.rstrip("\r\n\x1a")
        self._lines.append(line)
        self.length += len(line)
        between = self._ways.pop(-1, None)
        self._work += 1
        self._cut()
        ways: dict[int, _Way] = {}
        alone = list(self._steps(None, 0, -1)) if between or self._is_wide() else []
        if between and not self._text.strip():
            blank = _Ended(between.ended, Record(1, [], 0))
            ways[-1] = between._replace(ended=blank, line=len(self._lines), begin=self.length)
        elif between:
            for step in alone:
                self._go(ways, between, step)
        swallowed = max(self._begun(), *map(self._swallowed, alone)) if alone and self._ways else self._begun()
        for fields, way in self._ways.items():
            way = way._replace(cost=way.cost + swallowed, own=way.own + swallowed)
            for step in self._steps(way.cells, fields, way.opened, since=way.line):
                self._go(ways, way, step)
        if not ways:  # no reading is left of what is not settled: it is lost
            lost = _Ended(None, Record(len(self._lines), [], _HOPELESS))
            ways[-1] = _Way(_HOPELESS, False, lost, len(self._lines), self.length)
        best = min(way.cost for way in ways.values())
        kept = sorted((way.cost, fields) for fields, way in ways.items() if way.cost < best + _FAR)[:_MOST_WAYS]
        self._ways = {fields: ways[fields] for _, fields in kept}

    def add_text(self, lines: list[str], at: int) -> int:
        """Takes the lines from ``at`` on that can be nothing but text of a cell that is open; how many they are."""
        if any(way.opened < 0 or len(self._lines) - way.line <= _MOST_UNCLOSED for way in self._ways.values()):
            return 0
        text = lines[at:]
        if self._quote in (whole := "".join(text)) or whole.count(self._delimiter) >= self._product.width - 1:
            few = self._product.width - 1
            end = next(
                (n for n, line in enumerate(text) if self._quote in line or line.count(self._delimiter) >= few), 0
            )
            del text[end:]
        self._lines += text
        self.length += sum(map(len, text))
        return len(text)

    @property
    def hopeless(self) -> bool:
        """Whether so many lines did not suffice to settle anything that no more will."""
        return self._work > _MOST_WORK

    def settled(self, *, final: bool = False) -> list[Record]:
        """The records that are certain now, or the best guess where no line follows; none where lines are missing."""
        best = self._ways.get(-1)
        others = [way.cost for way in self._ways.values() if way.opened >= 0]
        if not final and (not best or (others and min(others) < best.cost + _MARGIN)):
            return []
        records: list[Record] = []
        ended = best.ended if best else _Ended(None, Record(len(self._lines), [], _HOPELESS))
        while ended:
            record, ended = ended.record, ended.before
            lost = (best and best.torn and record.cells) or record.cost >= _HOPELESS
            records.append(record._replace(cells=[], cost=max(record.cost, 1)) if lost else record)
        self._clear()
        return records[::-1]

    @property
    def open(self) -> bool:
        """Whether the lines so far are most likely one cell's beginning."""
        best = min(self._ways.values(), key=lambda way: way.cost)
        return best.opened >= 0 and best.ended is None

    def value(self, cell: str) -> str:
        """What a cell says, from how it stands in the table."""
        quote = self._quote
        text = cell.strip(" ") if self._spaced else cell.rstrip(" \x1a")
        if not text.startswith(quote):
            inner = self._delimiter in text or "\n" in text or "\r" in text
            return text[:-1] if inner and text.endswith(quote) else cell
        if self._closed(text[1:]):
            text = text[1:-1]
        elif not text.endswith(quote) and text.count(quote) % 2 == 0:
            return text
        else:
            text = text[1:].removesuffix(quote)
        return text.replace("\\" + quote, quote).replace(quote * 2, quote)

    def _clear(self) -> None:
        self._unopened.clear()
        self._work = 0
        self.length, self._lines, self._ways = 0, [], {-1: _Way(0, False, None, 0, 0)}

    def _is_wide(self) -> bool:
        return self._text.count(self._delimiter) >= self._product.width - 1

    def _cut(self) -> None:
        """Cuts the line at its delimiters."""
        self._chunks = self._text.split(self._delimiter)
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._marked: list[int] = []
        at = 0
        for number, chunk in enumerate(self._chunks):
            self._begins.append(at)
            at += len(chunk)
            self._ends.append(at)
            at += 1
            if chunk.rstrip(" ").endswith(self._quote):
                self._marked.append(number)
        if len(self._marked) > self._product.width + _MOST_SURPLUS:
            self._marked.clear()

    def _steps(self, cells: _Cells | None, fields: int, opened: int, since: int = 0) -> Iterator[_Step]:
        """The ways through the line, at whose beginning a record begins or a cell is open."""
        chunks, width = len(self._chunks), self._product.width
        self._at: dict[int, dict[int, _Step]] = {}
        if opened < 0:
            self._at[0] = {0: _Step(0, 0, False, None)}
        else:
            if opened not in self._unopened or len(self._lines) - since <= _MOST_UNCLOSED:
                yield _Step(fields, self._open_cost(0), False, cells, opened)
            self._end_open_cell(cells, fields, opened, since)
        for chunk in range(chunks):
            if not self._at:
                return
            for step in self._at.pop(chunk, {}).values():
                if step.fields < width:
                    yield from self._cell(step, chunk)
                elif not any(map(str.strip, self._chunks[chunk:])):
                    yield step._replace(ragged=True)
                else:
                    yield step._replace(cost=step.cost + _STRAY, vague=True, ragged=True)
        for step in self._at.pop(chunks, {}).values():
            yield step._replace(ragged=step.fields != width)

    def _end_open_cell(self, cells: _Cells | None, fields: int, opened: int, since: int) -> None:
        """Where in the line a cell may end that began before it."""
        last = len(self._chunks) - self._product.width + fields
        for chunk in self._marked[:_MOST_ENDS]:
            sound = self._closed(self._text[: self._ends[chunk]])
            self._reach(chunk, _Step(fields, 0 if sound else _STRAY, False, cells), opened)
            if sound and chunk >= last:
                break
        few = len(self._lines) - since <= _MOST_UNCLOSED
        if few and 0 <= last < len(self._chunks) and last not in self._marked:
            self._reach(last, _Step(fields, _UNCLOSED, False, cells), opened)

    def _cell(self, step: _Step, chunk: int) -> Iterator[_Step]:
        """Where a cell may end that begins with a chunk; yields the way in which it does not end in the line."""
        surplus = len(self._chunks) - chunk - self._product.width + step.fields
        first = bisect_right(self._marked, chunk)
        ends = self._marked[first : first + _MOST_ENDS]
        at, text = self._begins[chunk], self._chunks[chunk]
        if not (text.lstrip(" ") if self._spaced else text).startswith(self._quote):
            trailing = _TRAILING if text.rstrip(" ").endswith(self._quote) else 0
            self._reach(chunk, step._replace(cost=step.cost + trailing), self._start + at)
            if chunk == len(self._chunks) - 1 and surplus <= 0:
                self._unopened.add(self._start + at)
                yield step._replace(cost=step.cost + _UNOPENED, opened=self._start + at)
            for end in () if trailing else ends:
                if end > chunk + surplus:
                    break
                if self._text.count(self._quote, at, self._ends[end]) % 2:
                    self._reach(end, step._replace(cost=step.cost + _TORN), self._start + at)
                    break
            return
        inside = self._text.index(self._quote, at) + 1
        yield step._replace(cost=step.cost + self._open_cost(inside), opened=self._start + at)
        for end in [chunk, *ends]:
            sound = self._closed(self._text[inside : self._ends[end]])
            if sound or end <= max(chunk, chunk + surplus):
                self._reach(end, step if sound else step._replace(cost=step.cost + _STRAY), self._start + at)
            if sound and end >= chunk + surplus:
                break
        if surplus > 0 and chunk + surplus not in ends:
            self._reach(chunk + surplus, step._replace(cost=step.cost + _TORN), self._start + at)

    def _reach(self, chunk: int, step: _Step, begin: int) -> None:
        """Notes that a cell may end with a chunk."""
        new = step._replace(fields=step.fields + 1, cells=_Cells(step.cells, begin, self._start + self._ends[chunk]))
        there = self._at.setdefault(chunk + 1, {})
        other = there.get(new.fields)
        if other is None:
            if len(there) < _MOST_WAYS:
                there[new.fields] = new
        elif new.cost < other.cost:
            there[new.fields] = new
        elif new.cost == other.cost and not self._agree(_listed(new.cells), _listed(other.cells)):
            there[new.fields] = other._replace(vague=True)

    def _go(self, ways: dict[int, _Way], way: _Way, step: _Step) -> None:
        """Notes the way that ``way`` becomes by a step, unless a better one leads there."""
        own, mended, vague = way.own + step.cost, way.mended or step.cost >= _STRAY, way.vague or step.vague
        if step.opened >= 0:
            fields = step.fields
            new = way._replace(
                cost=way.cost + step.cost, own=own, cells=step.cells, opened=step.opened, mended=mended, vague=vague
            )
        else:
            fields, cells = -1, _listed(step.cells)
            product_id, link = self._named(cells)
            oddness = self._product.oddness(product_id, link)
            kept = not vague and not (mended and (oddness or self._quote in product_id))
            own += oddness + (_RAGGED if step.ragged else 0) + (_BROKEN if step.ragged and step.cost else 0)
            if not kept or (step.ragged and (step.cost or way.opened >= 0)):
                cells = []
            cells = [(begin - way.begin, end - way.begin) for begin, end in cells]
            own = own if cells else max(own, 1)
            record = Record(len(self._lines) - way.line, cells, own, mended)
            new = _Way(way.cost - way.own + own, way.torn, _Ended(way.ended, record), len(self._lines), self.length)
        other = ways.get(fields)
        if other is None or new.cost < other.cost:
            ways[fields] = new
        elif new.cost == other.cost:
            ways[fields] = self._either(other, new)

    def _either(self, one: _Way, other: _Way) -> _Way:
        """One of two ways that cost the same, with what they disagree on marked."""
        if one.opened >= 0:
            if one.begin != other.begin or one.ended is not other.ended:
                return one._replace(torn=True)
            agreed = self._agree(_listed(one.cells), _listed(other.cells))
            return one._replace(vague=one.vague or other.vague or not agreed)
        if not one.ended or not other.ended or one.ended.before is not other.ended.before:
            return one._replace(torn=True)
        mine, its = one.ended.record, other.ended.record
        if self._agree(mine.cells, its.cells):
            return one
        return one._replace(ended=_Ended(one.ended.before, mine._replace(cells=[], cost=max(mine.cost, 1))))

    def _agree(self, one: list[tuple[int, int]], other: list[tuple[int, int]]) -> bool:
        """Whether id and picture stand in the same places."""
        return all(
            one[at : at + 1] == other[at : at + 1] for at in (self._product.id_at, self._product.link_at) if at >= 0
        )

    def _swallowed(self, step: _Step) -> int:
        """What it costs to take the line for text, where one way through it alone is this step."""
        if step.ragged or step.opened >= 0 or step.cost > _STRAY or self._closes_id():
            return 0
        return max(0, self._product.swallowed(*self._named(_listed(step.cells))) - _DOUBT * step.cost)

    def _closes_id(self) -> bool:
        """Whether the line's id ends with a quotation mark that it does not begin with, as the end of an open cell."""
        cell = self._chunks[max(self._product.id_at, 0)].strip(" ")
        return cell.endswith(self._quote) and not cell.startswith(self._quote)

    def _begun(self) -> int:
        """What it costs to take the line for text if it is a product's first."""
        at = self._product.link_at
        if self._product.id_at < len(self._chunks) and self._closes_id():
            return 0
        return _BEGUN if at < len(self._chunks) and _PICTURE.match(self._chunks[at].lstrip(" " + self._quote)) else 0

    def _named(self, cells: list[tuple[int, int]]) -> tuple[str, str]:
        """The id and the picture among a record's cells."""
        return self._text_of(cells, self._product.id_at), self._text_of(cells, self._product.link_at)

    def _text_of(self, cells: list[tuple[int, int]], at: int) -> str:
        if not 0 <= at < len(cells):
            return ""
        begin, end = cells[at]
        if begin >= self._start:
            text = self._text[begin - self._start : end - self._start]
        else:
            text = "".join(self._lines)[begin:end]
        return self.value(text).strip().strip(self._quote)

    def _closed(self, text: str) -> bool:
        """Whether what follows a cell's first quotation mark is a quoted cell's rest, as it should be."""
        text = text.rstrip(" ")
        if not text.endswith(self._quote):
            return False
        doubled, escaped = self._inner
        if doubled.fullmatch(text, 0, len(text) - 1):
            return True
        if "\\" + self._quote in text and escaped.fullmatch(text, 0, len(text) - 1):
            self.backslashes = True
            return True
        return False

    def _open_cost(self, inside: int) -> int:
        """What it costs to take the line's rest for text of an open cell."""
        if any(pattern.fullmatch(self._text, inside) for pattern in self._inner):
            return 0
        return _TORN + (_OPENING if self._delimiter + self._quote in self._text[inside:] else 0)


def _listed(cells: _Cells | None) -> list[tuple[int, int]]:
    """The cells in their order."""
    found = []
    while cells:
        found.append((cells.begin, cells.end))
        cells = cells.before
    return found[::-1]
