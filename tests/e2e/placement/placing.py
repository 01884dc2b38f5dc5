"""The placement page, as far as tests need it: its box, its fields, its result."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.e2e.conftest import Site

FIELDS = ("X", "Y", "Width", "Height")


def open_sample(site: Site, app: Application, sample: tuple[Viewer, int], **view: int) -> Page:
    """The placement page of the sample."""
    viewer, frame_id = sample
    page = site.page_of(app, viewer, **view)
    page.goto(f"/frame/{frame_id}/preview", wait_until="commit")
    return page


def wait_for_result(page: Page) -> None:
    """Until the result on show is the one of the present placement."""
    page.locator(".placement-beside .placement-result[data-fresh=true]").wait_for(state="attached")


def box_of(page: Page) -> tuple[int, ...]:
    """X, Y, width and height as the number fields show them."""
    return tuple(int(page.get_by_label(name, exact=True).input_value()) for name in FIELDS)


def set_number(page: Page, name: str, value: str) -> None:
    field = page.get_by_label(name, exact=True)
    field.fill(value)
    field.press("Enter")
    expect(field).to_have_value(value)


def place(page: Page, x: int = 100) -> None:
    """Put the box to (``x``, 120), and wait until it lies there: a field shows what was typed before it counts."""
    set_number(page, "X", str(x))
    set_number(page, "Y", "120")
    left, top = (rf"({n}|{n}\.0\d*|{n - 1}\.9\d*)" for n in (x, 120))  # the display's scale rounds
    expect(page.get_by_test_id("product-box")).to_have_css(
        "transform", re.compile(rf"matrix\(1, 0, 0, 1, {left}, {top}\)")
    )


def scale_of(page: Page) -> float:
    """Screen pixels per frame-image pixel."""
    rectangle = page.get_by_test_id("product-box").bounding_box()
    assert rectangle
    return rectangle["width"] / box_of(page)[2]


def drag(page: Page, selector: str, dx: float, dy: float) -> None:
    rectangle = page.locator(selector).bounding_box()
    assert rectangle
    x, y = rectangle["x"] + rectangle["width"] / 2, rectangle["y"] + rectangle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2, steps=3)
    page.mouse.move(x + dx, y + dy, steps=3)
    page.mouse.up()


def swipe(page: Page, selector: str, dx: float, dy: float) -> None:
    """The same with a finger."""
    rectangle = page.locator(selector).bounding_box()
    assert rectangle
    x, y = rectangle["x"] + rectangle["width"] / 2, rectangle["y"] + rectangle["height"] / 2
    touch = page.context.new_cdp_session(page)
    for step in range(7):
        at = {"x": x + dx * step / 6, "y": y + dy * step / 6}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()


def wait_for_box(page: Page, *expected: int) -> None:
    for name, value in zip(FIELDS, expected, strict=True):
        expect(page.get_by_label(name, exact=True)).to_have_value(str(value))


def expect_same_place(page: Page, *selectors: str) -> None:
    """Wait until these elements lie over each other, within a fifth of a pixel."""
    page.wait_for_function(
        """selectors => {
            const [one, other] = selectors.map(selector => document.querySelector(selector).getBoundingClientRect())
            return ["x", "y", "width", "height"].every(side => Math.abs(one[side] - other[side]) < 0.2)
        }""",
        arg=selectors,
    )
