"""The cells of a table as its text has them: where one stands, and another text in its place."""

import re

from frameapp.core.feeds.dialect import Dialect
from frameapp.core.feeds.possessive import ANY


class CellText:
    """Finds and replaces cells in the text of a record."""

    def __init__(self, dialect: Dialect) -> None:
        self._delimiter, self._quote = dialect.delimiter, dialect.quote
        delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
        bare = rf"[^{delimiter}\r\n]*+"
        spaces = " *+" if dialect.spaced else ""
        self._cell = re.compile(
            rf"{spaces}({quote}(?:[^{quote}]|{quote}{quote}){ANY}(?:{quote}{bare})?|{bare})" if quote else f"({bare})"
        )

    def start(self, raw: str, column: int) -> int:
        """Where the cell of this column begins in a record, with the spaces before it."""
        at = 0
        for _ in range(column):
            cell = self._cell.match(raw, at)
            at = (cell.end() if cell else at) + 1
        return at

    def span(self, raw: str, column: int, value: str) -> tuple[int, int]:
        """Where the cell of this column and value stands in a record, its quotation marks included."""
        quote, at = self._quote, raw.find(value)
        if at >= 0 and raw.find(value, at + 1) < 0 and not (quote and quote in value):
            end = at + len(value)
            if quote and raw[at - 1 : at] == quote and raw[end : end + 1] == quote:
                at, end = at - 1, end + 1
            return at, end
        cell = self._cell.match(raw, self.start(raw, column))
        return cell.span(1) if cell else (0, 0)

    def replaced(self, content: str, link: str) -> str:
        """A cell with ``link`` in place of its text; its quoting and the space around it stay."""
        quote, delimiter = self._quote, self._delimiter
        quoted = bool(quote) and len(content) > 1 and content.startswith(quote)
        inner = content[1:-1] if quoted and content.endswith(quote) else content
        old = inner.strip()
        at = inner.find(old)
        before, after = inner[:at], inner[at + len(old) :]
        if quoted or (quote and any(character in link for character in (delimiter, quote, "\r", "\n"))):
            return f"{quote}{before}{link.replace(quote, quote * 2)}{after}{quote}"
        if not quote:
            link = link.replace(delimiter, f"%{ord(delimiter):02X}")  # percent-encoded, since nothing can be quoted
        return f"{before}{link}{after}"
