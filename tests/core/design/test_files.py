"""Designs as files: packed and read again, folders, and what is refused."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from frameapp.core.design.files import DesignFile, gather, pack, unpack
from frameapp.core.design.model import read_design
from frameapp.core.keys import digest_of
from frameapp.errors import Invalid
from tests.core.design.designs import as_json, layer

ROOT = Path(__file__).resolve().parents[3]
LOGO, FONT = b"the logo", b"the font"


def packed(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_assets(asset: str, font: str) -> dict[str, Any]:
    return as_json(layer("image", asset=asset), layer("text", text="Sale", font=font))


def test_a_packed_design_is_the_same_when_it_is_read_and_packed_again() -> None:
    assets = {digest_of(LOGO): LOGO, digest_of(FONT): FONT}
    file = DesignFile(read_design(with_assets(digest_of(LOGO), digest_of(FONT))), assets)
    data = pack(file)
    assert unpack(data) == file
    assert pack(unpack(data)) == data


def test_a_folder_may_call_its_assets_by_their_names() -> None:
    named = with_assets("assets/logo.png", digest_of(FONT))
    files = {
        "design.json": json.dumps(named).encode(),
        "assets/logo.png": LOGO,
        f"assets/{digest_of(FONT)}.ttf": FONT,
        "notes/unused.txt": b"x",
    }
    read: list[str] = []

    def reading(name: str, _: int) -> bytes:
        read.append(name)
        return files[name]

    found = gather(list(files), reading)
    assert found.design == read_design(with_assets(digest_of(LOGO), digest_of(FONT)))
    assert found.assets == {digest_of(LOGO): LOGO, digest_of(FONT): FONT}
    assert "notes/unused.txt" not in read


def a_design(**changes: Any) -> bytes:
    return json.dumps(as_json() | changes).encode()


def naming(asset: str) -> bytes:
    return json.dumps(with_assets(asset, "inter")).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: b"no ZIP at all", "This is no design file"),
        (lambda: packed({"design.json": a_design()})[:-30], "This is no design file"),
        (lambda: packed({"readme.txt": b"x"}), "has no design.json"),
        (lambda: packed({"design.json": b"{"}), "design.json is no JSON"),
        (lambda: packed({"design.json": b"[" * 100_000}), "design.json is no JSON"),
        (lambda: packed({"design.json": b"[]"}), "design.json is no design"),
        (lambda: packed({"design.json": a_design(version=3)}), "no design of version 2"),
        (lambda: packed({"design.json": a_design(), "../x": b"x"}), "a file outside of itself"),
        (lambda: packed({"design.json": a_design(), "/etc/x": b"x"}), "a file outside of itself"),
        (lambda: packed({"design.json": a_design(), "a\\..\\x": b"x"}), "a file outside of itself"),
        (lambda: packed({"design.json": b" " * 30_000_000 + a_design()}), "is too large"),
        (lambda: packed({"design.json": a_design(), **{f"f{n}": b"" for n in range(300)}}), "more than 200 files"),
        (lambda: packed({"design.json": naming("a" * 64)}), "which is not in the file"),
        (lambda: packed({"design.json": naming("logo.png")}), "'logo.png', which is not there"),
        (
            lambda: packed({"design.json": naming("bomb.png"), "bomb.png": bytes(40_000_000)}),
            "'bomb.png' in the design is too large",
        ),
        (
            lambda: packed({"design.json": a_design(sizes=[{"key": "main", "width": 20_000, "height": 100}])}),
            "between 8 and 8,000 pixels",
        ),
    ],
)  # fmt: skip
def test_what_is_no_design_file_is_refused_with_a_sentence(data: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        unpack(data())
    assert sentence in str(refused.value)


def test_the_documented_example_is_a_design() -> None:
    text = (ROOT / "docs" / "designs.md").read_text("utf-8")
    example = text.partition("```json\n")[2].partition("```")[0]
    found = unpack(packed({"design.json": example.encode(), "assets/logo.png": LOGO}))
    assert [layer.id for layer in found.design.layers] == ["ground", "product", "price", "discount", "logo"]


def test_a_name_that_only_looks_odd_is_no_other_file() -> None:
    data = packed({"design.json": naming("a..b.png"), "a..b.png": LOGO})
    assert unpack(data).assets == {digest_of(LOGO): LOGO}
