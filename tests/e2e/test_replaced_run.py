"""Save & Generate while a run is going on: it asks, then cancels that run and starts anew."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.e2e.job import add_frame, generate, wait_until_processed

PRODUCTS = 150  # a picture that waits for the gate is given up after a while; so many keep the run going


def test_generating_during_a_run_asks_and_then_starts_anew(site: Site) -> None:
    page = site.new_user_page()
    site.catalogue.gate.clear()
    try:
        frame_id = add_frame(page, site.catalogue.feed_url(PRODUCTS, kind="gated", name="twice"))
        generate(page)
        expect(page.locator("#run-progress")).to_be_visible()
        page.goto(f"/frame/{frame_id}/preview", wait_until="commit")
        page.get_by_role("button", name="Save & Generate Images").click()
        dialogue = page.get_by_role("alertdialog", name="A run is in progress")
        expect(dialogue.locator(":focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(dialogue).to_be_hidden()
        expect(page.get_by_role("button", name="Save & Generate Images")).to_be_focused()
        page.get_by_role("button", name="Save & Generate Images").click()
        dialogue.get_by_role("button", name="Cancel it and start again").click()
        page.wait_for_url("**/frame_detail/*", wait_until="commit")
    finally:
        site.catalogue.gate.set()
    wait_until_processed(page, PRODUCTS)
    page.get_by_role("tab", name="Runs").click()
    panel = page.get_by_role("tabpanel", name="Runs")
    expect(panel.get_by_text("Cancelled", exact=True)).to_have_count(1)
    expect(panel.get_by_text("Done", exact=True)).to_have_count(1)
