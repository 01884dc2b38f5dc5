"""No page has a serious finding of axe, on wide and narrow screens, light and dark."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.job import add_frame, frame_id_of, generate, wait_until_processed

SCREENS = [(1440, False), (1440, True), (390, False), (390, True)]


def check(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".rt-Skeleton")).to_have_count(0, timeout=15_000)
    found = Axe().run(page).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in {"serious", "critical"}]
    assert serious == [], f"{page.url}: {serious}"
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    assert picture.width == page.viewport_size["width"], f"{page.url} scrolls sideways"


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_pages_before_sign_in(site: Site, width: int, *, dark: bool) -> None:
    page = site.new_context(width=width, dark=dark).new_page()
    for path in ("/login", "/register", "/nowhere"):
        page.goto(path)
        check(page)


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_pages_of_a_user(site: Site, width: int, *, dark: bool) -> None:
    page = site.new_user_page(width=width, dark=dark)
    check(page)  # the empty list
    page.goto("/add-frame")
    check(page)
    add_frame(page, site.catalogue.feed_url(6, broken=1))
    check(page)
    generate(page)
    wait_until_processed(page, 6)
    frame_id = frame_id_of(page)
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Actions for ")).click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    site.catalogue.gate.clear()
    try:
        other = page.context.new_page()
        add_frame(other, site.catalogue.feed_url(4, kind="gated"))
        generate(other)
        other.close()
        page.goto("/")
        expect(page.get_by_role("progressbar")).to_be_visible(timeout=30_000)
        check(page)
    finally:
        site.catalogue.gate.set()
    for path in ("/", "/activity", f"/frame/{frame_id}/edit", f"/frame/{frame_id}/delete", f"/frame_detail/{frame_id}"):
        page.goto(path)
        check(page)
