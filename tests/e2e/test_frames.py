"""The list of frames and the form, in a real browser."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, Route, expect

from frameapp.services.images import LARGEST_IMAGE
from tests.core.render.drawings import svg
from tests.e2e.conftest import TOASTS_STAY, Site


def png(width: int = 800, height: int = 600, *, window: bool = True) -> FilePayload:
    image = Image.new("RGBA", (width, height), "#3b3bb3")
    if window:
        ImageDraw.Draw(image).rectangle((60, 60, width - 61, height - 121), fill=(0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    return {"name": "frame.png", "mimeType": "image/png", "buffer": out.getvalue()}


def fill_form(page: Page, feed: str, name: str = "Summer sale") -> None:
    page.goto("/add-frame")
    page.get_by_label("Name", exact=True).first.fill(name)
    page.get_by_label("Frame image").set_input_files(png())
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    page.get_by_label("Feed address").fill(feed)


def make_frame(page: Page, feed: str, name: str = "Summer sale") -> int:
    fill_form(page, feed, name)
    page.get_by_role("button", name="Create frame").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    found = re.search(r"/frame/(\d+)/", page.url)
    assert found
    return int(found[1])


def test_the_form_says_what_is_missing_field_by_field(site: Site) -> None:
    page = site.new_user_page()
    page.get_by_role("link", name="Add New Frame").click()
    page.get_by_role("button", name="Create frame").click()
    for sentence in ("Give the frame a name.", "Add a frame image", "Enter the feed's address"):
        expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_label("Feed address")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name", exact=True).first).to_be_focused()
    page.get_by_label("Name", exact=True).first.fill("Summer sale")
    page.get_by_role("button", name="Create frame").click()
    expect(page.get_by_text("Give the frame a name.")).to_have_count(0)
    expect(page.locator("#frame-image-field")).to_be_focused()


def test_a_refused_field_is_unfolded(site: Site) -> None:
    page = site.new_user_page()
    page.goto("/add-frame")
    page.get_by_text("Advanced: sign-in and User-Agent").click()
    page.get_by_label("Feed username").fill("shop:eu")
    page.get_by_text("Advanced: sign-in and User-Agent").click()
    expect(page.get_by_label("Feed username")).to_be_hidden()
    page.get_by_label("Feed address").fill(site.catalogue.feed_url(2))
    page.get_by_role("button", name="Create frame").click()
    expect(page.get_by_label("Feed username")).to_be_visible()
    expect(page.get_by_text("A username for Basic authentication cannot contain a colon.")).to_be_visible()
    page.get_by_label("Name", exact=True).first.fill("Summer sale")
    page.get_by_label("Frame image").set_input_files(png())
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    page.get_by_text("Advanced: sign-in and User-Agent").click()
    expect(page.get_by_label("Feed username")).to_be_hidden()
    page.get_by_role("button", name="Create frame").click()
    expect(page.get_by_label("Feed username")).to_be_focused()


def test_an_image_on_its_way_is_seen_and_one_that_is_refused_is_told(site: Site) -> None:
    page = site.new_user_page()
    page.goto("/add-frame")
    held: list[Route] = []
    page.route("**/_upload", lambda route: held.append(route))
    page.get_by_label("Frame image").set_input_files(png())
    expect(page.get_by_role("status").filter(has_text="Uploading…")).to_be_visible()
    expect(page.get_by_role("button", name="Create frame")).to_be_disabled()
    held.pop().continue_()
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    for refuse in (lambda route: route.fulfill(status=413), lambda route: route.abort()):
        page.unroute("**/_upload")
        page.route("**/_upload", refuse)
        page.get_by_label("Frame image").set_input_files(png())
        expect(page.locator("#image-error")).to_contain_text("The frame image was not uploaded.")
        expect(page.get_by_role("button", name="Create frame")).to_be_enabled()
        page.unroute("**/_upload")
        page.get_by_label("Frame image").set_input_files(png())
        expect(page.locator("#image-error")).to_have_count(0)
        expect(page.get_by_text("Uploading…")).to_have_count(0)


def test_saving_that_waits_for_a_slow_feed_can_be_cancelled(site: Site) -> None:
    page = site.new_user_page()
    site.catalogue.gate.clear()
    try:
        fill_form(page, f"{site.catalogue.url}/picture/gated/1.jpg")
        page.get_by_role("button", name="Create frame").click()
        expect(page.get_by_text("Fetching")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("button", name="Create frame")).to_be_enabled()
    finally:
        site.catalogue.gate.set()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Summer sale")
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    page.get_by_label("Feed address").fill(site.catalogue.feed_url(2))
    page.get_by_role("button", name="Create frame").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    page.goto("/")
    expect(page.locator(".frame-card")).to_have_count(1)


def test_a_form_that_is_opened_again_is_empty_before_anybody_can_type(site: Site) -> None:
    page = site.new_user_page()
    fill_form(page, site.catalogue.feed_url(2))
    page.get_by_label("Name", exact=True).first.blur()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Add New Frame").click()
    name = page.get_by_label("Name", exact=True).first
    name.wait_for()
    drawn = name.element_handle()
    expect(name).to_have_value("")
    page.get_by_label("Frame image").set_input_files(png())
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    assert drawn.evaluate("field => field.isConnected")


def test_an_svg_is_a_frame_image(site: Site) -> None:
    page = site.new_user_page()
    page.goto("/add-frame")
    ring = '<path fill-rule="evenodd" fill="navy" d="M0 0H400V400H0ZM100 100H300V300H100Z"/>'
    drawing = svg(ring + '<text x="150" y="60" font-size="40">Sale</text>', 'width="400" height="400"')
    file: FilePayload = {"name": "frame.svg", "mimeType": "image/svg+xml", "buffer": drawing}
    page.get_by_label("Frame image").set_input_files(file)
    expect(page.get_by_text("400 \N{MULTIPLICATION SIGN} 400 px · SVG")).to_be_visible()
    expect(page.get_by_text("We found a transparent window")).to_be_visible()
    expect(page.get_by_alt_text("The frame image")).to_have_js_property("naturalWidth", 400)


def test_an_image_is_judged_by_its_bytes(site: Site) -> None:
    page = site.new_user_page()
    page.goto("/add-frame")
    fake: FilePayload = {"name": "frame.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    page.get_by_label("Frame image").set_input_files(fake)
    expect(page.locator("#image-error")).to_contain_text("The SVG is damaged")
    text: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"notes"}
    page.get_by_label("Frame image").set_input_files(text)
    expect(page.locator("#image-error")).to_contain_text("This file is not a JPEG, PNG, WebP or SVG picture.")
    large: FilePayload = {"name": "frame.png", "mimeType": "image/png", "buffer": bytes(LARGEST_IMAGE + 1)}
    page.get_by_label("Frame image").set_input_files(large)
    expect(page.locator("#image-error")).to_contain_text("The frame image is larger than 20 MB.")
    page.get_by_label("Frame image").set_input_files(png(640, 480))
    expect(page.get_by_text("640 \N{MULTIPLICATION SIGN} 480 px")).to_be_visible()
    expect(page.get_by_text("We found a transparent window: the product goes behind the frame image.")).to_be_visible()
    expect(page.locator("#image-error")).to_have_count(0)


def test_a_feed_is_checked_in_place(site: Site) -> None:
    page = site.new_user_page()
    page.goto("/add-frame")
    page.get_by_label("Feed address").fill(f"{site.catalogue.url}/gone")
    page.get_by_role("button", name="Check feed").click()
    expect(page.get_by_role("button", name="Check again")).to_be_visible()
    page.get_by_label("Feed address").fill(site.catalogue.feed_url(7))
    page.get_by_role("button", name="Check feed").click()
    expect(page.get_by_text("7 products")).to_be_visible()
    expect(page.get_by_text("Atom", exact=True)).to_be_visible()
    expect(page.get_by_alt_text("A product from the feed")).to_have_count(6)


def test_a_new_image_takes_the_placement_back_and_says_so_before(site: Site) -> None:
    page = site.new_user_page()
    frame_id = make_frame(page, site.catalogue.feed_url(3))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Not saved yet")).to_have_count(0)
    page.goto(f"/frame/{frame_id}/edit")
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Summer sale")
    page.get_by_label("Name", exact=True).first.fill("Winter sale")
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_url(re.compile(f"/frame_detail/{frame_id}"))
    expect(page.get_by_role("heading", name="Winter sale")).to_be_visible()
    page.goto(f"/frame/{frame_id}/edit")
    page.get_by_label("Frame image").set_input_files(png(500, 500))
    expect(page.get_by_text("after saving, set the placement again")).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))


def test_a_frame_is_copied_and_deleted_from_its_menu(site: Site) -> None:
    page = site.new_user_page()
    make_frame(page, site.catalogue.feed_url(3))
    page.goto("/")
    page.get_by_role("button", name="Actions for Summer sale").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("heading", name="Summer sale (copy)")).to_be_visible()
    page.get_by_role("button", name="Actions for Summer sale (copy)").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.get_by_role("button", name="Actions for Summer sale (copy)").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete frame").click()
    expect(page.get_by_role("heading", name="Summer sale (copy)")).to_have_count(0)
    expect(page.get_by_role("heading", name="Summer sale")).to_be_visible()


def test_more_than_eight_frames_are_searched_and_sorted(site: Site) -> None:
    page = site.new_user_page()
    make_frame(page, site.catalogue.feed_url(2), "Zebra")
    page.goto("/")
    for count in range(1, 9):
        expect(page.locator(".frame-card")).to_have_count(count)
        page.get_by_role("button", name="Actions for Zebra", exact=True).click()
        page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.locator(".frame-card")).to_have_count(9)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.get_by_role("button", name="Actions for Zebra", exact=True)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Search frames")).to_be_focused()
    page.keyboard.type("copy")
    expect(page.locator(".frame-card")).to_have_count(8)
    page.get_by_label("Search frames").fill("nothing like it")
    expect(page.get_by_text("No frames match this name.")).to_be_visible()


def test_a_finished_run_is_told_on_another_page(site: Site) -> None:
    page = site.new_user_page()
    make_frame(page, site.catalogue.feed_url(6), "Told")
    page.get_by_role("button", name="Save & Generate Images").click()
    page.wait_for_url(re.compile("/frame_detail/"))
    expect(page.get_by_role("button", name="Run again")).to_be_enabled()
    watcher = page.context.new_page()
    watcher.add_init_script(TOASTS_STAY)
    watcher.goto("/")
    expect(watcher.get_by_text("6 of 6 ok")).to_be_visible()
    site.catalogue.gate.clear()
    try:
        page.goto(page.url.replace("frame_detail/", "frame/") + "/edit")
        page.get_by_label("Feed address").fill(site.catalogue.feed_url(4, kind="gated"))
        page.get_by_role("button", name="Save changes").click()
        page.get_by_role("button", name="Run again").click()
        expect(watcher.get_by_text("Running", exact=True)).to_be_visible()
        expect(watcher.get_by_role("progressbar")).to_be_visible()
    finally:
        site.catalogue.gate.set()
    expect(watcher.get_by_text("Told: 4 outputs ready.")).to_be_visible()
    expect(watcher.get_by_text("4 of 4 ok")).to_be_visible()
    watcher.get_by_role("button", name="Show").click()
    watcher.wait_for_url(re.compile("/frame_detail/"))
