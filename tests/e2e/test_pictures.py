"""What the render tests hold to be right of strangers' pictures is what Chromium shows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser

from frameapp.core.render.source import Source
from tests.core.render.colours import PICTURES
from tests.core.render.irregular import SHOWN, jpeg_without
from tests.shown import Shown, shown_by


@pytest.fixture(autouse=True)
def _screenshot_on_failure() -> None:
    """In place of the one that needs the application."""


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Shown]:
    """A page that loads pictures."""
    with shown_by(browser) as page:
        yield page


def test_colours(shown: Shown) -> None:
    wrong = {}
    for name, (data, right) in PICTURES.items():
        image = shown.of(data)
        found = image.getpixel((0, 0)) if image else None
        if not isinstance(found, tuple) or any(abs(a - b) > 1 for a, b in zip(found, (*right, 255)[:4], strict=True)):
            wrong[name] = (found, right)
    assert not wrong


def test_irregular_files(shown: Shown) -> None:
    wrong = {}
    for name, data in SHOWN.items():
        image, ours = shown.of(data), Source(data).decode().pixels
        if image is None or image.size != ours.shape[1::-1] or np.abs(np.asarray(image, int) - ours).max() > 1:
            wrong[name] = image
    assert not wrong


def test_jpeg_files_without_their_end(shown: Shown) -> None:
    """Chromium lacks their last rows of blocks; what it shows is the same."""
    for data in (jpeg_without(2), jpeg_without(1), jpeg_without(2, progressive=True)):
        image = shown.of(data)
        assert image is not None
        theirs, ours = np.asarray(image, int), Source(data).decode().pixels
        seen = (theirs[..., 3] == 255) & (np.arange(120) < 96)[:, None]
        assert seen[:96].all()
        assert np.abs(theirs[seen] - ours[seen]).max() <= 4
