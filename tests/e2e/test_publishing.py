"""Publishing in a real browser: the address, what anybody reads there, a later run, a second tab, and the end of it."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from frameapp.core.feeds import Entry, FeedReader
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import Site
from tests.e2e.job import add_frame, generate, wait_until_processed

ADDRESS = ".published-address"


def published(page: Page) -> str:
    """The address that the page shows, once it does."""
    expect(page.locator(ADDRESS)).to_be_visible()
    return page.locator(ADDRESS).inner_text()


def entries(site: Site, address: str) -> list[Entry]:
    """What an ad platform reads at the address: without a cookie, over the network."""
    assert address.startswith(f"{site.url}/feeds/")
    answer = httpx.get(address, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    return list(FeedReader(io.BytesIO(answer.content)))


def header_button(page: Page, name: str) -> Locator:
    return page.locator(".page-header").get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_feed_is_published_read_by_anybody_and_taken_back(site: Site, width: int) -> None:
    page = site.new_user_page(width=width)
    add_frame(page, site.catalogue.feed_url(6, broken=2, name=f"published-{width}"))
    generate(page)
    wait_until_processed(page, 6)
    page.get_by_role("tab", name="Feed").click()
    expect(page.get_by_text("Its published address stays the same")).to_be_visible()
    assert_accessible(page)
    second = page.context.new_page()
    second.goto(page.url)
    second.get_by_role("tab", name="Runs").click()
    expect(header_button(page, "Publish")).to_have_count(0)  # the tab has the only one
    page.get_by_role("button", name="Publish", exact=True).click()
    address = published(page)
    expect(page.get_by_role("region", name="Published feed")).to_be_focused()
    expect(page.get_by_text("4 with new pictures, 2 with their original ones")).to_be_visible()
    expect(page.get_by_text("Ad platforms cannot reach this address.")).to_be_visible()
    assert_accessible(page)
    second.bring_to_front()
    expect(header_button(second, "Publish")).to_have_count(0)
    second.get_by_role("tab", name="Feed").click()
    assert published(second) == address
    rows = page.context.request.get(re.sub(r".*/frame_detail/(\d+).*", r"/frame/\1/outputs-ajax/", page.url)).json()
    mine = {row["product_id"]: row for row in rows["data"]}
    for entry in entries(site, address):
        row = mine[entry.product_id]
        if row["state"] == "failed":
            assert entry.image_link.startswith(site.catalogue.url)
            continue
        picture = httpx.get(entry.image_link, trust_env=False)
        assert picture.content == page.context.request.get(row["download_url"]).body()
        assert picture.headers["content-type"] == "image/jpeg"
    page.bring_to_front()
    page.get_by_role("button", name="Stop publishing").focus()
    page.keyboard.press("Enter")
    question = page.get_by_role("alertdialog")
    expect(question.get_by_role("button", name="Keep publishing")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    expect(page.locator(ADDRESS)).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")
    assert httpx.get(address, trust_env=False).status_code == 404
    expect(second.locator(ADDRESS)).to_have_count(0)


def test_a_later_run_is_published_when_its_user_says_so(site: Site) -> None:
    page = site.new_user_page()
    add_frame(page, site.catalogue.feed_url(3, name="later"))
    generate(page)
    wait_until_processed(page, 3)
    header_button(page, "Publish").click()
    address = published(page)
    before = [entry.image_link for entry in entries(site, address)]
    page.get_by_role("link", name="Preview & Edit").click()
    page.get_by_label("Width", exact=True).fill("300")
    page.keyboard.press("Enter")
    generate(page)
    wait_until_processed(page, 3)
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()
    assert [entry.image_link for entry in entries(site, address)] == before
    page.get_by_role("button", name="Publish again", exact=True).click()
    expect(page.get_by_text("A later run has not been published yet.")).to_have_count(0)
    expect(header_button(page, "Publish again")).to_have_count(0)
    assert published(page) == address
    after = [entry.image_link for entry in entries(site, address)]
    assert not {*before} & {*after}
    for link in (*before, *after):
        assert httpx.get(link, trust_env=False).status_code == 200, "what was published before is still there"


def test_the_address_is_copied(site: Site) -> None:
    page = site.new_user_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    generate(page)
    wait_until_processed(page, 60)
    header_button(page, "Publish").click()
    address = published(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Address copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.context.clear_permissions()
    assert len(entries(site, address)) == 60
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Actions for ")).click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("Ad platforms will no longer be able to read its published feed.")).to_be_visible()
    page.get_by_role("alertdialog").get_by_role("button", name=re.compile("^Delete frame")).click()
    expect(page.get_by_role("button", name="Try the sample")).to_be_visible()
    assert httpx.get(address, trust_env=False).status_code == 404
