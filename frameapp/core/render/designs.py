"""A design, ready to be rendered for one product after the other: one decode of a picture serves all its sizes.

What does not depend on the product is composed once per size and set of shown layers, and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import xxhash

from frameapp.core.design.content import MAIN_PICTURE, Content
from frameapp.core.design.layers import Layer, ProductLayer, TextLayer
from frameapp.core.design.model import Design, Size
from frameapp.core.design.parts import rgba
from frameapp.core.render.canvas import Area, Canvas, Overlay
from frameapp.core.render.crop import Crop
from frameapp.core.render.encode import encode
from frameapp.core.render.facts import Note, Rendered
from frameapp.core.render.geometry import contained
from frameapp.core.render.pixels import Pixels, is_opaque, over, scaled
from frameapp.core.render.pixels import filled as filled_pixels
from frameapp.core.render.steps.scene import Assets, Pictures, Scene
from frameapp.core.render.steps.table import changes, draw, extent
from frameapp.core.render.text.faces import chain_of
from frameapp.errors import PictureError

_WHITE = (255, 255, 255)
_KEPT_PIXELS = 40_000_000  # of prepared canvases, four bytes each


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A size with some of its layers: what every picture starts from, and what is laid on that, in turn."""

    start: Pixels
    opaque: bool
    steps: tuple[Layer | Overlay, ...]
    notes: tuple[Note, ...]


