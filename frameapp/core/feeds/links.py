"""Image links as feeds spell them, made into addresses as browsers make them (https://url.spec.whatwg.org)."""

import re
from functools import lru_cache
from urllib.parse import quote

from ada_url import join_url, normalize_url

from frameapp.core.feeds.possessive import ANY

is_ready = re.compile(
    rf"https?://(?=[0-9A-Za-z])[!#$&-;=?-Z_a-z~]++(?:%[0-9A-Fa-f]{{2}}[!#$&-;=?-Z_a-z~]*+){ANY}", re.ASCII
).fullmatch
"""Whether a link needs nothing done: absolute, and in allowed characters only."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROLS = "".join(map(chr, (*range(33), 127)))
_TWO_SLASHES = re.compile(r"[/\\]{2}").match
# White space is taken only from where it starts and never given back: linear in the longest field.
_SEVERAL = re.compile(
    r"(?:(?:(?<!\s)\s++)?[,;|]\s*+|(?<!\s)\s++)(?=(?:https?:)?(?://|\\\\|/\\|\\/))|(?:(?<!\s)\s++)?,\s++"
)


def absolute(link: str, base: str) -> str:
    """``link`` resolved against ``base`` as a browser resolves it, percent-encoded; empty stays empty.

    What is encoded already stays as it is. A relative link without a base comes back relative.
    """
    if is_ready(link):
        return link
    link = link.strip().strip(_CONTROLS).replace(" ", "%20")
    if is_ready(link):
        return link
    if not link.strip("?#"):
        return ""
    if link[0] == "/" and base and link[:2] != "//" and "/." not in link:
        whole = _origin(base) + link
        if is_ready(whole):
            return whole
    if "%" in link:  # a browser leaves these, and most servers refuse them
        link = _STRAY_PERCENT.sub("%25", link)
    if not base and _TWO_SLASHES(link):
        link = "https:" + link
    try:
        made = join_url(base, link) if base else normalize_url(link)
    except ValueError:
        return quote(link, safe="%/:?#@!$&'()*+,;=~", errors="replace")
    path, mark, query = made.partition("?")
    return path.replace("|", "%7C") + mark + query  # beyond the standard, but Chromium does it and Tomcat insists


def nearer_base(base: str, reference: str) -> str:
    """What an ``xml:base`` of ``reference`` makes of the base address (XML Base, 3.1); nonsense changes nothing."""
    try:
        return join_url(base, reference) if base else normalize_url(reference)
    except ValueError:
        return base


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    """Scheme and host of an address."""
    try:
        return join_url(base, "/")[:-1]
    except ValueError:
        return ""


def several(value: str, base: str) -> tuple[str, ...]:
    """The links of a field that lists several, separated by commas. A comma or a space inside a link stays."""
    if not value:
        return ()
    if "," not in value and is_ready(value):
        return (value,)
    return tuple(absolute(part, base) for part in _SEVERAL.split(value.strip(" ,;|\t\r\n")) if part)
