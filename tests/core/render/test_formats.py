"""The registry of picture formats: each descriptor is held against real files and against nginx's table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from frameapp.core.design.recipe import Encoder
from frameapp.core.render import formats
from frameapp.core.render.encode import encode
from frameapp.core.render.formats import PictureFormat
from frameapp.core.render.pixels import from_image
from frameapp.core.render.source import Source
from tests.core.render.drawings import svg
from tests.core.render.pictures import photo, saved

MIME_TYPES = Path("/etc/nginx/mime.types")


BY_PILLOW = [known for known in formats.sources() if known.rasterise is None]


@pytest.mark.parametrize("known", BY_PILLOW, ids=lambda known: known.name)
def test_a_file_is_recognised_by_its_first_bytes(known: PictureFormat) -> None:
    data = saved(photo(40, 30), known.codecs[0])
    assert formats.recognised(data) is known
    assert formats.media_type(data) == Image.MIME[known.codecs[0]]
    assert Source(data).format == known.name


@pytest.mark.parametrize("known", formats.outputs(), ids=lambda known: known.name)
def test_an_output_is_of_its_format_and_has_what_the_format_can(known: PictureFormat) -> None:
    image = photo(60, 40).convert("RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    files = [encode(from_image(image), Encoder(known, quality), transparent=known.alpha) for quality in (40, 90)]
    assert {formats.recognised(data) for data in files} == {known}
    assert Source(files[0]).decode().alpha is known.alpha
    assert (files[0] != files[1]) is known.has_quality


@pytest.mark.parametrize("known", formats.outputs(), ids=lambda known: known.name)
def test_nginx_sends_published_pictures_as_we_do(known: PictureFormat) -> None:
    line = re.search(rf"^\s*(\S+)\s[^;]*\b{known.extension}\b", MIME_TYPES.read_text(), re.MULTILINE)
    assert line
    assert line[1] == known.media_type


def test_unknown_bytes_and_names_have_no_format() -> None:
    assert formats.recognised(b"") is None
    assert formats.media_type(b"<html>") == "application/octet-stream"
    for name in ("gif", "", "JPEG"):
        with pytest.raises(ValueError, match=f"^{name}$"):
            formats.output(name)


def test_a_drawing_is_recognised_by_its_first_element() -> None:
    assert formats.recognised(svg()) is formats.SVG
    assert formats.media_type(svg()) == "image/svg+xml"
    assert Source(svg()).format == "svg"


def test_labels_make_a_sentence() -> None:
    assert formats.listed(formats.frame_images()) == "JPEG, PNG, WebP or SVG"
    assert formats.listed([formats.GIF]) == "GIF"
