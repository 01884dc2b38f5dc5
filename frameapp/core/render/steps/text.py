"""A text in its box, with its background."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from frameapp.core.design.layers import Align, TextLayer, Vertical
from frameapp.core.design.parts import Background
from frameapp.core.design.recipe import Box
from frameapp.core.render.canvas import Picture, Tile, merged
from frameapp.core.render.effects import filled, grown, rounded, shadow_of
from frameapp.core.render.facts import NoteKind
from frameapp.core.render.steps.scene import Scene
from frameapp.core.render.text.drawing import Ink, Lines
from frameapp.core.render.text.drawing import draw as draw_text
from frameapp.core.render.text.faces import chain_of
from frameapp.core.render.text.setting import Line, Setting, Style, set_text


def draw(layer: TextLayer, box: Box, scene: Scene) -> list[Tile]:
    """Shadow, background, stroke, letters. Nothing but the shadow leaves the box. Raises PictureError.

    Sizes in which the layer's box is as large share what is drawn.
    """
    at = layer.id, box.width, box.height
    if at not in scene.pictures.texts:
        first = len(scene.notes)
        tiles = _drawn(layer, Box(0, 0, box.width, box.height), scene)
        scene.pictures.texts[at] = tiles, scene.notes[first:]
    else:
        tiles, notes = scene.pictures.texts[at]
        scene.notes += notes
    return [replace(tile, x=tile.x + box.x, y=tile.y + box.y) for tile in tiles]


def _drawn(layer: TextLayer, box: Box, scene: Scene) -> list[Tile]:
    text = scene.content.texts.get(layer.id, "")
    style = _style(layer, scene)
    room_x, room_y = _room(layer)
    width, height = box.width - 2 * room_x, box.height - 2 * room_y
    if not text or width < 1 or height < 1:
        return []
    setting = set_text(text, style, width, height)
    if setting.missing:
        scene.note(NoteKind.MISSING, layer, setting.missing)
    if setting.cut:
        scene.note(NoteKind.CUT, layer, text)
    if not any(line.clusters for line in setting.lines):
        return []
    left = [_across(layer.align, width - line.width * setting.size) for line in setting.lines]
    top = _down(layer.vertical, height - setting.height)
    around = layer.stroke.width if layer.stroke else 0
    inner = Box(box.x + around, box.y + around, box.width - 2 * around, box.height - 2 * around)
    starts = [room_x - around + at for at in left]
    starts = [_inside(at, line, setting.size, inner.width) for at, line in zip(starts, setting.lines, strict=True)]
    lines = Lines(layer.underline, layer.strike)
    ink = draw_text(setting, style, inner.width, inner.height, starts, room_y - around + top, lines)
    tiles = _letters(layer, ink, inner.x, inner.y)
    if layer.background is not None:
        tiles.insert(0, _behind(layer.background, setting, box, min(left), top))
    if layer.shadow is not None and tiles:
        shape = tiles[0] if len(tiles) == 1 or layer.background is not None else merged(tiles)
        tiles.insert(0, shadow_of(shape, layer.shadow))
    return tiles


def _style(layer: TextLayer, scene: Scene) -> Style:
    chain = chain_of(layer.font, layer.weight, italic=layer.italic, assets=scene.assets.files)
    return Style(chain, layer.size, layer.smallest, layer.max_lines, layer.line_height, layer.letter_spacing / 1000)


def _room(layer: TextLayer) -> tuple[int, int]:
    """What a background and a stroke take of the box on each side."""
    around = layer.stroke.width if layer.stroke else 0
    if layer.background is None:
        return around, around
    return max(around, layer.background.padding_x), max(around, layer.background.padding_y)


def _across(align: Align, spare: float) -> float:
    return max(0.0, spare) * {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[align]


def _inside(start: float, line: Line, size: int, width: int) -> float:
    """Where a line begins so that letters which lean over its ends are not cut off."""
    left, right = line.ink()
    return max(min(start, width - right * size), -left * size)


def _down(vertical: Vertical, spare: float) -> float:
    return max(0.0, spare) * {Vertical.TOP: 0.0, Vertical.MIDDLE: 0.5, Vertical.BOTTOM: 1.0}[vertical]


def _letters(layer: TextLayer, ink: Ink, x: int, y: int) -> list[Tile]:
    rows, columns = np.flatnonzero(ink.mask.any(axis=1)), np.flatnonzero(ink.mask.any(axis=0))
    tiles: list[Tile] = []
    if len(rows):
        top, left = int(rows[0]), int(columns[0])
        mask = ink.mask[top : rows[-1] + 1, left : columns[-1] + 1]
        if layer.stroke is not None:
            by = layer.stroke.width
            tiles.append(filled(x + left - by, y + top - by, grown(mask, by), layer.stroke.colour))
        tiles.append(filled(x + left, y + top, mask, layer.colour))
    height, width = ink.mask.shape
    for at_x, at_y, pixels in ink.emoji:
        left, top = max(0, -at_x), max(0, -at_y)
        part = pixels[top : height - at_y, left : width - at_x]
        if part.size:
            tiles.append(Picture(x + at_x + left, y + at_y + top, part))
    return tiles


def _behind(background: Background, setting: Setting, box: Box, left: float, top: float) -> Tile:
    """The background around the lines, on whole pixels."""
    x, y = box.x + math.floor(left), box.y + math.floor(top)
    width = min(box.x + box.width - x, math.ceil(setting.width) + 2 * background.padding_x)
    height = min(box.y + box.height - y, math.ceil(setting.height) + 2 * background.padding_y)
    return filled(x, y, rounded(width, height, background.radius), background.fill)
