"""What a feed holds and what it lacks, for the user who has just given its address."""

from __future__ import annotations

from dataclasses import dataclass, field

from frameapp.core.feeds.reader import FeedReader
from frameapp.core.feeds.seen import SeenIds

REQUIRED = ("id", "title", "description", "link", "image_link", "price", "availability", "brand")
_LONGEST_LINK = 2_000
_DOUBTED_SHARE = 5
_MOST_FIELDS = 1_000
_LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True)
class FeedReport:
    """Counts over a whole feed, kept as JSON; without a ``format`` none was read yet.

    ``pictures`` are the first few image links, ``missing`` counts products that lack a field which ad platforms ask
    for, by its name; ``warnings`` are sentences for the user, ``fields`` the names of all fields, sorted.
    """

    format: str = ""
    encoding: str = ""
    entries: int = 0
    with_id: int = 0
    with_picture: int = 0
    additional_pictures: int = 0
    duplicates: int = 0
    missing_ids: int = 0
    missing_links: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def products(self) -> int | None:
        """How many products the feed has; None where none was read yet."""
        return self.entries if self.format else None


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a run's plan counted in its feed so far, kept as JSON; ``notes`` are sentences for the user.

    ``excluded`` products are those that the user left out of the frame.
    """

    entries: int = 0
    missing_ids: int = 0
    duplicates: int = 0
    missing_pictures: int = 0
    excluded: int = 0
    notes: tuple[str, ...] = ()


def summarise(reader: FeedReader, pictures: int = 6) -> FeedReport:
    """Reads the feed to its end and reports on it. Raises FeedError as the reader does."""
    seen = SeenIds()
    entries = with_id = with_picture = additional = duplicates = too_long = 0
    first_duplicate = first_without_id = first_without_link = ""
    missing = dict.fromkeys(REQUIRED, 0)
    samples: list[str] = []
    fields: set[str] = set()
    for entry in reader:
        entries += 1
        data = entry.data
        if not data.keys() <= fields and len(fields) < _MOST_FIELDS:
            fields |= data.keys()
        for name in REQUIRED:
            if not data.get(name):
                missing[name] += 1
        if not entry.product_id:
            first_without_id = first_without_id or entry.title or f"number {entries:,}"
        else:
            with_id += 1
            if not seen.add(entry.product_id):
                duplicates += 1
                first_duplicate = first_duplicate or entry.product_id
        additional += len(entry.additional_image_links)
        if not entry.image_link:
            first_without_link = first_without_link or entry.product_id or entry.title or f"number {entries:,}"
            continue
        with_picture += 1
        too_long += len(entry.image_link) > _LONGEST_LINK
        if len(samples) < pictures and entry.image_link not in samples:
            samples.append(entry.image_link)
    missing_ids, missing_links = entries - with_id, entries - with_picture
    warnings = list(reader.notes)
    if reader.doubted or reader.lost * _DOUBTED_SHARE > entries + reader.lost:
        warnings.append(
            "Many products may be missing for that reason. A run that would retire more than a fifth of a frame's "
            "pictures for it keeps them all."
        )
    if missing_ids:
        warnings.append(
            f"{_products(missing_ids, 'has', 'have')} no id, so no picture is made: first {_short(first_without_id)}."
        )
    if duplicates:
        repeated = _products(duplicates, "repeats", "repeat")
        warnings.append(f"{repeated} the id of an earlier one, which counts: first {_short(first_duplicate)}.")
    if missing_links:
        warnings.append(f"{_products(missing_links, 'has', 'have')} no image link: first {_short(first_without_link)}.")
    if too_long:
        warnings.append(
            f"{_products(too_long, 'has', 'have')} an image link of more than {_LONGEST_LINK:,} characters."
        )
    return FeedReport(
        format=reader.format.name,
        encoding=reader.encoding,
        entries=entries,
        with_id=with_id,
        with_picture=with_picture,
        additional_pictures=additional,
        duplicates=duplicates,
        missing_ids=missing_ids,
        missing_links=missing_links,
        missing={name: count for name, count in missing.items() if count},
        pictures=tuple(samples),
        warnings=tuple(warnings),
        fields=tuple(sorted(name for name in fields if len(name) <= _LONGEST_FIELD)),
    )


def _products(count: int, one: str, many: str) -> str:
    return f"1 product {one}" if count == 1 else f"{count:,} products {many}"


def _short(text: str) -> str:
    return f"“{text}”" if len(text) <= 60 else f"“{text[:59]}…”"
