"""A look into a whole feed: the report on it, and its first products."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, cast

from frameapp.core.feeds.entry import Entry
from frameapp.core.feeds.reader import FeedReader
from frameapp.core.feeds.report import FeedReport, summarise

PICTURES = 6
KEPT_PRODUCTS = 1_000
KEPT_CHARACTERS = 2_000_000  # of these products' ids, titles and links
STEP = 1_000  # entries between two calls of ``passed``


class FirstProduct(NamedTuple):
    """What is kept of one of the first products; ``position`` counts from 0."""

    product_id: str
    title: str
    image_link: str
    position: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a look into a feed found."""

    report: FeedReport
    products: tuple[FirstProduct, ...]


def inspect(
    stream: BinaryIO, *, base_url: str, charset: str = "", passed: Callable[[int], object] = lambda count: None
) -> Inspection:
    """Read the feed to its end; ``passed`` is told every now and then how many entries were read.

    Raises FeedError.
    """
    reader = _Noting(FeedReader(stream, base_url=base_url, charset=charset), passed)
    report = summarise(cast(FeedReader, reader), pictures=PICTURES)
    return Inspection(report, tuple(reader.noted.values()))


class _Noting:
    """A reader that notes the first products as they pass, ``KEPT_PRODUCTS`` and ``KEPT_CHARACTERS`` at most."""

    def __init__(self, reader: FeedReader, passed: Callable[[int], object]) -> None:
        self._reader = reader
        self._passed = passed
        self._room = KEPT_CHARACTERS
        self.noted: dict[str, FirstProduct] = {}

    def __iter__(self) -> Iterator[Entry]:
        for entry in cast(Iterable[Entry], self._reader):
            if self._room > 0 and entry.product_id and entry.product_id not in self.noted:
                self._note(entry)
            if entry.position % STEP == 0:
                self._passed(entry.position)
            yield entry

    def _note(self, entry: Entry) -> None:
        self._room -= len(entry.product_id) + len(entry.title) + len(entry.image_link)
        if self._room >= 0:
            self.noted[entry.product_id] = FirstProduct(entry.product_id, entry.title, entry.image_link, entry.position)
        if len(self.noted) == KEPT_PRODUCTS:
            self._room = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)
