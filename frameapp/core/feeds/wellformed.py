"""What may stay in XML text and what may not: characters, and references without a document type to declare them.

The readers forgive these faults where they meet them; here they are found, and put right in what is published.
"""

import re
from html import escape

from frameapp.core.feeds.encoding import mend
from frameapp.core.feeds.text import REFERENCE, meaning

NOT_XML = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Quick, and right where it finds nothing: what it finds is looked at again.
_DOUBTFUL = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#(?:3[2-9]|[4-9]\d|\d{3,4})|#x(?:[2-9a-fA-F][0-9a-fA-F]{1,2}));)")
_TOKEN = re.compile(
    rf"<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|(?P<reference>&(?:{REFERENCE})?)|(?P<end>\]\]>)"
)
_LETTERS = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c"
)
PLAIN_NAME = f"[{_LETTERS}][{_LETTERS}0-9.\\-]*"
"""A name without prefix, as an expression: of those that XML allows, what tags in Latin and Cyrillic are made of."""
_PREDEFINED = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})


def substitute(refused: re.Match[str]) -> str:
    """What stands for a character that XML does not allow: a space, or what a byte outside the encoding nearly was."""
    character = refused[0]
    return mend(character) if "\ud800" <= character <= "\udfff" else " "


def fault_in(text: str) -> tuple[int, str] | None:
    """The first reference, or end of a section, that XML does not allow in whole tokens: where, and what it is."""
    if not _doubtful(text):
        return None
    return next(((token.start(), token[0]) for token in _TOKEN.finditer(text) if _right(token) != token[0]), None)


def repaired(text: str) -> str:
    """Whole tokens of XML with references that it allows, of the same meaning."""
    return _TOKEN.sub(_right, text) if _doubtful(text) else text


def _doubtful(text: str) -> bool:
    return _DOUBTFUL.search(text) is not None or text.count("]]>") != text.count("<![CDATA[")


def _right(token: re.Match[str]) -> str:
    if token["end"]:
        return "]]&gt;"
    reference = token["reference"]
    if not reference or reference in _PREDEFINED:
        return token[0]
    if reference.startswith("&#"):
        return reference if _allowed(reference) else escape(meaning(reference))
    if reference == "&" or (meant := meaning(reference)) == reference:
        return "&amp;" + reference[1:]
    return escape(meant)


def _allowed(reference: str) -> bool:
    """Whether XML allows a numeric reference (XML 1.0, 4.1)."""
    digits = reference[2:-1]
    if digits.startswith("X"):
        return False
    code = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    return code in (9, 10, 13) or (31 < code < 0x110000 and not NOT_XML.match(chr(code)))
