"""Which field an XML element is, by its namespace and not by its prefix."""

import re

from frameapp.core.feeds.fields import ATOM, GOOGLE, GOOGLE_CUSTOM

_SECURE = GOOGLE.replace("http:", "https:")
_GOOGLE = frozenset({GOOGLE_CUSTOM, GOOGLE, GOOGLE + "/", _SECURE, _SECURE + "/"})
_ENTRIES = frozenset({"item", "entry", "product"})
_MOST_NAMES = 10_000
_LOCAL = re.compile(r"[^\W\d][^:]*").fullmatch


class Names:
    """The namespace declarations in force, and what each element's name means under them.

    ``keys`` maps an element's name as written to its field's plain name, ``google`` holds those of Google's
    namespace: they count before others of the same plain name. Both fill as names are met; ``version`` changes when
    names may mean something else.
    """

    def __init__(self) -> None:
        self.version = 0
        self.keys: dict[str, str] = {}
        self.google: set[str] = set()
        self._bound: dict[str, str] = {}
        self._outer: list[tuple[int, dict[str, str]]] = []

    def declare(self, attributes: dict[str, str], depth: int) -> None:
        """Takes in the ``xmlns`` attributes of an element at that depth."""
        declared = {
            name[6:]: address.strip()
            for name, address in attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        if declared:
            self._outer.append((depth, self._bound))
            self._bound = {**self._bound, **declared}
            self._forget()

    def leave(self, depth: int) -> None:
        """Drops what the element at that depth declared."""
        if self._outer and self._outer[-1][0] == depth:
            self._bound = self._outer.pop()[1]
            self._forget()

    def key(self, name: str) -> str:
        """The plain name of the field that an element is: ``id`` for ``g:id``, ``media:text`` for a stranger's."""
        known = self.keys.get(name)
        if known is not None:
            return known
        if len(self.keys) > _MOST_NAMES:
            self._forget()
        prefix, _, local = name.rpartition(":")
        namespace = self._bound.get(prefix, "")
        if namespace in _GOOGLE or (not namespace and prefix in ("g", "c")):
            self.google.add(name)
            prefix = ""
        elif namespace == ATOM:
            prefix = ""
        key = f"{prefix}:{local}" if prefix else local
        self.keys[name] = key
        return key

    def undeclared(self, *names: str) -> str:
        """The first prefix of these names that is not declared; empty where all are (Namespaces in XML, 5)."""
        for name in names:
            prefix, colon, local = name.partition(":")
            if not colon or (prefix in ("xml", "xmlns") and local):
                continue
            if not prefix or not _LOCAL(local) or not self._bound.get(prefix):
                return prefix or name
        return ""

    def is_entry(self, name: str) -> bool:
        """Whether an element of that name is a product: RSS' item, Atom's entry, under any prefix."""
        return name.rpartition(":")[2] in _ENTRIES

    def _forget(self) -> None:
        self.version += 1
        self.keys.clear()
        self.google.clear()
