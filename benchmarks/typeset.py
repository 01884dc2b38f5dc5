"""How the peers set the offer's texts: fitted by measuring words once, since a font's widths grow with its size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from PIL import ImageFont

from benchmarks.offer import GRADIENT, LINE_HEIGHT, PILL, PILL_ACROSS, PILL_DOWN, TEXTS, Text
from frameapp.core.fonts import family

STRIKE = 0.4  # of the size above the baseline, where the line through a text begins
_MEASURED = 500  # pixels; nothing of a width is rounded away


@dataclass(frozen=True)
class Fitted:
    """A text's lines with their left ends, its size, its first baseline, its right end, its pill's box."""

    text: Text
    lines: tuple[tuple[str, float], ...]
    size: int
    baseline: float
    right: float
    pill: tuple[int, int, int, int] | None


def font_file() -> Path:
    """The font that we draw the offer with."""
    found = family("inter")
    assert found is not None
    return found.upright


@lru_cache(maxsize=128)
def font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    """The font for Pillow."""
    found = ImageFont.truetype(str(font_file()), size)
    found.set_variation_by_axes([weight])
    return found


@lru_cache(maxsize=16)
def ascent(weight: int) -> float:
    """From the baseline up, in sizes."""
    return font(weight, _MEASURED).getmetrics()[0] / _MEASURED


def fitted(texts: Mapping[str, str]) -> Iterator[Fitted]:
    """The texts that are there, by the ids of ``TEXTS``."""
    for text in TEXTS:
        if text.id in texts:
            yield _fitted(texts[text.id], text)


def _fitted(value: str, text: Text) -> Fitted:
    across, down = (PILL_ACROSS, PILL_DOWN) if text.pill else (0, 0)
    x, y, width, height = text.box
    x, y, width, height = x + across, y + down, width - 2 * across, height - 2 * down
    size, lines = _largest(value, text, width, height)
    high = len(lines) * LINE_HEIGHT * size
    top = y + (max(0.0, height - high) / 2 if text.middle else 0.0)
    right = float(x + width)
    starts = tuple((line, right - wide if text.right else float(x)) for line, wide in lines)
    pill = None
    if text.pill:
        left = math.floor(min(start for _, start in starts) - x)
        wide = math.ceil(max(wide for _, wide in lines)) + 2 * across
        pill = (x - across + left, y - down + math.floor(top - y), wide, math.ceil(high) + 2 * down)
    return Fitted(text, starts, size, top + ascent(text.weight) * size, right, pill)


def _largest(value: str, text: Text, width: int, height: int) -> tuple[int, list[tuple[str, float]]]:
    """The largest size at which the text fits, and its lines with their widths."""
    parts = [(word, _width(word, text.weight)) for word in value.split(" ")]
    space = _width(" ", text.weight)
    for size in range(text.size, (text.smallest or text.size) - 1, -1):
        lines = _filled(parts, space, width / size)
        if len(lines) <= text.lines and len(lines) * LINE_HEIGHT * size <= height:
            return size, [(line, wide * size) for line, wide in lines]
    raise ValueError(f"“{value}” does not fit.")


@lru_cache(maxsize=4096)
def _width(word: str, weight: int) -> float:
    """In sizes. A catalogue's words recur."""
    return font(weight, _MEASURED).getlength(word) / _MEASURED


def _filled(parts: list[tuple[str, float]], space: float, room: float) -> list[tuple[str, float]]:
    lines = [parts[0]]
    for word, wide in parts[1:]:
        line, taken = lines[-1]
        if taken + space + wide <= room:
            lines[-1] = (f"{line} {word}", taken + space + wide)
        else:
            lines.append((word, wide))
    return lines


def svg(found: list[Fitted], box: tuple[int, int, int, int], *, bar: bool) -> bytes:
    """The texts as an SVG over that box of the canvas, on the bar where it is asked for."""
    x, y, width, height = box
    first, last = GRADIENT
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="Inter" fill="#fff">'
    ]
    if bar:
        drawn.append(
            f'<linearGradient id="g"><stop stop-color="{first}"/><stop offset="1" stop-color="{last}"/>'
            f'</linearGradient><rect width="{width}" height="{height}" fill="url(#g)"/>'
        )
    for one in found:
        if one.pill:
            left, top, wide, high = one.pill
            drawn.append(
                f'<rect x="{left - x}" y="{top - y}" width="{wide}" height="{high}" rx="{high / 2}" fill="{PILL}"/>'
            )
        style = f'font-size="{one.size}" font-weight="{one.text.weight}"'
        style += ' text-decoration="line-through"' if one.text.strike else ""
        for number, (line, start) in enumerate(one.lines):
            at = f'x="{start - x:.2f}" y="{one.baseline + number * LINE_HEIGHT * one.size - y:.2f}"'
            drawn.append(f"<text {at} {style}>{escape(line)}</text>")
    return "".join([*drawn, "</svg>"]).encode()


def pill(width: int, height: int) -> bytes:
    """The discount's background alone as an SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" rx="{height / 2}" fill="{PILL}"/></svg>'
    ).encode()


def font_settings(folder: Path) -> Path:
    """A fontconfig file by which libraries find our font and no other."""
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(font_file().parent))}</dir><cachedir>{escape(str(folder))}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return path
