"""What the user is told about a feed."""

from __future__ import annotations

import io

from frameapp.core.feeds import FeedReader, SeenIds, summarise
from tests.core.feeds import samples


def test_counts_and_warnings() -> None:
    report = summarise(FeedReader(io.BytesIO(samples.RSS)), pictures=2)
    assert (report.entries, report.with_id, report.duplicates, report.missing_ids) == (4, 3, 1, 1)
    assert (report.with_picture, report.missing_links, report.additional_pictures) == (3, 1, 2)
    assert report.pictures == (
        "https://img.example.com/TV_123456.png",
        "https://img.example.com/a.jpg?x=1&y=2",
    )
    assert report.missing["price"] == 3
    assert report.warnings == (
        "1 product has no id, so no picture is made: first “No id”.",
        "1 product repeats the id of an earlier one, which counts: first “DVD-0564738”.",
        "1 product has no image link: first “No id”.",
    )


def test_a_sound_feed_has_no_warnings() -> None:
    assert summarise(FeedReader(io.BytesIO(samples.PLAIN_RSS))).warnings == ()


def test_ids_of_any_length_and_alphabet() -> None:
    ids = ["ü/../\x01", "x" * 100_000, "品番 1", "1", "01", " "]
    seen = SeenIds()
    assert [seen.add(product_id) for product_id in ids * 2] == [True] * 6 + [False] * 6


def test_every_duplicate_among_many_is_found() -> None:
    seen = SeenIds()
    assert sum(seen.add(f"SKU-{number % 70_000}") for number in range(100_000)) == 70_000
