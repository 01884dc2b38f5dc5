"""What a layer is drawn from: one product's pictures and texts, the design's images and fonts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from frameapp.core.design.content import Content
from frameapp.core.design.layers import BaseLayer
from frameapp.core.render.canvas import Tile
from frameapp.core.render.crop import Crop
from frameapp.core.render.facts import Note, NoteKind, SourceFacts
from frameapp.core.render.frame import FrameImage, load_frame
from frameapp.core.render.geometry import Placed
from frameapp.core.render.pixels import Pixels, scaled
from frameapp.core.render.source import Picture, Source
from frameapp.errors import PictureError


class Assets:
    """The workspace's images and fonts that a design uses, by their SHA-256; an image is decoded once."""

    def __init__(self, files: Mapping[str, bytes], images: dict[str, FrameImage] | None = None) -> None:
        """``images`` are those that are decoded already; what is decoded here is added to them."""
        self.files = files
        self._images = {} if images is None else images

    def size_of(self, digest: str) -> tuple[int, int]:
        """An image's width and height in pixels. Raises PictureError."""
        image = self.image(digest)
        return image.width, image.height

    def image(self, digest: str) -> FrameImage:
        """The decoded image. Raises PictureError."""
        if digest not in self._images:
            if digest not in self.files:
                raise PictureError("An image of the design is missing. Upload it again.")
            self._images[digest] = load_frame(self.files[digest])
        return self._images[digest]


class Pictures:
    """A product's pictures by their keys, each opened and decoded once for all sizes and layers.

    ``texts`` are those that are drawn already, with what was odd about them: by layer, box width and box height.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._sources: dict[str, Source] = {}
        self._decoded: dict[tuple[str, int], Picture] = {}
        self._scaled: dict[tuple[str, int, Crop, int, int], Pixels] = {}
        self.texts: dict[tuple[str, int, int], tuple[list[Tile], list[Note]]] = {}

    def source(self, key: str) -> Source:
        """The opened picture. Raises PictureError."""
        if key not in self._sources:
            if key not in self.files:
                raise PictureError("A picture that the design shows is missing.")
            self._sources[key] = Source(self.files[key])
        return self._sources[key]

    def decoded(self, key: str, smallest: tuple[int, int] | None) -> Picture:
        """The picture's pixels, of a JPEG at least ``smallest`` (width, height). Raises PictureError."""
        source = self.source(key)
        factor = 1 if smallest is None else source.factor(*smallest)
        if (key, factor) not in self._decoded:
            self._decoded[key, factor] = source.decode_at(factor)
        return self._decoded[key, factor]

    def scaled(self, key: str, picture: Picture, placed: Placed) -> Pixels:
        """The part of a decoded picture at its size on the canvas; sizes with the same box share it."""
        at = (key, picture.factor, placed.crop, placed.box.width, placed.box.height)
        if at not in self._scaled:
            self._scaled[at] = fitted(picture, placed)
        return self._scaled[at]

    def facts(self, key: str) -> SourceFacts:
        """What the picture is, also where no layer has shown it. Raises PictureError."""
        known = next((picture for (name, _), picture in self._decoded.items() if name == key), None)
        return (known or self.decoded(key, (1, 1))).facts


def fitted(picture: Picture, placed: Placed) -> Pixels:
    """The part of the picture at its size on the canvas. Raises PictureError."""
    crop, factor, (across, down) = placed.crop, picture.factor, picture.lead
    height, width = picture.pixels.shape[:2]
    region = Crop(
        (crop.left + across) / factor,
        (crop.top + down) / factor,
        min((crop.right + across) / factor, width),
        min((crop.bottom + down) / factor, height),
    )
    with scaling():
        return scaled(picture.pixels, region, placed.box.width, placed.box.height, alpha=picture.alpha)


@dataclass(slots=True)
class Scene:
    """One product in one size. ``notes`` takes what was odd."""

    assets: Assets
    pictures: Pictures
    content: Content
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: NoteKind, layer: BaseLayer, detail: str) -> None:
        """Notes something odd about a layer of this product."""
        self.notes.append(Note(kind, layer.id, detail))


@contextmanager
def scaling() -> Iterator[None]:
    """Whatever scaling raises on extreme shapes becomes a PictureError."""
    try:
        yield
    except (ValueError, RuntimeError, MemoryError) as error:
        raise PictureError("The picture cannot be scaled into its box.") from error
