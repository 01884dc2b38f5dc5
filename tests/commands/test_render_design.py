"""``python -m frameapp render --design``: sizes, texts from the feed, notes, faults of files and options."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from frameapp.__main__ import main
from frameapp.core.feeds import FeedReader
from frameapp.core.keys import digest_of
from frameapp.settings import get_settings
from tests.core.design.designs import as_json, box, layer
from tests.core.render import pictures
from tests.services.test_odd_pictures import Oddities

SIZES = [{"key": "main", "width": 100, "height": 80}, {"key": "story", "width": 90, "height": 160}]
PLACES = {"main": box(), "story": box(y=40)}


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FRAMEAPP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FRAMEAPP_FETCH_ALLOW", "127.0.0.0/8")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def shop() -> Iterator[Oddities]:
    with Oddities() as host:
        yield host


@pytest.fixture
def feed(shop: Oddities, tmp_path: Path) -> Path:
    path = tmp_path / "feed.csv"
    rows = ["id,title,price,sale_price,image_link"]
    rows += [f"{n},Shirt {n},{40 + n}.90 EUR,{'30.00 EUR' if n % 2 else ''},{shop.link(n)}" for n in range(4)]
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A design of two sizes in a folder, with a logo that it calls by its name."""
    logo = pictures.saved(Image.new("RGB", (20, 20), (0, 0, 255)), "PNG")
    layers = [
        layer("product", boxes=PLACES),
        layer("image", asset="assets/logo.png", boxes={"main": box(width=20, height=20)}),
        layer("text", text="{price_now | money}", size=16, boxes=PLACES),
    ]
    made = tmp_path / "design"
    (made / "assets").mkdir(parents=True)
    (made / "assets" / "logo.png").write_bytes(logo)
    (made / "design.json").write_text(json.dumps(as_json(sizes=SIZES) | {"layers": layers}))
    return made


def render(feed: Path, design: Path, out: Path, *more: str) -> int:
    return main(["render", "--feed", str(feed), "--design", str(design), "--out", str(out), *more])


def manifest_of(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_product_has_a_picture_of_each_size(
    feed: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert render(feed, folder, out, "--base-url", "https://cdn.example.com/x", "--json", "--locale", "de_DE") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["products"], told["done"], told["warnings"]) == (4, 8, [])
    lines = manifest_of(out)
    assert [(line["product_id"], line["size"]) for line in lines] == [
        (str(n), size) for n in range(4) for size in ("main", "story")
    ]
    for line in lines:
        assert line["file"].startswith(f"pictures/{line['size']}/")
        picture = Image.open(io.BytesIO((out / line["file"]).read_bytes()))
        assert picture.size == {"main": (100, 80), "story": (90, 160)}[line["size"]]
    with (out / "feed.csv").open("rb") as file:
        links = [entry.image_link for entry in FeedReader(file)]
    assert links == [f"https://cdn.example.com/x/{line['file']}" for line in lines if line["size"] == "main"]


def test_one_size_is_the_same_as_among_others(feed: Path, folder: Path, tmp_path: Path) -> None:
    assert render(feed, folder, tmp_path / "all") == 0
    assert render(feed, folder / "design.json", tmp_path / "one", "--size", "story") == 0
    of_all = [digest_of((tmp_path / "all" / line["file"]).read_bytes()) for line in manifest_of(tmp_path / "all")[1::2]]
    of_one = [digest_of((tmp_path / "one" / line["file"]).read_bytes()) for line in manifest_of(tmp_path / "one")]
    assert of_all == of_one


def test_the_moment_decides_what_a_sale_price_is(feed: Path, folder: Path, tmp_path: Path) -> None:
    text = feed.read_text().replace("title,", "title,sale_price_effective_date,", 1).replace("Shirt 1,", "Shirt 1,2026-11-27T00:00Z/2026-11-30T00:00Z,").replace("Shirt 0,", "Shirt 0,,").replace("Shirt 2,", "Shirt 2,,").replace("Shirt 3,", "Shirt 3,,")  # fmt: skip # noqa: E501
    feed.write_text(text)
    seen = {}
    for at in ("2026-11-26T12:00", "2026-11-28T12:00"):
        out = tmp_path / at[:10]
        assert render(feed, folder, out, "--at", at, "--size", "main") == 0
        seen[at] = [line["file"] for line in manifest_of(out)]
    before, during = seen.values()
    assert before[1] != during[1]
    assert [before[n] == during[n] for n in (0, 2, 3)] == [True] * 3


def test_notes_are_counted_with_the_first_product(
    feed: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.write_text(feed.read_text().replace("41.90 EUR", "call us").replace("30.00 EUR", ""))
    raw = json.loads((folder / "design.json").read_text())
    raw["layers"][2]["text"] = "{price | money} {colour}"
    raw["layers"][2]["keep_empty"] = True
    (folder / "design.json").write_text(json.dumps(raw))
    assert render(feed, folder, tmp_path / "out", "--json", "--size", "main") == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == [
        "The design uses the field colour, which the feed does not have.",
        "1 product: “call us” in the field price cannot be read as a price. (first: 1)",
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--size", "square"], "The design has no size “square”. It has main, story."),
        (["--locale", "xx_XX"], "xx_XX"),
        (["--currency", "QQQ"], "There is no currency 'QQQ'."),
        (["--time-zone", "Mars"], "There is no time zone 'Mars'."),
        (["--placement", "1,2,3,4"], "leave out --frame and --placement"),
    ],
)
def test_an_option_that_does_not_fit_has_a_sentence(
    options: list[str], sentence: str, feed: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render(feed, folder, tmp_path / "out", *options) == 2
    assert sentence in capsys.readouterr().err


def test_a_design_that_is_not_there_has_a_sentence(
    feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render(feed, tmp_path / "none.frame", tmp_path / "out") == 2
    assert "cannot be opened" in capsys.readouterr().err
    assert main(["render", "--feed", str(feed), "--out", str(tmp_path / "out")]) == 2
    assert "Give a --design" in capsys.readouterr().err


def test_a_missing_picture_fails_all_sizes_of_its_product(feed: Path, folder: Path, tmp_path: Path) -> None:
    text = feed.read_text()
    feed.write_text(text.replace(text.splitlines()[3].rpartition(",")[2], "http://127.0.0.1:1/none.jpg"))
    assert render(feed, folder, tmp_path / "out") == 1
    states: dict[str, list[Any]] = {}
    for line in manifest_of(tmp_path / "out"):
        states.setdefault(line["product_id"], []).append(line["state"])
    assert states == {"0": ["done"] * 2, "1": ["done"] * 2, "2": ["failed"] * 2, "3": ["done"] * 2}
