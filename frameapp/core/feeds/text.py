"""Character references in values: XML's own, HTML's, and doubly escaped ones."""

from __future__ import annotations

import html
import re

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


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
    """The value of an XML text: read once as XML and once more as HTML, since feeds often escape twice."""
    text = text.replace("&amp;", "&")
    if ";" not in text:
        return text
    text = plain(text)
    return plain(text) if "&" in text else text


def _meaning(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])
