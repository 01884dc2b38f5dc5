"""Text in the cells of tables that people open: a spreadsheet takes what begins like a formula for one, and runs it.

What begins one is listed at https://owasp.org/www-community/attacks/CSV_Injection; spaces before it count too. An
apostrophe before it makes text of the cell. As one more is put where some are, each text comes back exactly.
"""

import re

_FIRST = (
    "=+\\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_FORMULA = re.compile(f"'*\\s*[{_FIRST}]")


def to_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs. The table's writer quotes every cell."""
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """The text that ``to_cell`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
