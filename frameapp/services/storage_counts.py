"""What the storage holds by kind, counted as collections list it anyway."""

from collections.abc import Iterable, Iterator

from frameapp.adapters.storage import StoredObject
from frameapp.core.keys import FEED_COPIES, MANIFESTS, PUBLIC, SOURCES
from frameapp.db import usage
from frameapp.services import thumbnails
from frameapp.services.application import Application
from frameapp.services.images import DRAFTS, IMAGES

OTHER_CACHE = "other cache"
CACHED = {SOURCES: "source pictures", thumbnails.PREFIX: "thumbnails", "cache/": OTHER_CACHE}
KEPT = {
    PUBLIC: "outputs",
    IMAGES: "frame images",
    DRAFTS: "unsaved uploads",
    FEED_COPIES: "feeds",
    MANIFESTS: "published feeds",
}


class Tally:
    """Counts the objects that pass by."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        """``prefixes`` are those that are listed in whole, with their kinds; the first that fits counts."""
        self._prefixes = prefixes
        self._found = dict.fromkeys(prefixes.values(), (0, 0))

    def past(self, items: Iterable[StoredObject]) -> Iterator[StoredObject]:
        """The items, counted."""
        for item in items:
            kind = self._kind_of(item.key)
            objects, size = self._found[kind]
            self._found[kind] = (objects + 1, size + item.size)
            yield item

    def keep(self, app: Application) -> None:
        """Write down what was counted."""
        with app.database.write() as session:
            usage.keep_storage(session, self._found)

    def _kind_of(self, key: str) -> str:
        if key.startswith(PUBLIC) and key.endswith(".gz"):
            return KEPT[MANIFESTS]
        return next(kind for prefix, kind in self._prefixes.items() if key.startswith(prefix))