class DesignRenderer:
    """A design with its images and fonts. Not for several threads at once."""

    def __init__(self, design: Design, assets: Assets) -> None:
        self.design = design
        self._assets = assets
        self._fixed = {size.key: [one for one in design.layers_of(size) if not changes(one)] for size in design.sizes}
        self._prepared: OrderedDict[tuple[str, tuple[tuple[str, str], ...]], _Prepared] = OrderedDict()

    def render(
        self, pictures: Mapping[str, bytes], content: Content, sizes: Collection[str] | None = None
    ) -> dict[str, Rendered | PictureError]:
        """The product's picture in each size (or in ``sizes``), by its key; a size may fail alone.

        ``pictures`` are files by the keys of ``Content.pictures``. The same arguments give the same bytes, whatever
        other sizes are asked for.
        """
        opened = Pictures(pictures)
        results: dict[str, Rendered | PictureError] = {}
        for size in self.design.sizes:
            if sizes is None or size.key in sizes:
                try:
                    results[size.key] = self._picture(size, opened, content)
                except PictureError as error:
                    results[size.key] = error
        return results

    def _picture(self, size: Size, pictures: Pictures, content: Content) -> Rendered:
        notes: list[Note] = []
        pixels, transparent = self.canvas(size, pictures, content, notes)
        facts, label = pictures.facts(MAIN_PICTURE), pictures.source(MAIN_PICTURE).digital_source_type
        encoder = self.design.encoder.encoder
        data = encode(pixels, encoder, transparent=transparent, digital_source_type=label)
        height, width = pixels.shape[:2]
        return Rendered(data, encoder.format, width, height, digest_of(pixels) + label, facts, tuple(notes))

    def missing(self, characters: Mapping[str, str]) -> dict[str, str]:
        """Of the characters that text layers draw, by their ids, those that no face has. Raises PictureError."""
        found = {}
        for layer in self.design.layers:
            if isinstance(layer, TextLayer) and layer.id in characters:
                chain = chain_of(layer.font, layer.weight, italic=layer.italic, assets=self._assets.files)
                found[layer.id] = chain.lacking(characters[layer.id])
        return {name: lacking for name, lacking in found.items() if lacking}

    def canvas(self, size: Size, pictures: Pictures, content: Content, notes: list[Note]) -> tuple[Pixels, bool]:
        """The picture before it is encoded, and whether any of it is transparent. Raises PictureError."""
        prepared = self._ready(size, content)
        notes += prepared.notes
        scene = Scene(self._assets, pictures, content, notes)
        drawn = [
            step if isinstance(step, Overlay) else draw(step, step.boxes[size.key], scene)
            for step in prepared.steps
            if isinstance(step, Overlay) or step.id not in content.hidden
        ]
        canvas = Canvas(prepared.start.copy(), opaque=prepared.opaque)  # as late as can be: it fills the cache
        for one in drawn:
            if isinstance(one, Overlay):
                one.lay_on(canvas)
            else:
                for tile in one:
                    canvas.lay(tile)
        return self._output(canvas.pixels, not canvas.opaque and not is_opaque(canvas.pixels), size)

    def _ready(self, size: Size, content: Content) -> _Prepared:
        fixed = [one for one in self._fixed[size.key] if one.id not in content.hidden]
        key = size.key, tuple((layer.id, content.texts.get(layer.id, "")) for layer in fixed)
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = _Preparation(self.design, self._assets, size, content).prepared()
            kept = max(1, _KEPT_PIXELS // (size.width * size.height))
            while len(self._prepared) > kept:
                self._prepared.popitem(last=False)
        self._prepared.move_to_end(key)
        return found

    def _output(self, canvas: Pixels, transparent: bool, size: Size) -> tuple[Pixels, bool]:
        """The canvas at the output's size; of another shape, it is centred on the padding, never stretched."""
        height, width = canvas.shape[:2]
        wide, high = size.output
        if (wide, high) == (width, height):
            return canvas, transparent
        both = size.output_width and size.output_height
        w, h = contained(width, height, wide, high) if both else (wide, high)
        inner = scaled(canvas, Crop(0, 0, width, height), w, h, alpha=transparent)
        if (w, h) == (wide, high):
            return inner, transparent and not is_opaque(inner)
        backdrop = filled_pixels(wide, high, self._backdrop())
        x, y = (wide - w) // 2, (high - h) // 2
        part = backdrop[y : y + h, x : x + w]
        part[:] = over(inner, part) if transparent else inner
        return backdrop, False

    def _backdrop(self) -> tuple[int, int, int]:
        padding = next(layer.padding for layer in self.design.layers if isinstance(layer, ProductLayer))
        return rgba(padding)[:3] if padding.startswith("#") else _WHITE


def digest_of(canvas: Pixels) -> str:
    """A name of the canvas: the same for the same size and pixels, in 32 hex digits.

    By XXH3 and not SHA-256, since a canvas has millions of bytes. Whoever could forge a collision owns both pictures,
    and addresses are made from this under the frame's secret.
    """
    return xxhash.xxh3_128_hexdigest(np.ascontiguousarray(canvas).data, seed=canvas.shape[1])


class _Preparation:
    """Composes what a size has in common for all products with the same layers shown."""

    def __init__(self, design: Design, assets: Assets, size: Size, content: Content) -> None:
        self._size = size
        self._layers = [layer for layer in design.layers_of(size) if changes(layer) or layer.id not in content.hidden]
        self._scene = Scene(assets, Pictures({}), content)
        self._opaque = not design.encoder.encoder.format.alpha or self._covers()

    def prepared(self) -> _Prepared:
        """The start and the steps."""
        start = self._blank(opaque=self._opaque)
        above = self._blank(opaque=False)  # fixed layers since the last one that changes
        touched: Area = np.zeros(start.shape[:2], np.bool_)
        steps: list[Layer | Overlay] = []
        for layer in self._layers:
            if not changes(layer):
                self._lay_fixed(layer, start, touched, above)
                continue
            if above.any():
                steps.append(Overlay(above, touched, opaque=self._opaque))
                above = self._blank(opaque=False)
            steps.append(layer)
            area = extent(layer, layer.boxes[self._size.key])
            touched[max(0, area.y) : max(0, area.y + area.height), max(0, area.x) : max(0, area.x + area.width)] = True
        if above.any():
            steps.append(Overlay(above, touched, opaque=self._opaque))
        return _Prepared(start, self._opaque, tuple(steps), tuple(dict.fromkeys(self._scene.notes)))

    def _covers(self) -> bool:
        """Whether the layers that are the same in every picture leave nothing transparent."""
        pixels = self._blank(opaque=False)
        for layer in self._layers:
            if not changes(layer):
                self._lay(layer, pixels, opaque=False)
        return is_opaque(pixels)

    def _lay_fixed(self, layer: Layer, start: Pixels, touched: Area, above: Pixels) -> None:
        """Lays a layer on the start where nothing changes below it, and on ``above`` for where something does."""
        if not touched.any():
            self._lay(layer, start, opaque=self._opaque)
            return
        laid = start.copy()
        self._lay(layer, laid, opaque=self._opaque)
        np.copyto(start.view(np.uint32)[..., 0], laid.view(np.uint32)[..., 0], where=~touched)
        self._lay(layer, above, opaque=False)

    def _lay(self, layer: Layer, pixels: Pixels, *, opaque: bool) -> None:
        canvas = Canvas(pixels, opaque=opaque, blank=not opaque and not pixels.any())
        for tile in draw(layer, layer.boxes[self._size.key], self._scene):
            canvas.lay(tile)

    def _blank(self, *, opaque: bool) -> Pixels:
        if opaque:
            return filled_pixels(self._size.width, self._size.height, _WHITE)
        return np.zeros((self._size.height, self._size.width, 4), np.uint8)
