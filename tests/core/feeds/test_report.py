"""What the user is told about a feed."""

from __future__ import annotations

import io

import pytest

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


@pytest.mark.parametrize(("delimiter", "end"), [(",", ""), ("\t", '"')])
def test_an_open_quotation_mark_swallows_no_products(delimiter: str, end: str) -> None:
    rows = [
        ["id", "title", "image_link", "price"],
        *([str(number), "Mug", f"https://i.example.com/{number}.jpg", "1 EUR"] for number in range(4_000)),
    ]
    rows[3_001][1], rows[3_011][1] = '"Best mug', f"Mug{end}"
    report = summarise(FeedReader(io.BytesIO("\n".join(map(delimiter.join, rows)).encode())))
    assert report.entries == 4_000
    assert report.warnings == (
        "The quotation marks in line 3,002 do not add up. Each line was read by itself; check its texts, and have the "
        "feed corrected.",
    )


def test_lines_within_a_text_are_no_swallowed_products() -> None:
    table = 'id,title,image_link\n1,"Small, round, red\nsee, for, https://example.com\n",https://i.example.com/1.jpg\n'
    assert summarise(FeedReader(io.BytesIO(table.encode()))).warnings == ()


def test_ids_of_any_length_and_alphabet() -> None:
    ids = ["ü/../\x01", "x" * 100_000, "品番 1", "1", "01", " "]
    seen = SeenIds()
    assert [seen.add(product_id) for product_id in ids * 2] == [True] * 6 + [False] * 6


def test_every_duplicate_among_many_is_found() -> None:
    seen = SeenIds()
    assert sum(seen.add(f"SKU-{number % 70_000}") for number in range(100_000)) == 70_000
