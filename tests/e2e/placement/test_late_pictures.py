"""Pictures of the placement page that are late, fail or do not arrive: each is said, and tried again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.catalogue import Catalogue, picture, send
from tests.e2e.conftest import Site
from tests.e2e.job import add_frame
from tests.e2e.placement.placing import set_number, wait_for_result


def mend(monkeypatch: pytest.MonkeyPatch, host: Catalogue) -> None:
    """From now on every picture of the host is a good one."""
    monkeypatch.setattr(host, "answer", lambda handler: send(handler, 200, "image/jpeg", picture(1)))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", re.compile("404 Not Found")),
        ("html", re.compile("web page|picture")),
        ("truncated", re.compile("cut off|damaged|truncated|incomplete")),
    ],
)
def test_a_product_picture_that_fails_says_why_and_is_tried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, kind: str, reason: re.Pattern[str]
) -> None:
    page = site.new_user_page()
    add_frame(page, site.catalogue.feed_url(3, kind=kind, name=f"fails-{kind}"))
    expect(page.get_by_role("alert").filter(has_text=reason).first).to_be_visible()
    expect(page.locator(".rt-Spinner")).to_have_count(0)
    mend(monkeypatch, site.catalogue)
    page.get_by_role("button", name="Try again").first.click()
    wait_for_result(page)
    expect(page.get_by_role("alert").filter(has_text=reason)).to_have_count(0)
    expect(page.locator(".thumb img").first).to_be_visible()


def test_a_product_picture_that_is_long_in_coming_is_awaited_visibly(site: Site) -> None:
    page = site.new_user_page()
    site.catalogue.gate.clear()
    try:
        add_frame(page, site.catalogue.feed_url(2, kind="gated", name="long-in-coming"))
        expect(page.locator(".placement-box .rt-Spinner")).to_be_visible()
        expect(page.locator(".placement-beside .rt-Spinner")).to_be_visible()
    finally:
        site.catalogue.gate.set()
    wait_for_result(page)
    expect(page.locator(".rt-Spinner")).to_have_count(0)


@pytest.mark.parametrize("how", ["status 500", "network"])
def test_a_result_that_does_not_arrive_says_so_and_is_tried_again(page: Page, how: str) -> None:
    def fail(route: Route) -> None:
        if how == "network":
            route.abort()
        else:
            route.fulfill(status=500, body="broken")

    page.route("**/files/preview/**", fail)
    set_number(page, "X", "90")
    trouble = page.locator(".placement-beside").get_by_role("alert")
    expect(trouble).to_contain_text("did not reach your browser")
    expect(page.locator(".rt-Spinner")).to_have_count(0)
    page.unroute("**/files/preview/**")
    trouble.get_by_role("button", name="Try again").click()
    wait_for_result(page)
    expect(trouble).to_have_count(0)


def test_a_picture_that_the_canvas_does_not_get_is_tried_again(page: Page) -> None:
    page.route("**/files/source/*/original", lambda route: route.abort())
    page.get_by_role("button", name="Next product").click()
    trouble = page.locator(".placement-strip").get_by_role("alert")
    expect(trouble).to_contain_text("The canvas could not show this product's picture")
    wait_for_result(page)
    page.unroute("**/files/source/*/original")
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_have_count(0)
    page.wait_for_function("document.querySelector('.placement-product img')?.naturalWidth > 0")
