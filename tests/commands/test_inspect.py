"""``python -m frameapp inspect``: a report, and an exit status that scripts can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frameapp.__main__ import main
from tests.core.design.designs import as_json, layer
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


def test_a_design_is_reported_with_what_the_feed_makes_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = [
        layer("text", text="{title} {colour}", id="title", keep_empty=True),
        layer("shape", id="sale", when={"all": [{"on_sale": True}]}),
        layer("text", text="{price | money}", id="price"),
    ]
    design = tmp_path / "design.json"
    design.write_text(json.dumps(as_json(*layers)))
    feed = "id,title,price,image_link\n1,日本 shirt,call us,https://shop.example/1.jpg\n"
    feed += "2,Ærø ♥ 🎉,9 EUR,https://shop.example/2.jpg\n"
    assert inspect(tmp_path, feed.encode(), "--design", str(design), "--json") == 0
    assert json.loads(capsys.readouterr().out)["design"] == {
        "fields": ["colour", "price", "sale_price", "sale_price_effective_date", "title"],
        "never_seen": ["sale"],
        "missing_characters": {"title": "日本"},
        "warnings": [
            "The design uses the field colour, which the feed does not have.",
            "1 product: “call us” in the field price cannot be read as a price. (first: 1)",
        ],
    }
    assert inspect(tmp_path, feed.encode(), "--design", str(design)) == 0
    text = capsys.readouterr().out
    assert "Never seen  sale\n" in text
    assert "No glyphs   title: 日本\n" in text
