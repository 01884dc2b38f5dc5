"""``python -m frameapp inspect``: a report, and an exit status that scripts can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frameapp.__main__ import main
from tests.core.feeds import samples


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEAPP_DATA_DIR", str(tmp_path / "data"))


def inspect(tmp_path: Path, data: bytes, *options: str) -> int:
    feed = tmp_path / "feed"
    feed.write_bytes(data)
    return main(["inspect", "--feed", str(feed), *options])


def test_a_whole_feed_exits_with_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect(tmp_path, samples.PLAIN_RSS) == 0
    assert "2 with an id" in capsys.readouterr().out


def test_missing_ids_and_links_exit_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect(tmp_path, samples.RSS, "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["format"], report["encoding"], report["entries"]) == ("rss", "utf-8", 4)
    assert (report["duplicates"], report["missing_ids"], report["missing_links"]) == (1, 1, 1)
    assert report["additional_pictures"] == 2
    assert len(report["warnings"]) == 3


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"<rss><channel>"])
def test_what_is_no_feed_exits_with_two_and_one_sentence(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inspect(tmp_path, data) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "--feed", str(tmp_path / "none.xml")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_private_address_is_not_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "--feed", "http://127.0.0.1:9/feed.xml"]) == 2
    assert "private network" in capsys.readouterr().err
