"""What the render tests hold to be right of strangers' pictures is what Chromium shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.core.render.colours import PICTURES
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
