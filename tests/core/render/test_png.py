"""Our PNG encoder: every reader gets the same pixels back."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from frameapp.core.render.png import of_rows
from tests.core.render.pictures import photo, saved


@settings(max_examples=100, deadline=None)
@given(width=st.integers(1, 90), height=st.integers(1, 200), channels=st.sampled_from([3, 4]), seed=st.integers(0, 99))
def test_any_pixels_come_back(width: int, height: int, channels: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)
    pixels[height // 2 :] //= 64
    image = Image.open(io.BytesIO(of_rows(pixels)))
    image.verify()
    image = Image.open(io.BytesIO(of_rows(pixels)))
    assert image.mode == {3: "RGB", 4: "RGBA"}[channels]
    assert np.array_equal(np.asarray(image), pixels)


@pytest.mark.parametrize("size", [(640, 480), (300, 1000)])
def test_files_are_hardly_larger_than_pillows(size: tuple[int, int]) -> None:
    image = photo(*size)
    assert len(of_rows(np.asarray(image))) <= 1.05 * len(saved(image, "PNG"))
