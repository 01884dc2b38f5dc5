"""What the Details page says: progress, counts, sizes, filters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from frameapp.core.feeds import FeedReport
from frameapp.core.progress import Progress
from frameapp.models import FeedKind
from frameapp.services.frames import FeedRow
from frameapp.services.outputs import OutputDetail, OutputRow
from frameapp.ui.details.feed_state import feed_view
from frameapp.ui.details.rows import LONGEST_VALUE, filter_views, row_view, sheet_view
from frameapp.ui.details.run_view import run_view
from frameapp.ui.run_rows import run_row
from frameapp.ui.words import counted, duration, pixels, weight


def progress(**values: Any) -> Progress:
    known: dict[str, Any] = {
        "run_id": 4,
        "frame_id": 2,
        "version": 9,
        "state": "running",
        "processed": 640,
        "total": 1204,
        "planned": True,
        "rendered": 634,
        "unchanged": 0,
        "failed": 6,
        "cancelled": 0,
        "pending": 564,
        "product_id": "sku 640",
        "rate": 48.2,
        "seconds_left": 11.7,
        "errors": (),
        "reason": "",
        "committed_at": 1_700_000_000.1234,
        "started_at": 1_700_000_000.0,
        "ended_at": None,
    }
    return Progress(**{**known, **values})


@pytest.mark.parametrize(
    ("values", "headline"),
    [
        ({}, "640 of 1,204 · 6 failed · 48/s · 12 s left"),
        ({"planned": False}, "640 of 1,204 so far · 6 failed · 48/s"),
        ({"failed": 0, "rate": 0.25, "seconds_left": 7200}, "640 of 1,204 · 0.2/s · 2 h left"),
        ({"rate": 0.0, "seconds_left": None, "failed": 0}, "640 of 1,204"),
        ({"waiting": "Waiting for storage: the disk is full."}, "640 of 1,204 · 6 failed · Waiting for storage"),
        (
            {"state": "planning", "total": 0, "processed": 0, "waiting": "Waiting for storage: the disk is full."},
            "Waiting for storage",
        ),
        ({"state": "queued", "total": 0, "processed": 0}, "Waiting for a worker"),
        ({"state": "planning", "total": 0, "processed": 0}, "Reading the feed"),
        (
            {"state": "done", "rendered": 1198, "ended_at": 1_700_000_130.0},
            "1,198 rendered · 6 failed · took 2 min 10 s",
        ),
        ({"state": "done", "rendered": 0, "failed": 0, "unchanged": 3}, "3 unchanged"),
        ({"state": "done", "rendered": 0, "failed": 0}, "No products"),
        ({"state": "failed", "rendered": 0, "failed": 0}, ""),
        ({"state": "failed", "rendered": 0, "failed": 0, "ended_at": 1_700_000_004.0}, "took 4 s"),
    ],
)
def test_the_headline_says_where_a_run_stands(values: dict[str, Any], headline: str) -> None:
    assert run_view(progress(**values)).headline == headline


def test_the_card_carries_version_and_commit_time() -> None:
    view = run_view(progress())
    assert (view.version, view.committed_at, view.percent, view.product_id) == (9, "1700000000.123", 53.2, "sku 640")
    assert run_view(progress(state="done")).product_id == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "under 1 s"),
        (0.4, "under 1 s"),
        (8.4, "8 s"),
        (59.6, "1 min"),
        (130, "2 min 10 s"),
        (3600, "1 h"),
        (11_100, "3 h 5 min"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_sizes_in_pixels() -> None:
    assert pixels(1080, 800) == "1,080 \N{MULTIPLICATION SIGN} 800"
    assert pixels(0, 0) == ""


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (640, "640 B"), (92_400, "92 kB"), (999_600, "1.0 MB"), (1_440_000, "1.4 MB")]
)
def test_weights(size: int, words: str) -> None:
    assert weight(size) == words


def test_counts_have_separators_and_a_plural() -> None:
    assert [counted(n, "output") for n in (0, 1, 1204)] == ["0 outputs", "1 output", "1,204 outputs"]


def test_the_filters_are_those_that_hold_something() -> None:
    counts = {"pending": 0, "done": 1198, "failed": 0, "cancelled": 0}
    assert [(f.label, f.count) for f in filter_views(counts, "")] == [
        ("All", "1,198"),
        ("Done", "1,198"),
        ("Failed", "0"),
    ]
    assert [f.label for f in filter_views(counts, "pending")] == ["All", "Pending", "Done", "Failed"]


def output(**values: Any) -> OutputRow:
    known: dict[str, Any] = {
        "id": 5,
        "frame_id": 2,
        "product_ref": 7,
        "product_id": "sku 1",
        "title": "Shirt",
        "state": "done",
        "reason": "an older reason",
        "key_tail": "abc.jpg",
        "width": 1080,
        "height": 1080,
        "size_bytes": 92_000,
        "format": "jpeg",
        "rendered_at": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return OutputRow(**{**known, **values})


def test_a_row_without_a_picture_has_no_addresses() -> None:
    row = row_view(output(state="failed", reason="Too slow.", key_tail="", width=0, height=0, rendered_at=None))
    assert (row.thumbnail, row.size, row.weight, row.rendered_at, row.reason) == ("", "", "", "", "Too slow.")
    assert row_view(output()).reason == ""
    assert row_view(output()).thumbnail.endswith("/files/thumb/5/abc.jpg")


def test_the_sheet_shortens_what_is_long() -> None:
    detail = OutputDetail(output(), "https://x/1.jpg", 1600, 1200, {"a": "x" * 5000, "b": ""}, 0, 9)
    sheet = sheet_view(detail)
    assert len(sheet.fields) == 1
    assert len(sheet.fields[0].value) == LONGEST_VALUE + 1
    assert sheet.original.endswith("/files/source/7/original")
    assert sheet.download.endswith("/frame/2/outputs/5/download")


@pytest.mark.parametrize(
    ("link", "shown", "address"),
    [
        ("https://x/1.jpg", "https://x/1.jpg", "https://x/1.jpg"),
        ("sample:/product/3", "Included with the sample feed", ""),
        ("", "", ""),
        ("javascript:alert(1)//https://x", "javascript:alert(1)//https://x", ""),
        ("java\nscript:alert(1)", "java\nscript:alert(1)", ""),
        (" javascript:alert(1)", " javascript:alert(1)", ""),
        ("https:alert(1)", "https:alert(1)", ""),
        ("https://[broken", "https://[broken", ""),
        ("data:text/html,<script>alert(1)</script>", "data:text/html,<script>alert(1)</script>", ""),
    ],
)
def test_only_an_image_link_that_leads_somewhere_is_a_link(link: str, shown: str, address: str) -> None:
    sheet = sheet_view(OutputDetail(output(), link, 1600, 1200, {}, 0, 9))
    assert (sheet.image_link, sheet.image_address) == (shown, address)


def test_a_run_is_told_in_a_line() -> None:
    counts = {"total": 10, "rendered": 8, "unchanged": 1, "failed": 1}
    row = run_row(progress(kind="retry", state="done", ended_at=1_700_000_021.0, **counts))
    assert (row.kind, row.outcome, row.took) == ("Retry", "8 rendered, 1 unchanged, 1 failed", "21 s")


def test_a_feeds_address_is_a_link_only_where_a_browser_may_follow_it() -> None:
    row = FeedRow(1, FeedKind.ADDRESS, "javascript:alert(1)", "", "", False, None, FeedReport(), "")
    view = feed_view(row)
    assert (view.address, view.link) == ("javascript:alert(1)", "")
