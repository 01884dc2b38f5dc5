"""How a table separates and quotes its cells, found from its beginning."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from frameapp.core.feeds.fields import KNOWN, spelled
from frameapp.core.feeds.possessive import ANY, SOME

_DELIMITERS = "\t,;|"
_HEADER_ROWS = 5
_ENOUGH = 3
_OTHER_SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table separates and quotes; ``quote`` is empty where quotation marks mean nothing."""

    delimiter: str
    quote: str
    header_row: int
    """How many rows come before the header, blank ones aside."""
    spaced: bool = False
    """Whether spaces may come before a quotation mark."""
    backslashes: bool = False
    """Whether quotation marks are escaped by backslashes too."""
    throughout: bool = False
    """Whether most cells are quoted."""

    def options(self) -> dict[str, Any]:
        """The keywords of ``csv.reader``."""
        if not self.quote:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE}
        return {"delimiter": self.delimiter, "quotechar": self.quote, "skipinitialspace": self.spaced}


def sniff(sample: str, *, whole: bool) -> Dialect | None:
    """The dialect of a table whose beginning is ``sample``; None where no header is found.

    The delimiter is the one whose header has most names that we know, the quotation mark the one that none of them
    begins with.
    """
    lines = split_lines(sample.lstrip("\ufeff"))
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
    return _with_marks(best[3], lines, best[1]) if best else None


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


def _with_marks(dialect: Dialect, lines: list[str], width: int) -> Dialect:
    """The dialect with what its quotation marks tell: whether they are text, or escaped by backslashes.

    They are text where more cells begin with a word in them and go on than are quoted, while nearly all lines
    have the header's width as they are. A few such cells decide nothing: they are read one by one.
    """
    cell = _quoted_cell(dialect)
    cells = closed = escaped = stray = uneven = 0
    for line in lines:
        text = line.rstrip("\r\n")
        delimiters = text.count(dialect.delimiter)
        cells += delimiters + 1
        uneven += bool(text) and delimiters != width - 1
        for found in cell.finditer(text):
            closed += found["closed"] is not None
            escaped += found["escaped"] is not None
            stray += found["text"] is not None
    closed += escaped
    if stray > closed and 10 * uneven < len(lines) and stray >= _ENOUGH:
        return Dialect(dialect.delimiter, "", dialect.header_row)
    return replace(dialect, backslashes=escaped > 0, throughout=2 * closed > cells)


def _quoted_cell(dialect: Dialect) -> re.Pattern[str]:
    delimiter, quote = re.escape(dialect.delimiter), dialect.quote
    spaces = " *+" if dialect.spaced else ""
    doubled, escaped = inner(quote)
    end = f"{quote} *+(?={delimiter}|$)"
    return re.compile(
        rf"(?:^|{delimiter}){spaces}{quote}(?:(?P<closed>{doubled}{end})|(?P<escaped>{escaped}{end})|(?P<text>(?:[^{quote}{delimiter}]*+{quote}[^{quote}{delimiter}]++){SOME}(?={delimiter}|$)))?"
    )


def inner(quote: str) -> tuple[str, str]:
    """What stands in a quoted cell, as expressions: with doubled quotation marks, and with escaped ones too."""
    return rf"(?:[^{quote}]|{quote}{quote}){ANY}", rf"(?:[^{quote}\\]|{quote}{quote}|\\[\s\S]?){ANY}"


def split_lines(text: str) -> list[str]:
    """The lines with their ends. ``str.splitlines`` would split at some other characters too, where there are any."""
    if any(other in text for other in _OTHER_SEPARATORS):
        return list(io.StringIO(text, newline=""))
    return text.splitlines(keepends=True)


def without_backslashes(dialect: Dialect) -> Callable[[str], str]:
    """What makes a line's escaped quotation marks doubled ones, character for character.

    A backslash before a mark that can only be its cell's end is text: ``"path C:\\",``.
    """
    quote, end = dialect.quote, rf"[{re.escape(dialect.delimiter)}\r\n]|\Z"
    if not quote:
        return str
    odd, even = rf"{quote}(?:{quote}{quote}){ANY}(?!{quote}|{end})", rf"(?:{quote}{quote}){SOME}(?={end})"
    escape = re.compile(rf"(?<!\\)((?:\\\\){ANY})\\(?={odd}|{even})")
    return lambda line: escape.sub(rf"\1{quote}", line)
