"""The main job in a real browser against the production server, its worker and its Redis."""

from __future__ import annotations

import io
import re
import zipfile

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Site, register
from tests.e2e.job import add_frame, frame_id_of, generate, wait_until_processed


def test_from_registering_to_the_downloaded_zip(site: Site) -> None:
    page = site.new_context().new_page()
    username = register(page)
    expect(
        page.get_by_role("link", name="Add New Frame").or_(page.get_by_role("button", name="Add New Frame")).first
    ).to_be_visible()
    add_frame(page, site.catalogue.feed_url(24, broken=4))
    generate(page)
    wait_until_processed(page, 24)
    rows = page.context.request.get(f"/frame/{frame_id_of(page)}/outputs-ajax/?start=0&length=100").json()["data"]
    states = {row["product_id"]: row["state"] for row in rows}
    assert sorted(states.values()) == ["done"] * 20 + ["failed"] * 4
    reasons = {row["reason"] for row in rows if row["state"] == "failed"}
    assert len(reasons) == 4, reasons
    assert all(reason.endswith(".") for reason in reasons)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("ZIP")).or_(
            page.get_by_role("button", name=re.compile("ZIP"))
        ).first.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
        assert len(names) == 20
        for name in names:
            picture = Image.open(io.BytesIO(archive.read(name)))
            assert (picture.format, picture.size) == ("JPEG", (800, 800))
    sign_out_and_in(page, username)


def sign_out_and_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/login"))
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Summer sale").first).to_be_visible()


def test_progress_is_seen_moving_and_survives_reload_and_a_second_tab(site: Site) -> None:
    page = site.new_user_page()
    add_frame(page, site.catalogue.feed_url(60, kind="stepped"))
    site.catalogue.gate.clear()
    site.catalogue.end.clear()
    try:
        generate(page)
        progress = page.locator("#run-progress")
        expect(progress).to_be_visible()
        page.reload(wait_until="commit")
        expect(progress).to_be_visible()
        second = page.context.new_page()
        second.goto(page.url, wait_until="commit")
        expect(second.locator("#run-progress")).to_be_visible()
        before = progress.get_attribute("data-version")
        site.catalogue.gate.set()
        for tab in (page, second):
            expect(tab.locator("#run-progress")).not_to_have_attribute("data-version", str(before))
    finally:
        site.catalogue.gate.set()
        site.catalogue.end.set()
    wait_until_processed(page, 60)
    wait_until_processed(second, 60)


def test_the_sample_in_one_click(site: Site) -> None:
    page = site.new_user_page()
    asked = sum(site.catalogue.requests.values())
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    generate(page)
    wait_until_processed(page, 60)
    assert sum(site.catalogue.requests.values()) == asked
    rows = page.context.request.get(f"/frame/{frame_id_of(page)}/outputs-ajax/?start=0&length=100").json()["data"]
    assert {row["state"] for row in rows} == {"done"}


def test_a_second_run_renders_nothing_and_a_cancelled_one_stops(site: Site) -> None:
    page = site.new_user_page()
    add_frame(page, site.catalogue.feed_url(12, name="again"))
    generate(page)
    wait_until_processed(page, 12)
    page.get_by_role("button", name="Run again").click()
    page.get_by_role("tab", name="Runs").click()
    expect(page.get_by_text(re.compile("12 unchanged")).first).to_be_visible()


def test_a_feed_that_is_down_can_be_saved(site: Site) -> None:
    page = site.new_user_page()
    add_frame(page, f"{site.catalogue.url}/gone", name="Later")
    page.goto("/")
    expect(page.get_by_text("Later").first).to_be_visible()
