"""File names from what the wild calls its products: safe on every system, never a path."""

import re
import unicodedata

LONGEST_NAME_BYTES = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\s]+')
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def safe_stem(text: str, *, fallback: str = "product") -> str:
    """``text`` as a file name without its extension, at most 120 bytes of UTF-8.

    Separators, quotes and white space become one ``-``; control and direction marks go.
    """
    visible = "".join(c for c in unicodedata.normalize("NFC", text) if c.isspace() or unicodedata.category(c)[0] != "C")
    stem = _FORBIDDEN.sub("-", visible).strip(".- ")
    stem = stem.encode()[:LONGEST_NAME_BYTES].decode(errors="ignore").rstrip(".- ")
    if not stem:
        return fallback
    return f"{stem}-" if _RESERVED.fullmatch(stem) else stem


class UniqueNames:
    """Gives each name once: a second ``a.jpg`` becomes ``a-2.jpg``. Case does not make a difference."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, stem: str, ending: str) -> str:
        """A name of this stem and ending that was not given before."""
        name, number = f"{stem}.{ending}", 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}-{number}.{ending}"
        self._taken.add(name.casefold())
        return name
