"""Image links as feeds spell them, made into addresses that can be fetched."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

from frameapp.core.feeds.possessive import ANY

is_ready = re.compile(rf"https?://[!#$&-;=?-Z_a-z~]++(?:%[0-9A-Fa-f]{{2}}[!#$&-;=?-Z_a-z~]*+){ANY}", re.ASCII).fullmatch
"""Whether a link needs nothing done: absolute, and in allowed characters only."""
_NOT_IN_LINKS = re.compile(r"[\x00-\x1f\x7f]+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# White space is taken only from where it starts and never given back: linear in the longest field.
_SEVERAL = re.compile(r"(?:(?:(?<!\s)\s++)?[,;|]\s*+|(?<!\s)\s++)(?=(?:https?:)?//)|(?:(?<!\s)\s++)?,\s++")


def absolute(link: str, base: str) -> str:
    """``link`` resolved against ``base`` and percent-encoded (RFC 3986), its host in IDNA; empty stays empty.

    What is encoded already stays as it is. A relative link without a base comes back relative.
    """
    if is_ready(link):
        return link
    link = _NOT_IN_LINKS.sub("", link).strip().replace(" ", "%20")
    if not link or is_ready(link):
        return link
    if link[0] == "/" and base and link[:2] != "//" and "/." not in link:
        link = _origin(base) + link
        if is_ready(link):
            return link
    try:
        if base and not _SCHEME.match(link):
            link = urljoin(base, link)
        elif link.startswith("//"):
            link = "https:" + link
        return _encoded(link)
    except ValueError:
        return quote(link, safe="%/:?#@!$&'()*+,;=~", errors="replace")


def nearer_base(base: str, reference: str) -> str:
    """What an ``xml:base`` of ``reference`` makes of the base address (XML Base, 3.1); nonsense changes nothing."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return base


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    """Scheme and host of an address."""
    try:
        return urljoin(base, "/")[:-1]
    except ValueError:
        return ""


def several(value: str, base: str) -> tuple[str, ...]:
    """The links of a field that lists several, separated by commas. A comma or a space inside a link stays."""
    if not value:
        return ()
    if "," not in value and is_ready(value):
        return (value,)
    return tuple(absolute(part, base) for part in _SEVERAL.split(value.strip(" ,;|\t\r\n")) if part)


def _encoded(link: str) -> str:
    scheme, host, path, query, fragment = urlsplit(link)
    if not host.isascii():
        user, at, address = host.rpartition("@")
        name, colon, port = address.partition(":")
        host = user + at + _in_ascii(name) + colon + port
    return urlunsplit((
        scheme,
        quote(host, safe="%:@[]!$&'()*+,;=~", errors="replace"),
        _quoted(path, "/:@!$&'()*+,;=~%"),
        _quoted(query, "/:@!$&'()*+,;=~%?"),
        _quoted(fragment, "/:@!$&'()*+,;=~%?"),
    ))  # fmt: skip


def _in_ascii(host: str) -> str:
    """The host as browsers ask for it (https://url.spec.whatwg.org/#idna); by the older rule where that has none."""
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host.encode("idna").decode("ascii")


def _quoted(part: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=safe, errors="replace")
