"""A canvas that tiles are laid on, from bottom to top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from frameapp.core.render.pixels import Pixels, as_image, composited, is_opaque

Mask = npt.NDArray[np.uint8]
Area = npt.NDArray[np.bool_]
_SPARSE = 0.3  # the share of a rectangle up to which single pixels are laid faster than all of it
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Flat:
    """One colour: ``mask`` says how much of each pixel it covers (0 to 255), from the corner ``x``, ``y`` on."""

    x: int
    y: int
    mask: Mask
    colour: Colour


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels from the corner ``x``, ``y`` on; ``alpha`` tells whether any of them is transparent."""

    x: int
    y: int
    pixels: Pixels
    alpha: bool = True


Tile = Flat | Picture


def flat_pixels(tile: Flat) -> Pixels:
    """The same as pixels with alpha."""
    pixels = np.empty((*tile.mask.shape, 4), np.uint8)
    pixels[..., :3] = tile.colour
    pixels[..., 3] = tile.mask
    return pixels


class Canvas:
    """Pixels that tiles are laid on; what lies outside of them is cut off. An ``opaque`` canvas stays so.

    The first tile on a ``blank`` one is taken as it is, with the colours of what is transparent.
    """

    def __init__(self, pixels: Pixels, *, opaque: bool, blank: bool = False) -> None:
        self.pixels = pixels
        self.opaque = opaque
        self._blank = blank

    def lay(self, tile: Tile) -> None:
        """Lays a tile on what is there."""
        height, width = self.pixels.shape[:2]
        whole = tile.mask if isinstance(tile, Flat) else tile.pixels
        left, top = max(0, -tile.x), max(0, -tile.y)
        right, bottom = min(whole.shape[1], width - tile.x), min(whole.shape[0], height - tile.y)
        if left >= right or top >= bottom:
            return
        part = whole[top:bottom, left:right]
        x, y = tile.x + left, tile.y + top
        if isinstance(tile, Picture):
            self._put(part, tile.alpha, x, y)
        elif self.opaque:
            self._ink(tile.colour, np.ascontiguousarray(part), x, y)
        else:
            self._put(flat_pixels(Flat(x, y, part, tile.colour)), True, x, y)

    def _put(self, top: Pixels, alpha: bool, x: int, y: int) -> None:
        under = self.pixels[y : y + top.shape[0], x : x + top.shape[1]]
        if not alpha or self._blank:
            under[:] = top
            self._blank = False
        elif self.opaque:
            solid = top.copy()
            solid[..., 3] = 255
            self._paste(as_image(solid).im, top[..., 3], x, y)
        else:
            under[:] = composited(top, under)

    def _ink(self, colour: Colour, mask: Mask, x: int, y: int) -> None:
        """Blends a colour through a mask: single pixels, where most are covered wholly or not at all, as in texts."""
        soft = np.flatnonzero(mask.reshape(-1) - np.uint8(1) < 254)  # what is 0 becomes 255
        if len(soft) > _SPARSE * mask.size:
            self._paste((*colour, 255), mask, x, y)
            return
        height, width = mask.shape
        ink = np.array([*colour, 255], np.uint8)
        words = self.pixels.view(np.uint32)[..., 0]
        np.copyto(words[y : y + height, x : x + width], ink.view(np.uint32)[0], where=mask == 255)
        share = mask.reshape(-1)[soft].astype(np.uint16)[:, None]
        at = (soft // width + y) * words.shape[1] + soft % width + x
        _blend(words.reshape(-1), at, 255 - share, ink * share)

    def _paste(self, ink: Any, mask: Mask, x: int, y: int) -> None:
        """Blends a colour or pixels through a mask, in place. Pillow's own ``paste`` would copy the canvas first."""
        box = (x, y, x + mask.shape[1], y + mask.shape[0])
        as_image(self.pixels).im.paste(ink, box, Image.fromarray(np.ascontiguousarray(mask)).im)


class _Sparse:
    """Single pixels of an opaque canvas by their index: those that are replaced, and those that are blended."""

    def __init__(
        self, hard: npt.NDArray[np.intp], hard_colours: Pixels, soft: npt.NDArray[np.intp], soft_colours: Pixels
    ) -> None:
        """Colours are n x 4 bytes; the alpha of soft ones is their share."""
        self._hard = hard
        self._hard_pixels = np.ascontiguousarray(hard_colours).view(np.uint32).reshape(-1)
        self._soft = soft
        share = soft_colours[:, 3:].astype(np.uint16)
        self._rest: npt.NDArray[np.uint16] = 255 - share
        self._weighted: npt.NDArray[np.uint16] = soft_colours * share

    @classmethod
    def of_pixels(cls, pixels: Pixels, area: Area) -> _Sparse:
        """What of a whole canvas's pixels lies in an area."""
        at = np.flatnonzero(area & (pixels[..., 3] > 0))
        return cls._split(at, pixels.reshape(-1, 4)[at])

    @classmethod
    def _split(cls, at: npt.NDArray[np.intp], pixels: Pixels) -> _Sparse:
        hard = pixels[:, 3] == 255
        return cls(at[hard], pixels[hard], at[~hard], pixels[~hard])

    def lay_on(self, canvas: Pixels) -> None:
        """Lays them on a whole, opaque canvas."""
        words = canvas.view(np.uint32).reshape(-1)
        words[self._hard] = self._hard_pixels
        _blend(words, self._soft, self._rest, self._weighted)


def _blend(
    words: npt.NDArray[np.uint32],
    at: npt.NDArray[np.intp],
    rest: npt.NDArray[np.uint16],
    weighted: npt.NDArray[np.uint16],
) -> None:
    """Blends pixels of an opaque canvas, by their index, as Pillow does.

    ``rest`` is what stays of each, of 255, and ``weighted`` what is laid on it, times its own share.
    """
    blended = words[at].view(np.uint8).reshape(-1, 4) * rest
    blended += weighted
    blended += 128
    blended += blended >> 8
    blended >>= 8
    blended[:, 3] = 255
    words[at] = blended.astype(np.uint8).view(np.uint32).reshape(-1)


class Overlay:
    """Layers that are the same in every picture, where something that is not lies below them.

    Most of such an area is often empty: then single pixels are laid instead of all of them.
    """

    def __init__(self, pixels: Pixels, area: Area, *, opaque: bool) -> None:
        """``pixels`` and ``area`` are of the canvas's size; only what is in the area is laid."""
        seen = area & (pixels[..., 3] > 0)
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        self._sparse: _Sparse | None = None
        self._tile: Picture | None = None
        if not len(rows):
            return
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        part = seen[top:bottom, left:right]
        if opaque and part.mean() <= _SPARSE:
            self._sparse = _Sparse.of_pixels(pixels, area)
            return
        shown = pixels[top:bottom, left:right].copy()
        shown[~part] = 0
        self._tile = Picture(int(left), int(top), shown, alpha=not is_opaque(shown))

    def lay_on(self, canvas: Canvas) -> None:
        """Lays it on a canvas of its size."""
        if self._sparse is not None:
            self._sparse.lay_on(canvas.pixels)
        elif self._tile is not None:
            canvas.lay(self._tile)


def merged(tiles: list[Tile]) -> Picture:
    """Tiles as one, with alpha. There must be at least one."""
    boxes = [(tile, tile.mask if isinstance(tile, Flat) else tile.pixels) for tile in tiles]
    left, top = min(tile.x for tile, _ in boxes), min(tile.y for tile, _ in boxes)
    right = max(tile.x + whole.shape[1] for tile, whole in boxes)
    bottom = max(tile.y + whole.shape[0] for tile, whole in boxes)
    canvas = Canvas(np.zeros((bottom - top, right - left, 4), np.uint8), opaque=False)
    for tile in tiles:
        if isinstance(tile, Flat):
            canvas.lay(Flat(tile.x - left, tile.y - top, tile.mask, tile.colour))
        else:
            canvas.lay(Picture(tile.x - left, tile.y - top, tile.pixels, tile.alpha))
    return Picture(left, top, canvas.pixels)
