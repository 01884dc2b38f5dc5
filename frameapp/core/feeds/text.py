"""Character references in values, XML's own and HTML's.

An identifier is read as XML has it and no further (XML 1.0, 4.4; nothing is escaped in CDATA, 2.7): two ids that
differ stay two, and an id is the one that the shop and the ad platforms know. Other fields are read once more as HTML:
RSS gives texts as escaped HTML (RSS 2.0, "Elements of <item>"), and exports escape links twice, or within CDATA.
Tables have no escapes of their own, so there an identifier is what it is.
"""

import html
import re
from functools import lru_cache

REFERENCE = r"(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
"""What follows the ``&`` of a reference, as an expression."""
_REFERENCE = re.compile(f"&{REFERENCE}")


def plain(text: str) -> str:
    """``text`` with its character references read, HTML's named ones included; a bare ``&`` stays.

    >>> plain("Caf&eacute; &amp; bar, a=1&copy=2")
    'Café & bar, a=1&copy=2'
    """
    if "&" not in text or ";" not in text:
        return text
    return _REFERENCE.sub(_meaning, text)


def has_references(text: str) -> bool:
    """Whether ``plain`` would change anything."""
    return ";" in text and "&" in text and _REFERENCE.search(text) is not None


def plain_markup(text: str) -> str:
    """The value of an XML text: read once as XML and once more as HTML.

    >>> plain_markup("Caf&amp;eacute; &amp;amp; bar"), plain_markup("a&amp;b")
    ('Café & bar', 'a&b')
    """
    unescaped = text.replace("&amp;", "&")
    if ";" not in unescaped:
        return unescaped
    text = plain(text)
    return plain(text) if "&" in text else text


def verbatim(text: str) -> str:
    """``text`` as it is: an identifier in CDATA."""
    return text


def _meaning(reference: re.Match[str]) -> str:
    return meaning(reference[0])


@lru_cache(maxsize=4096)
def meaning(reference: str) -> str:
    """The text that a character reference stands for; the reference itself where it is none of HTML's."""
    return html.unescape(reference)
