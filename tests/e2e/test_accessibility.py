"""No page has a serious finding of axe, on wide and narrow screens, light and dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import Site
from tests.e2e.job import add_frame, frame_id_of, generate, wait_until_processed

WIDTHS = [390, 1440]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_before_sign_in(site: Site, width: int) -> None:
    page = site.new_context(width=width).new_page()
    for path in ("/login", "/register", "/nowhere"):
        page.goto(path)
        assert_accessible(page)
    page.goto("/login")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password", exact=True).fill("not the pass phrase")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_a_user(site: Site, width: int) -> None:
    page = site.new_user_page(width=width)
    assert_accessible(page)  # the empty list
    page.get_by_role("button", name="Menu" if width < 1024 else "Account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert_accessible(page)
    page.goto("/add-frame")
    assert_accessible(page)
    page.get_by_text("Advanced: sign-in and User-Agent").click()
    page.get_by_role("button", name="Create frame").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert_accessible(page)
    add_frame(page, site.catalogue.feed_url(6, broken=1))
    assert_accessible(page)
    page.get_by_role("radio", name="Result").click()
    page.locator(".placement-result[data-fresh=true]").first.wait_for()
    assert_accessible(page)
    generate(page)
    wait_until_processed(page, 6)
    frame_id = frame_id_of(page)
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Actions for ")).click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert_accessible(page, but={"aria-hidden-focus"})  # Radix holds the focus in the open menu
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    other = page.context.new_page()
    gated = add_frame(other, site.catalogue.feed_url(150, kind="gated"))
    other.locator(".placement-result[data-fresh=true]").first.wait_for(state="attached")
    site.catalogue.gate.clear()  # from here on pictures wait, but for those that the pages have
    try:
        generate(other)
        page.goto("/")
        expect(page.get_by_role("progressbar")).to_be_visible()
        assert_accessible(page)
        other.goto(f"/frame/{gated}/preview")
        other.get_by_role("button", name="Save & Generate Images").click()
        expect(other.get_by_role("alertdialog")).to_be_visible()
        assert_accessible(other)
        other.close()
    finally:
        site.catalogue.gate.set()
    for path in ("/", "/activity", f"/frame/{frame_id}/edit", f"/frame/{frame_id}/delete", f"/frame_detail/{frame_id}"):
        page.goto(path)
        assert_accessible(page)
