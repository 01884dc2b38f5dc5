"""The one render function: the preview, the bulk run, the command line and the benchmark call it."""

from __future__ import annotations

import hashlib
import math

from PIL import Image, ImageColor

from frameapp.core.render.encode import encode
from frameapp.core.render.facts import Rendered
from frameapp.core.render.frame import FrameImage
from frameapp.core.render.geometry import Placed, contained, place
from frameapp.core.render.recipe import Box, Format, Layer, Recipe
from frameapp.core.render.source import Picture, Source, content_box, has_transparency
from frameapp.errors import Invalid, PictureError

MAX_OUTPUT_PIXELS = 64_000_000
_WHITE = (255, 255, 255)


def render(source: bytes, frame: FrameImage, recipe: Recipe) -> Rendered:
    """The product picture ``source`` in its box of the frame, encoded.

    The same arguments give the same bytes. Raises PictureError where the source cannot be decoded, Invalid where the
    recipe does not fit the frame.
    """
    check(recipe, frame)
    opened = Source(source)
    return render_general(opened, frame, recipe)


def render_general(source: Source, frame: FrameImage, recipe: Recipe) -> Rendered:
    """Any picture, any recipe, by Pillow."""
    picture = source.decode(None if recipe.trim else lambda w, h: _needed(w, h, recipe))
    canvas = compose(picture, frame, recipe)
    canvas = resized(canvas, recipe)
    data = encode(canvas, recipe.encoder, source.digital_source_type)
    digest = hashlib.sha256(f"{canvas.mode} {canvas.width} {canvas.height} ".encode())
    digest.update(canvas.tobytes())
    return Rendered(data, recipe.encoder.format, canvas.width, canvas.height, digest.hexdigest(), picture.facts)


def check(recipe: Recipe, frame: FrameImage) -> None:
    """Raises Invalid where the product box is not inside the frame, or the output is too large."""
    box = recipe.box
    if box.width < 1 or box.height < 1:
        raise Invalid("The placement needs a width and a height.", field="box")
    if box.x < 0 or box.y < 0 or box.x + box.width > frame.width or box.y + box.height > frame.height:
        raise Invalid("The placement lies outside the frame image. Place the product again.", field="box")
    width, height = output_size(frame.width, frame.height, recipe)
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


def compose(picture: Picture, frame: FrameImage, recipe: Recipe) -> Image.Image:
    """The canvas, of the frame's size: RGBA where it keeps transparency (never for JPEG), else RGB."""
    placed = placement(picture, recipe)
    product = _scaled(picture, placed)
    if recipe.encoder.format is Format.JPEG or not frame.has_alpha:
        return _compose_opaque(product, placed.box, frame, recipe)
    return _compose_transparent(product, placed.box, frame, recipe)


def placement(picture: Picture, recipe: Recipe) -> Placed:
    """Where the picture lands; the crop is in source pixels."""
    whole = Box(0, 0, picture.facts.width, picture.facts.height)
    part = content_box(picture.image) if recipe.trim else whole
    return place(part, recipe.box, recipe.fit, recipe.anchor)


def resized(canvas: Image.Image, recipe: Recipe) -> Image.Image:
    """The canvas at the output's size; of another shape, it is centred on the padding colour, never stretched."""
    size = output_size(canvas.width, canvas.height, recipe)
    if size == canvas.size:
        return canvas
    inner = contained(canvas.width, canvas.height, *size)
    if size != (recipe.output_width, recipe.output_height):
        inner = size
    scaled = canvas.resize(inner, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if inner == size:
        return scaled
    backdrop = Image.new("RGB", size, padding_colour(recipe) or _WHITE)
    backdrop.paste(scaled, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2), _mask(scaled))
    return backdrop


def _needed(width: int, height: int, recipe: Recipe) -> tuple[int, int]:
    """How small a picture of that size may be decoded: twice what it is scaled to, so that scaling stays sharp."""
    placed = place(Box(0, 0, width, height), recipe.box, recipe.fit, recipe.anchor)
    scale = 2 * max(placed.box.width / placed.crop.width, placed.box.height / placed.crop.height)
    return math.ceil(width * scale), math.ceil(height * scale)


def _scaled(picture: Picture, placed: Placed) -> Image.Image:
    """The product at its size on the canvas; Pillow scales RGBA premultiplied."""
    crop, factor = placed.crop, picture.factor
    width, height = picture.image.size
    region = (
        crop.left / factor,
        crop.top / factor,
        min(crop.right / factor, width),
        min(crop.bottom / factor, height),
    )
    try:
        return picture.image.resize((placed.box.width, placed.box.height), Image.Resampling.LANCZOS, region)
    except (ValueError, MemoryError) as error:
        raise PictureError("The picture cannot be scaled into its box.") from error


def _mask(image: Image.Image) -> Image.Image | None:
    return image.getchannel("A") if image.mode == "RGBA" else None


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def _compose_opaque(product: Image.Image, at: Box, frame: FrameImage, recipe: Recipe) -> Image.Image:
    """An opaque canvas; what is transparent in the end is white."""
    colour = padding_colour(recipe)
    canvas = frame.opaque.copy()
    if recipe.layer is Layer.BELOW:
        if colour is not None:
            canvas.paste(colour, _corners(recipe.box))
        canvas.paste(product, (at.x, at.y), _mask(product))
        return canvas
    if not frame.has_alpha:
        return canvas
    area = _corners(recipe.box)
    under = Image.new("RGB", (recipe.box.width, recipe.box.height), colour or _WHITE)
    under.paste(product, (at.x - recipe.box.x, at.y - recipe.box.y), _mask(product))
    under.paste(frame.image.convert("RGB").crop(area), (0, 0), frame.alpha.crop(area))
    canvas.paste(under, area)
    return canvas


def _compose_transparent(product: Image.Image, at: Box, frame: FrameImage, recipe: Recipe) -> Image.Image:
    """A canvas that keeps the transparency which neither product nor padding covers."""
    colour = padding_colour(recipe)
    area = _corners(recipe.box)
    layer = Image.new("RGBA", (recipe.box.width, recipe.box.height), (*colour, 255) if colour else (0, 0, 0, 0))
    layer.alpha_composite(product.convert("RGBA"), (at.x - recipe.box.x, at.y - recipe.box.y))
    canvas = frame.image.copy()
    cut = canvas.crop(area)
    below, above = (cut, layer) if recipe.layer is Layer.BELOW else (layer, cut)
    canvas.paste(Image.alpha_composite(below, above), area)
    return canvas if has_transparency(canvas) else canvas.convert("RGB")
