"""The fields of one XML product, in the order they came, made into an entry."""

from __future__ import annotations

from collections.abc import Iterable

from frameapp.core.feeds.entry import Entry
from frameapp.core.feeds.fields import ADDITIONAL, IMAGE_LINK, SINGLE
from frameapp.core.feeds.links import absolute, several

Field = tuple[str, bool, str]
"""A field's plain name, whether it is Google's own, its value."""


def compose(fields: Iterable[Field], position: int, base: str) -> Entry:
    """The entry that these fields make. Google's own field counts before another of the same name."""
    data: dict[str, str] = {}
    from_google: set[str] = set()
    more: list[str] = []
    listed = False
    for key, google, value in fields:
        if key == ADDITIONAL:
            listed = True
            if value:
                more.append(value)
            continue
        present = data.get(key)
        if present is None or (google and key not in from_google):
            data[key] = value or present or ""
        elif not present:
            data[key] = value
        elif value and key not in SINGLE and google == (key in from_google):
            data[key] = f"{present}, {value}"
        if google and value:
            from_google.add(key)
    if listed:
        data[ADDITIONAL] = ",".join(more)
    return Entry(
        data.get("id", ""),
        absolute(data.get(IMAGE_LINK, ""), base),
        tuple(link for value in more for link in several(value, base)),
        data.get("title", ""),
        data,
        position,
    )
