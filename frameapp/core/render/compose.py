"""The one render function: the preview, the bulk run, the command line and the benchmark call it."""

import math

import numpy as np
import xxhash
from PIL import ImageColor

from frameapp.core.design.recipe import Box, Layer, Recipe
from frameapp.core.render.crop import Crop
from frameapp.core.render.encode import encode
from frameapp.core.render.facts import Rendered
from frameapp.core.render.frame import FrameImage
from frameapp.core.render.geometry import Placed, contained, place
from frameapp.core.render.pixels import Pixels, composited, fill, filled, is_opaque, over, scaled
from frameapp.core.render.source import Picture, Source, content_box
from frameapp.errors import Invalid, PictureError

MAX_OUTPUT_PIXELS = 64_000_000
_WHITE = (255, 255, 255)


def render(source: bytes, frame: FrameImage, recipe: Recipe) -> Rendered:
    """The product picture ``source`` in its box of the frame, encoded.

    The same arguments give the same bytes. Raises PictureError where the source cannot be decoded, Invalid where the
    recipe does not fit the frame.
    """
    check(recipe, frame.width, frame.height)
    opened = Source(source)
    picture = opened.decode(None if recipe.trim else lambda width, height: smallest(width, height, recipe))
    canvas, transparent = resized(*compose(picture, frame, recipe), recipe)
    height, width = canvas.shape[:2]
    label = opened.digital_source_type
    data = encode(canvas, recipe.encoder, transparent=transparent, digital_source_type=label)
    return Rendered(data, recipe.encoder.format, width, height, digest_of(canvas) + label, picture.facts)


def digest_of(canvas: Pixels) -> str:
    """A name of the canvas: the same for the same size and pixels, in 32 hex digits.

    By XXH3 and not SHA-256, since a canvas has millions of bytes. Whoever could forge a collision owns both pictures,
    and addresses are made from this under the frame's secret.
    """
    return xxhash.xxh3_128_hexdigest(np.ascontiguousarray(canvas).data, seed=canvas.shape[1])


def check(recipe: Recipe, frame_width: int, frame_height: int) -> None:
    """Raises Invalid where the product box is not inside a frame of that size, or the output is too large."""
    box = recipe.box
    if box.width < 1 or box.height < 1:
        raise Invalid("The placement needs a width and a height.", field="box")
    if box.x < 0 or box.y < 0 or box.x + box.width > frame_width or box.y + box.height > frame_height:
        raise Invalid("The placement lies outside the frame image. Place the product again.", field="box")
    width, height = output_size(frame_width, frame_height, recipe)
    if min(recipe.output_width, recipe.output_height) < 0 or width * height > MAX_OUTPUT_PIXELS:
        raise Invalid("The output size must be between 1 and 64 megapixels.", field="output_width")
    if not 1 <= recipe.encoder.quality <= 100:
        raise Invalid("The quality must be between 1 and 100.", field="quality")
    padding_colour(recipe)


def padding_colour(recipe: Recipe) -> tuple[int, int, int] | None:
    """The padding's colour as red, green, blue; None for none. Raises Invalid."""
    if not recipe.padding:
        return None
    try:
        red, green, blue = ImageColor.getrgb(recipe.padding)[:3]
    except ValueError as error:
        raise Invalid("The padding colour must look like #rrggbb.", field="padding") from error
    return red, green, blue


def output_size(width: int, height: int, recipe: Recipe) -> tuple[int, int]:
    """The output's size in pixels for a canvas of that size; a side of 0 follows the other."""
    wide, high = recipe.output_width, recipe.output_height
    if wide and high:
        return wide, high
    if wide:
        return wide, max(1, round(height * wide / width))
    if high:
        return max(1, round(width * high / height)), high
    return width, height


def compose(picture: Picture, frame: FrameImage, recipe: Recipe) -> tuple[Pixels, bool]:
    """The canvas, of the frame's size, and whether any of it is transparent (never where the format has no alpha)."""
    placed = placement(picture, recipe)
    product = _scaled(picture, placed)
    if not recipe.encoder.format.alpha or not frame.has_alpha:
        return _compose_opaque(product, picture.alpha, placed.box, frame, recipe), False
    canvas = _compose_transparent(product, placed.box, frame, recipe)
    return canvas, not is_opaque(canvas)


