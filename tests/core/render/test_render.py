"""Fit, anchor, padding, trim, layer and output: exact pixels; the same result every time."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from benchmarks.ssim import ssim
from frameapp.core.design.recipe import Anchor, Box, Encoder, Fit, Layer, Recipe
from frameapp.core.render import FrameImage, formats, load_frame, render, thumbnail, trimmed
from frameapp.core.render.canvas import Canvas, Overlay
from frameapp.core.render.crop import Crop
from frameapp.core.render.geometry import place
from frameapp.core.render.pixels import as_image, from_image, over, scaled
from frameapp.core.render.source import Source
from frameapp.core.render.steps.scene import fitted
from frameapp.errors import Invalid, PictureError
from tests.core.render.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    frame_of,
    is_quarters,
    near,
    opened,
    photo,
    png,
    quarters,
    saved,
)

GREY = (90, 90, 90)
PNG = Encoder(formats.PNG)


def picture_of(data: bytes, frame: FrameImage, recipe: Recipe) -> Image.Image:
    return opened(render(data, frame, replace(recipe, encoder=PNG)).data)


def extent(image: Image.Image, colour: tuple[int, ...]) -> Box:
    """The smallest box around all pixels that are not that colour."""
    differs = np.any(np.asarray(image.convert("RGB")) != np.array(colour), axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    box=st.tuples(st.integers(0, 150), st.integers(0, 150), st.integers(1, 50), st.integers(1, 50)),
    fit=st.sampled_from(Fit),
    anchor=st.sampled_from(Anchor),
    kind=st.sampled_from(["PNG", "JPEG"]),
)
def test_no_picture_is_one_pixel_off(
    width: int, height: int, box: tuple[int, int, int, int], fit: Fit, anchor: Anchor, kind: str
) -> None:
    recipe = Recipe(Box(*box), fit=fit, anchor=anchor)
    image = picture_of(saved(Image.new("RGB", (width, height), RED), kind), frame_of(GREY), recipe)
    assert image.size == (200, 200)
    assert extent(image, GREY) == place(Box(0, 0, width, height), recipe.box, fit, anchor).box


def test_cover_keeps_the_anchored_part() -> None:
    data = saved(quarters(300, 100), "PNG")
    recipe = Recipe(Box(50, 50, 100, 100), fit=Fit.COVER)
    left = picture_of(data, frame_of(), replace(recipe, anchor=Anchor.LEFT))
    assert near(left, (140, 60), RED)
    assert near(left, (140, 140), BLUE)
    right = picture_of(data, frame_of(), replace(recipe, anchor=Anchor.RIGHT))
    assert near(right, (60, 60), GREEN)
    middle = picture_of(data, frame_of(), recipe)
    assert near(middle, (90, 60), RED)
    assert near(middle, (110, 60), GREEN)


def test_stretch_fills_the_box() -> None:
    image = picture_of(saved(quarters(300, 100), "PNG"), frame_of(), Recipe(Box(20, 0, 100, 200), fit=Fit.STRETCH))
    assert is_quarters(image.crop((20, 0, 120, 200)))


def test_padding_fills_what_the_product_leaves() -> None:
    data = saved(Image.new("RGB", (100, 50), RED), "PNG")
    recipe = Recipe(Box(50, 50, 100, 100), padding="#0a64c8")
    image = picture_of(data, frame_of(), recipe)
    assert image.getpixel((60, 60)) == (10, 100, 200)
    assert image.getpixel((60, 100)) == RED
    assert image.getpixel((49, 60)) == GREY
    assert picture_of(data, frame_of(), replace(recipe, padding="")).getpixel((60, 60)) == GREY


def test_padding_lies_behind_transparent_products() -> None:
    product = Image.new("RGBA", (100, 100), (*RED, 0))
    product.paste((*RED, 128), (0, 0, 100, 50))
    data = saved(product, "PNG")
    recipe = Recipe(Box(50, 50, 100, 100), padding="#0000ff")
    image = picture_of(data, frame_of(), recipe)
    assert image.getpixel((100, 130)) == (0, 0, 255)
    assert near(image, (100, 60), (110, 15, 147), 2)
    assert picture_of(data, frame_of(), replace(recipe, padding="")).getpixel((100, 130)) == GREY


def test_transparent_colours_do_not_bleed() -> None:
    product = Image.new("RGBA", (400, 400), (0, 255, 0, 0))
    ImageDraw.Draw(product).rectangle((100, 100, 299, 299), fill=(255, 0, 0, 255))
    image = picture_of(saved(product, "PNG"), frame_of(WHITE), Recipe(Box(50, 50, 99, 99)))
    pixels = np.asarray(image).reshape(-1, 3).astype(int)
    assert (pixels[:, 1] - pixels[:, 2]).max() <= 1  # between red and white, green equals blue everywhere


def test_trim_removes_white_and_transparent_borders() -> None:
    bordered = Image.new("RGB", (300, 200), (253, 254, 252))
    bordered.paste(quarters(80, 80), (150, 30))
    recipe = Recipe(Box(50, 50, 100, 100), trim=True)
    assert is_quarters(picture_of(saved(bordered, "PNG"), frame_of(), recipe).crop((50, 50, 150, 150)).resize((80, 80)))
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    clear.paste(Image.new("RGBA", (90, 60), (*RED, 255)), (10, 20))
    assert extent(picture_of(saved(clear, "PNG"), frame_of(), recipe), GREY) == Box(50, 66, 100, 67)
    blank = saved(Image.new("RGB", (100, 50), WHITE), "PNG")
    assert extent(picture_of(blank, frame_of(), recipe), GREY) == Box(50, 75, 100, 50)


def test_the_trimmed_picture_is_what_a_render_places() -> None:
    bordered = Image.new("RGB", (300, 200), WHITE)
    bordered.paste(quarters(90, 60), (150, 30))
    bordered.paste(RED, (239, 89, 240, 90))  # else the white quarter is border too
    shown = opened(trimmed(saved(bordered, "PNG"), 1200))
    assert (shown.format, shown.size) == ("WEBP", (90, 60))
    assert opened(trimmed(saved(bordered, "PNG"), 45)).size == (45, 30)
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    clear.paste((*RED, 255), (10, 20, 100, 80))
    clear.paste((*RED, 0), (40, 40, 60, 60))
    shown = opened(trimmed(saved(clear, "PNG"), 1200))
    assert shown.size == (90, 60)
    assert shown.convert("RGBA").getpixel((40, 30))[3] == 0  # type: ignore[index]
    blank = saved(Image.new("RGB", (100, 50), WHITE), "PNG")
    assert opened(trimmed(blank, 1200)).size == (100, 50)


@pytest.fixture
def window_frame() -> FrameImage:
    image = Image.new("RGBA", (200, 200), (*GREY, 255))
    ImageDraw.Draw(image).rectangle((50, 50, 149, 149), fill=(0, 0, 0, 0))
    return load_frame(saved(image, "PNG"))


def test_a_frame_above_covers_the_product(window_frame: FrameImage) -> None:
    data = saved(Image.new("RGB", (100, 100), RED), "PNG")
    recipe = Recipe(Box(20, 20, 160, 160), layer=Layer.ABOVE)
    image = picture_of(data, window_frame, recipe)
    assert image.mode == "RGB"
    assert extent(image, GREY) == Box(50, 50, 100, 100)
    below = picture_of(data, window_frame, replace(recipe, layer=Layer.BELOW))
    assert extent(below, GREY) == Box(20, 20, 160, 160)


def test_what_nothing_covers_stays_transparent_or_becomes_white(window_frame: FrameImage) -> None:
    data = saved(Image.new("RGB", (100, 50), RED), "PNG")
    recipe = Recipe(Box(50, 50, 100, 100), layer=Layer.ABOVE)
    image = picture_of(data, window_frame, recipe)
    assert image.mode == "RGBA"
    assert image.getpixel((100, 60)) == (0, 0, 0, 0)
    assert image.getpixel((100, 100)) == (*RED, 255)
    webp = opened(render(data, window_frame, replace(recipe, encoder=Encoder(formats.WEBP, 90))).data)
    assert webp.mode == "RGBA"
    jpeg = opened(render(data, window_frame, replace(recipe, encoder=Encoder(formats.JPEG, 95))).data)
    assert near(jpeg, (100, 60), WHITE)
    assert near(jpeg, (100, 100), RED)
    padded = picture_of(data, window_frame, replace(recipe, padding="#ffff00"))
    assert padded.mode == "RGB"
    assert padded.getpixel((100, 60)) == (255, 255, 0)


def test_an_opaque_frame_above_hides_the_product() -> None:
    data = saved(Image.new("RGB", (100, 50), RED), "PNG")
    image = picture_of(data, frame_of(), Recipe(Box(50, 50, 100, 100), layer=Layer.ABOVE))
    assert set(image.get_flattened_data()) == {GREY}


def test_soft_frames_blend_as_pillow_does() -> None:
    random = np.random.default_rng(3)
    top = random.integers(0, 256, size=(60, 70, 4), dtype=np.uint8)
    product = photo(70, 60)
    canvas = np.ascontiguousarray(np.dstack([np.asarray(product), np.full((60, 70), 255, np.uint8)]))
    expected = over(top, canvas)
    Overlay(top, np.ones((60, 70), np.bool_), opaque=True).lay_on(Canvas(canvas, opaque=True))
    assert np.array_equal(canvas, expected)


@pytest.mark.parametrize(
    ("wide", "high", "size"), [(100, 0, (100, 50)), (0, 300, (600, 300)), (120, 120, (120, 120)), (0, 0, (200, 100))]
)
def test_output_sizes(wide: int, high: int, size: tuple[int, int]) -> None:
    frame = load_frame(saved(quarters(200, 100), "PNG"))
    data = saved(Image.new("RGB", (8, 8), GREY), "PNG")
    recipe = Recipe(Box(96, 46, 8, 8), output_width=wide, output_height=high, padding="#102030")
    image = picture_of(data, frame, recipe)
    assert image.size == size
    if (wide, high) == (120, 120):
        assert image.getpixel((5, 5)) == (16, 32, 48)
        assert is_quarters(image.crop((0, 30, 120, 90)))
    else:
        assert is_quarters(image)


@pytest.mark.parametrize("target", [(64, 48), (97, 33), (150, 150), (400, 300), (1, 1)])
@pytest.mark.parametrize("alpha", [False, True])
def test_scaling_is_pillows_lanczos(target: tuple[int, int], alpha: bool) -> None:
    image = photo(211, 167)
    if alpha:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    crop = Crop(3.25, 2.5, 200.75, 160.5)
    ours = as_image(scaled(from_image(image), crop, *target, alpha=alpha)).convert(image.mode)
    theirs = image.resize(target, Image.Resampling.LANCZOS, (crop.left, crop.top, crop.right, crop.bottom))
    difference = np.abs(np.asarray(ours).astype(int) - np.asarray(theirs).astype(int))
    if alpha:
        solid = np.asarray(theirs)[..., 3] > 200
        difference = difference[solid]
    assert difference.mean() < 1 if difference.size else True
    # The two clip what a Lanczos filter overshoots after the first pass, which one takes across and the other down.
    assert difference.max(initial=0) <= 20


@pytest.mark.parametrize("size", [(1600, 1200), (801, 1203), (333, 250), (2001, 1001)])
def test_the_short_and_the_general_way_agree(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(photo(*size), "JPEG", quality=92)
    recipe = Recipe(Box(37, 21, 301, 275), padding="#ffffff")
    frame = frame_of(size=(400, 320))
    short = picture_of(data, frame, recipe)
    monkeypatch.setattr(Source, "_plain_jpeg", lambda self, factor: None)
    general = picture_of(data, frame, recipe)
    assert short.size == general.size
    assert ssim(short, general) > 0.998


@pytest.mark.parametrize("encoder", [Encoder(known, 80) for known in formats.outputs()])
def test_results_are_deterministic(encoder: Encoder) -> None:
    data, frame = saved(photo(500, 400), "JPEG"), frame_of()
    recipe = Recipe(Box(10, 10, 180, 180), encoder=encoder)
    first = render(data, frame, recipe)
    results = [first]
    threads = [threading.Thread(target=lambda: results.append(render(data, frame_of(), recipe))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == first for result in results)
    assert (first.width, first.height, first.format) == (200, 200, encoder.format)


def test_the_digest_names_the_pixels() -> None:
    frame, other = frame_of(), frame_of(size=(100, 400))
    recipe = Recipe(Box(10, 10, 80, 80))
    red, blue = (saved(Image.new("RGB", (50, 50), colour), "PNG") for colour in (RED, BLUE))
    same = saved(Image.new("RGB", (80, 80), RED), "BMP")
    digest = render(red, frame, recipe).pixels_digest
    assert render(same, frame, recipe).pixels_digest == digest
    assert render(red, frame, replace(recipe, encoder=PNG)).pixels_digest == digest
    assert render(blue, frame, recipe).pixels_digest != digest
    assert render(red, frame, replace(recipe, box=Box(11, 10, 80, 80))).pixels_digest != digest
    assert render(red, other, recipe).pixels_digest != digest


def test_one_digest_and_encoder_have_one_file() -> None:
    recipe = Recipe(Box(0, 0, 200, 200), encoder=PNG, output_width=50)
    image = quarters(200, 200)
    veiled = image.copy()
    veiled.putalpha(255)
    veiled.putpixel((5, 5), (*RED, 254))  # lost in the smaller output
    label = b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    files = [saved(image, "PNG"), saved(veiled, "PNG"), saved(image, "WEBP", lossless=True, xmp=label)]
    plain, lost, labelled = (render(data, frame_of((90, 90, 90, 0)), recipe) for data in files)
    assert (lost.pixels_digest, lost.data) == (plain.pixels_digest, plain.data)
    assert labelled.pixels_digest != plain.pixels_digest
    assert labelled.data != plain.data


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("encoder", [Encoder(known) for known in formats.outputs()])
def test_only_the_source_type_is_kept_of_the_metadata(file_format: str, encoder: Encoder) -> None:
    code = "trainedAlgorithmicMedia"
    xmp = (
        f'<x:xmpmeta GPS="48 N" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{code}"/>'
    )
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    options: dict[str, Any] = {"exif": exif}
    if file_format == "PNG":
        from PIL.PngImagePlugin import PngInfo

        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp)
    else:
        options["xmp"] = xmp.encode()
    recipe = Recipe(Box(10, 10, 100, 100), encoder=encoder)
    data = render(saved(photo(80, 80), file_format, **options), frame_of(), recipe).data
    image = opened(data)
    assert not image.getexif()
    assert "icc_profile" not in image.info
    assert b"camera" not in data
    assert b"GPS" not in data
    assert data.count(f"digitalsourcetype/{code}".encode()) == 1
    packet = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    assert code in (packet if isinstance(packet, str) else packet.decode())
    plain = render(saved(photo(80, 80), file_format, exif=exif), frame_of(), recipe).data
    assert b"xmp" not in plain.lower()


def test_jpeg_is_baseline_with_halved_chroma() -> None:
    image = opened(render(saved(photo(300, 300), "PNG"), frame_of(), Recipe(Box(0, 0, 200, 200))).data)
    assert image.format == "JPEG"
    assert not image.info.get("progressive")
    assert [layer[1:3] for layer in image.layer] == [(2, 2), (1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"box": Box(150, 0, 100, 100)}, "box"),
        ({"box": Box(-1, 0, 100, 100)}, "box"),
        ({"box": Box(0, 0, 0, 100)}, "box"),
        ({"padding": "bluish"}, "padding"),
        ({"encoder": Encoder(quality=0)}, "quality"),
        ({"output_width": -5}, "output_width"),
        ({"output_width": 60_000}, "output_width"),
    ],
)
def test_recipes_that_do_not_fit_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        render(saved(quarters(), "PNG"), frame_of(), replace(Recipe(Box(0, 0, 100, 100)), **change))
    assert caught.value.field == field


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", png(9_000, 5_000, 8, 2, b""), saved(Image.new("RGB", (7, 50)), "PNG"), saved(quarters(), "BMP")],
)
def test_frame_images_that_are_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        load_frame(data)


@pytest.mark.parametrize("size", [(1600, 900), (50, 400), (3, 3), (4000, 20)])
def test_thumbnails_are_small(size: tuple[int, int]) -> None:
    noise = Image.effect_noise(size, 200).convert("RGB")
    data = thumbnail(saved(noise, "PNG"), 320)
    image = opened(data)
    assert image.format == "WEBP"
    assert len(data) <= 20_000
    assert max(image.size) <= min(320, max(size))


def test_thumbnails_keep_transparency_and_shape() -> None:
    product = Image.new("RGBA", (600, 300), (*RED, 0))
    product.paste((*RED, 255), (0, 0, 300, 300))
    image = Image.open(io.BytesIO(thumbnail(saved(product, "PNG"), 100)))
    assert image.size == (100, 50)
    assert image.convert("RGBA").getpixel((90, 25))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_decoded_smaller_is_not_moved(orientation: int) -> None:
    image = Image.new("RGB", (1201, 801), "white")
    for x in range(0, 1201, 100):
        image.paste((0, 0, 0), (x, 0, x + 50, 801))
    for y in range(0, 801, 100):
        image.paste((200, 0, 0), (0, y, 1201, y + 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = Source(saved(image, "JPEG", quality=95, exif=exif))
    size = (199, 299) if orientation >= 5 else (299, 199)
    small, whole = source.decode(lambda *_: size), source.decode()
    assert small.factor > 1
    placed = place(Box(0, 0, source.width, source.height), Box(0, 0, *size), Fit.STRETCH, Anchor.CENTER)
    difference = fitted(small, placed).astype(int) - fitted(whole, placed).astype(int)
    assert np.abs(difference).mean() < 2.5
