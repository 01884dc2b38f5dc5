"""Where a text's lines break."""

from __future__ import annotations

import pytest

from frameapp.core.render.text.faces import chain_of
from frameapp.core.render.text.setting import Style, set_text


def lines_of(text: str, width: float, *, size: int = 40, lines: int = 4) -> list[str]:
    style = Style(chain_of("inter", 400, italic=False, assets={}), size, 0, lines, 1.2, 0.0)
    found = set_text(text, style, width, 1000)
    return [text[line.clusters[0].start : line.clusters[-1].end] for line in found.lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Running Shoes", ["Running", "Shoes"]),
        ("🎉🎉🎉 Running Shoes", ["🎉🎉🎉", "Running", "Shoes"]),
        ("Sale 🎉 Running Shoes", ["Sale 🎉", "Running", "Shoes"]),
        ("ΑΒΓ\u0301 Running Shoes", ["ΑΒΓ\u0301", "Running", "Shoes"]),
    ],
)
def test_lines_break_between_words_whatever_stands_before_them(text: str, lines: list[str]) -> None:
    assert lines_of(text, 170) == lines


def test_thai_breaks_between_words_of_its_dictionary() -> None:
    lines = lines_of("เสื้อแจ็คเก็ตกันน้ำมีฮู้ดสีดำ", 200)
    assert "".join(lines) == "เสื้อแจ็คเก็ตกันน้ำมีฮู้ดสีดำ"
    assert lines[0].endswith(("เสื้อ", "แจ็ค", "เก็"))