def placement(picture: Picture, recipe: Recipe) -> Placed:
    """Where the picture lands; the crop is in source pixels."""
    part = content_box(picture) if recipe.trim else Box(0, 0, picture.facts.width, picture.facts.height)
    return place(part, recipe.box, recipe.fit, recipe.anchor)


def resized(canvas: Pixels, transparent: bool, recipe: Recipe) -> tuple[Pixels, bool]:
    """The canvas at the output's size; of another shape, it is centred on the padding colour, never stretched."""
    height, width = canvas.shape[:2]
    wide, high = output_size(width, height, recipe)
    if (wide, high) == (width, height):
        return canvas, transparent
    both = recipe.output_width and recipe.output_height
    w, h = contained(width, height, wide, high) if both else (wide, high)
    inner = scaled(canvas, Crop(0, 0, width, height), w, h, alpha=transparent)
    if (w, h) == (wide, high):
        return inner, transparent and not is_opaque(inner)
    backdrop = filled(wide, high, padding_colour(recipe) or _WHITE)
    _put(inner, transparent, backdrop, (wide - w) // 2, (high - h) // 2)
    return backdrop, False


def smallest(width: int, height: int, recipe: Recipe) -> tuple[int, int]:
    """How small a picture of that size may be decoded: as large as it is scaled to."""
    placed = place(Box(0, 0, width, height), recipe.box, recipe.fit, recipe.anchor)
    scale = max(placed.box.width / placed.crop.width, placed.box.height / placed.crop.height)
    return math.ceil(width * scale - 1e-6), math.ceil(height * scale - 1e-6)


def _scaled(picture: Picture, placed: Placed) -> Pixels:
    """The product at its size on the canvas."""
    crop, factor, (across, down) = placed.crop, picture.factor, picture.lead
    height, width = picture.pixels.shape[:2]
    region = Crop(
        (crop.left + across) / factor,
        (crop.top + down) / factor,
        min((crop.right + across) / factor, width),
        min((crop.bottom + down) / factor, height),
    )
    try:
        return scaled(picture.pixels, region, placed.box.width, placed.box.height, alpha=picture.alpha)
    except (ValueError, RuntimeError, MemoryError) as error:
        raise PictureError("The picture cannot be scaled into its box.") from error


def _part(canvas: Pixels, box: Box) -> Pixels:
    return canvas[box.y : box.y + box.height, box.x : box.x + box.width]


def _put(top: Pixels, alpha: bool, canvas: Pixels, x: int, y: int) -> None:
    """Lays ``top`` on an opaque canvas."""
    under = _part(canvas, Box(x, y, top.shape[1], top.shape[0]))
    under[:] = over(top, under) if alpha else top


def _compose_opaque(product: Pixels, alpha: bool, at: Box, frame: FrameImage, recipe: Recipe) -> Pixels:
    """An opaque canvas; what is transparent in the end is white."""
    colour = padding_colour(recipe)
    canvas = frame.opaque.copy()
    area = _part(canvas, recipe.box)
    if recipe.layer is Layer.ABOVE and not frame.has_alpha:
        return canvas
    if recipe.layer is Layer.ABOVE or colour is not None:
        fill(area, colour or _WHITE)
    _put(product, alpha, canvas, at.x, at.y)
    if recipe.layer is Layer.ABOVE:
        frame.overlay(recipe.box).lay_on(canvas)
    return canvas


def _compose_transparent(product: Pixels, at: Box, frame: FrameImage, recipe: Recipe) -> Pixels:
    """A canvas that keeps the transparency which neither product nor padding covers."""
    box, colour = recipe.box, padding_colour(recipe)
    layer = np.zeros((box.height, box.width, 4), np.uint8)
    if colour is not None:
        fill(layer, colour)
    inner = _part(layer, Box(at.x - box.x, at.y - box.y, at.width, at.height))
    inner[:] = composited(product, inner)
    canvas = frame.pixels.copy()
    area = _part(canvas, box)
    area[:] = composited(layer, area) if recipe.layer is Layer.BELOW else composited(area, layer)
    return canvas
