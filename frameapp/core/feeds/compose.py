"""The fields of one XML product, in the order they came, made into an entry."""

from collections.abc import Iterable

from frameapp.core.feeds.entry import Entry
from frameapp.core.feeds.fields import ADDITIONAL, IMAGE_LINK, SINGLE
from frameapp.core.feeds.links import absolute, several

Field = tuple[str, bool, str]
"""A field's plain name, whether it is Google's own, its value."""


def compose(fields: Iterable[Field], position: int, base: str) -> Entry:
    """The entry that these fields make. Google's own field counts before another of the same name."""
    found: dict[str, list[tuple[bool, str]]] = {}
    for key, google, value in fields:
        found.setdefault(key, []).append((google, value))
    data = {key: joined(key, values) if len(values) > 1 else values[0][1] for key, values in found.items()}
    more = [value for _, value in found.get(ADDITIONAL, ()) if value]
    return Entry(
        data.get("id", ""),
        absolute(data.get(IMAGE_LINK, ""), base),
        tuple(link for value in more for link in several(value, base)),
        data.get("title", ""),
        data,
        position,
    )


def joined(key: str, values: list[tuple[bool, str]]) -> str:
    """The one value of a field that comes several times, from pairs of whether it is Google's own and its text.

    Google's own count before others; empty ones do not count; the first counts where a product has but one of it.
    """
    if key == ADDITIONAL:
        return ",".join(value for _, value in values if value)
    texts = [value for google, value in values if google and value] or [value for _, value in values if value]
    return ", ".join(texts[:1] if key in SINGLE else texts)
