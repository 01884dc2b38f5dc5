"""Which rows of a table may be more than one product, or less, although their quotation marks add up."""

import re
from itertools import accumulate

from frameapp.core.feeds.dialect import Dialect
from frameapp.core.feeds.header import Header
from frameapp.core.feeds.links import is_ready
from frameapp.core.feeds.quotes import Product

_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


class Doubts:
    """Of a table with this header. ``marks`` are the quotation marks that may be left around a value."""

    def __init__(self, header: Header, dialect: Dialect, marks: str) -> None:
        self._header = header
        self._delimiter = dialect.delimiter
        self._quote = dialect.quote
        self._marks = marks
        self._link_within = re.compile(rf"(?:{re.escape(dialect.delimiter)}|[\r\n]) *\"?https?://").search

    def is_doubtful(self, row: list[str], lines: list[str], *, before: list[str]) -> bool:
        """Whether a row, read from these lines, may be more than one record or less; ``before`` is the row before."""
        header, delimiter = self._header, self._delimiter
        width = header.width
        if len(row) == width:
            product = header.product(before)
            wide = [text.split(delimiter) for text in lines if text.count(delimiter) >= width - 1]
            wide = [cells for cells in wide if not self._closes(cells[header.id_at].strip(" "))]
            whole = [named for cells in wide if product.is_whole(*(named := header.named(cells)))]
            return any(named != header.named(row) for named in whole) or self._is_two(row, lines)
        if len(row) < width and not any(map(is_ready, row[header.link_at :][:1])):
            return True
        several = len(lines) > 1 or lines[0].count(delimiter) >= width
        return several and any(self._quote in text for text in lines)

    def is_lost(self, row: list[str], lines: list[str], *, mended: bool) -> bool:
        """Whether another product's line may be within a cell of a row of several lines, however it was read."""
        others = (cell for place, cell in enumerate(row) if place != self._header.link_at)
        return (mended and any(map(self._link_within, others))) or self._is_two(row, lines)

    def _is_two(self, row: list[str], lines: list[str]) -> bool:
        """Whether a line behind the first has an id of the row's own form, and there are as many links before it and
        from it on as the row has.
        """
        product_id, link = self._header.named(row)
        slashes = "://" if "//" in link else "/"
        if self._header.id_at < 0 or not link or sum(text.count(slashes) for text in lines) < 2:  # most rows
            return False
        form = _form(product_id)
        if not any(self._id_form(text) == form for text in lines[1:]):
            return False
        product = self._header.product(row)
        wanted = sum(_is_address(product, cell.strip()) for cell in row)
        held = [
            sum(_is_address(product, cell.strip().strip(self._marks)) for cell in text.split(self._delimiter))
            for text in lines
        ]
        before = [0, *accumulate(held)]
        return wanted > 0 and any(
            before[n] >= wanted and before[-1] - before[n] >= wanted and self._id_form(lines[n]) == form
            for n in range(1, len(lines))
        )

    def _id_form(self, text: str) -> str | None:
        """The form of what stands in a line where a product's id would; None where a cell ends there that was open."""
        cells = text.split(self._delimiter, self._header.id_at + 1)
        found = cells[self._header.id_at].strip() if len(cells) > self._header.id_at else ""
        return None if not found or self._closes(found) else _form(found.strip(self._marks))

    def _closes(self, cell: str) -> bool:
        """Whether a cell ends with a quotation mark that it does not begin with, as the end of one that was open."""
        return cell.endswith(self._quote) and not cell.startswith(self._quote)


def _is_address(product: Product, value: str) -> bool:
    """Whether a cell, already stripped, is an address as the table spells them."""
    return product.is_whole("1", value)


def _form(product_id: str) -> str:
    """An id with its digits and letters alike: ``A-17`` and ``B-2`` are of one form."""
    return _LETTERS.sub("a", _DIGITS.sub("9", product_id))
