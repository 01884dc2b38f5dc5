"""AVIF files: the same on every machine, with colours as sharp as they were drawn."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw

from frameapp.core.render import avif, jpeg
from frameapp.core.render.pixels import Pixels, from_image
from tests.core.render.pictures import opened, photo


def test_bytes_do_not_depend_on_the_cores_of_the_machine() -> None:
    canvas = from_image(photo(1080, 1080))
    cores = os.sched_getaffinity(0)

    def on(some: set[int]) -> bytes:
        os.sched_setaffinity(0, some)  # of this thread alone
        return avif.encode(canvas, 88)

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(on, {min(cores)}).result() == thread.submit(on, cores).result()


def test_bytes_do_not_depend_on_what_pillow_would_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = from_image(photo(640, 480))
    plain = avif.encode(canvas, 88)
    monkeypatch.setattr("PIL.AvifImagePlugin.DEFAULT_MAX_THREADS", 4)
    assert avif.encode(canvas, 88) == plain


def test_edges_between_colours_stay_sharp() -> None:
    image = Image.new("RGB", (120, 80), (0, 0, 255))
    ImageDraw.Draw(image).text((8, 20), "Sale", fill=(255, 0, 0), font_size=40)
    canvas = from_image(image)
    ours, halved = (_largest_difference(encode(canvas, 90), canvas) for encode in (avif.encode, jpeg.encode))
    assert 2 * ours < halved


def test_opaque_files_have_no_alpha() -> None:
    canvas = from_image(photo(60, 40))
    assert opened(avif.encode(canvas, 80)).mode == "RGB"
    canvas[0, 0] = 0
    assert opened(avif.encode(canvas, 80, transparent=True)).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("quality", [1, 40, 90])
def test_alpha_is_lossless_at_any_quality(quality: int) -> None:
    canvas = from_image(photo(120, 80))
    canvas[..., 3] = np.add.outer(np.arange(80) * 2, np.arange(120) % 96).astype(np.uint8)
    canvas[5, 7, 3] = 0
    decoded = np.asarray(opened(avif.encode(canvas, quality, transparent=True)))
    assert np.array_equal(decoded[..., 3], canvas[..., 3])


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 16), (65, 3)])
def test_any_size_is_written(size: tuple[int, int]) -> None:
    assert opened(avif.encode(from_image(photo(*size)), 100)).size == size


def _largest_difference(data: bytes, canvas: Pixels) -> int:
    decoded = np.asarray(opened(data).convert("RGB"), np.int16)
    return int(np.abs(decoded - canvas[..., :3]).max())
