"""The placement page in a real browser: mouse, touch, keyboard, numbers, preview."""

from __future__ import annotations

import io
import re
import statistics
import time

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.conftest import AttackFigure
from tests.e2e.conftest import Site
from tests.e2e.job import add_frame
from tests.e2e.placement.placing import (
    box_of,
    drag,
    expect_same_place,
    open_sample,
    place,
    scale_of,
    set_number,
    swipe,
    wait_for_box,
    wait_for_result,
)

# What a finger cannot hit: less than 44 px high, its label counted in.
TOO_SMALL = """[...document.querySelectorAll(".placement :is(button, a, input)")]
    .filter(element => !element.closest(".rt-SegmentedControlRoot"))
    .filter(element => (element.closest("label, .search-box") ?? element).getBoundingClientRect().height < 44)
    .map(element => element.ariaLabel || element.textContent)"""
DROPS = 21


def test_dragging_moves_by_frame_pixels_at_any_scale(page: Page) -> None:
    for zoom in ("Fit", "100 %"):
        page.get_by_role("button", name=zoom, exact=True).click()
        place(page)
        page.get_by_test_id("product-box").scroll_into_view_if_needed()
        scale = scale_of(page)
        drag(page, "[data-testid=product-box]", 40 * scale, 60 * scale)
        x, y, w, h = box_of(page)
        assert abs(x - 140) <= 2 / scale
        assert abs(y - 180) <= 2 / scale
        assert (w, h) == (400, 300)


def test_the_box_never_leaves_the_frame_image(page: Page) -> None:
    drag(page, "[data-testid=product-box]", -2000, -2000)
    wait_for_box(page, 0, 0, 400, 300)
    drag(page, ".handle-nw", -500, -500)
    wait_for_box(page, 0, 0, 400, 300)
    set_number(page, "X", "0")
    field = page.get_by_label("X", exact=True)
    field.fill("99999")
    field.press("Tab")
    expect(field).not_to_have_value("99999")
    drag(page, ".handle-e", 3000, 0)
    x, _, w, _ = box_of(page)
    field = page.get_by_label("Width", exact=True)
    field.fill("99999")
    field.press("Enter")
    expect(field).to_have_value(str(x + w))


def test_eight_handles_resize(page: Page) -> None:
    for side, dx, dy in [("n", 0, 9), ("s", 0, 9), ("e", 9, 0), ("w", 9, 0)]:
        before = box_of(page)
        drag(page, f".handle-{side}", dx * 2, dy * 2)
        after = box_of(page)
        assert (before[0] + before[2] == after[0] + after[2]) == (side != "e"), side
        assert (before[1] + before[3] == after[1] + after[3]) == (side != "s"), side
        assert before != after
    for corner in ("ne", "nw", "se", "sw"):
        before = box_of(page)
        drag(page, f".handle-{corner}", -10 if corner in ("ne", "se") else 10, -10 if corner in ("se", "sw") else 10)
        after = box_of(page)
        assert after[2] < before[2]
        assert after[3] < before[3]


def test_the_lock_keeps_the_proportions(page: Page) -> None:
    page.get_by_role("button", name="Lock proportions").click()
    set_number(page, "Width", "200")
    wait_for_box(page, 100, 120, 200, 150)
    drag(page, ".handle-se", 40, 30)
    _, _, w, h = box_of(page)
    assert w > 200
    assert abs(w / h - 4 / 3) < 0.02


@pytest.mark.parametrize("handle", ["nw", "ne", "sw", "se", "n", "e", "s", "w"])
def test_with_the_lock_a_handle_pulled_any_way_scales_the_box(page: Page, handle: str) -> None:
    page.get_by_role("button", name="Lock proportions").click()
    scale = scale_of(page)
    right_stays, bottom_stays = handle in ("nw", "sw", "n", "w"), handle in ("nw", "ne", "n", "w")
    for dx, dy in ((60, 0), (-60, 0), (0, 60), (0, -60), (-60, 20), (20, -60)):
        wider, higher = (-dx if "w" in handle else dx) / 400, (-dy if "n" in handle else dy) / 300
        changes = [wider] * ("e" in handle or "w" in handle) + [higher] * ("n" in handle or "s" in handle)
        change = max(changes, key=abs)
        drag(page, f".handle-{handle}", dx * scale, dy * scale)
        if change:
            expect(page.get_by_label("Width", exact=True)).not_to_have_value("400")
        x, y, w, h = box_of(page)
        assert abs(w - 400 * (1 + change)) <= 4, (dx, dy)
        assert abs(h - 300 * (1 + change)) <= 3, (dx, dy)
        assert abs(w * 3 - h * 4) <= 4, (dx, dy)
        assert (x + w == 500) if right_stays else (x == 100), (dx, dy)
        assert (y + h == 420) if bottom_stays else (y == 120), (dx, dy)
        if change:
            page.get_by_role("button", name="Undo").click()
        wait_for_box(page, 100, 120, 400, 300)


def test_with_the_lock_a_pull_ends_at_the_frame_image(page: Page) -> None:
    page.get_by_role("button", name="Lock proportions").click()
    drag(page, ".handle-ne", 3000, 0)
    wait_for_box(page, 100, 0, 560, 420)
    drag(page, ".handle-nw", 0, 3000)
    wait_for_box(page, 649, 412, 11, 8)
    drag(page, ".handle-nw", 0, -3000)
    wait_for_box(page, 82, 0, 578, 420)


@pytest.mark.parametrize("locked", [True, False])
def test_what_a_pull_shows_is_what_it_keeps(page: Page, locked: bool) -> None:
    if locked:
        page.get_by_role("button", name="Lock proportions").click()
    outline = page.locator(".placement-outline")
    for handle, across in (("nw", "se"), ("ne", "sw"), ("sw", "ne"), ("se", "nw"), ("w", "e"), ("n", "s")):
        fixed = page.locator(f".handle-{across}").bounding_box()
        grasped = page.locator(f".handle-{handle}").bounding_box()
        assert grasped
        x, y = grasped["x"] + grasped["width"] / 2, grasped["y"] + grasped["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 20, y + 9, steps=5)
        expect_same_place(page, ".placement-outline", ".placement-product")
        if len(across) == 2:
            assert page.locator(f".handle-{across}").bounding_box() == pytest.approx(fixed, abs=0.2), handle
        shown = outline.bounding_box()
        page.mouse.up()
        expect_same_place(page, ".placement-outline", "[data-testid=product-box]")
        assert outline.bounding_box() == pytest.approx(shown, abs=0.2), handle


def test_arrow_keys_move_the_box_and_tab_leaves_it(page: Page) -> None:
    box = page.get_by_test_id("product-box")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wait_for_box(page, 99, 130, 400, 300)
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()


def test_guides_light_on_arrow_keys_and_the_place_is_spoken(page: Page) -> None:
    guide = page.locator(".guide-left")
    place(page, 1)
    expect(guide).to_have_attribute("data-lit", "false")
    page.get_by_test_id("product-box").focus()
    page.keyboard.press("ArrowLeft")
    expect(guide).to_have_attribute("data-lit", "true")
    spoken = page.locator(".placement-canvas").get_by_role("status")
    expect(spoken).to_have_text("Box at 0, 120, 400 wide, 300 high.")
    middle = (1080 - 400) // 2
    place(page, middle - 2)
    page.get_by_test_id("product-box").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".guide-center-x")).to_have_attribute("data-lit", "false")  # near is not there
    page.keyboard.press("ArrowRight")
    expect(page.locator(".guide-center-x")).to_have_attribute("data-lit", "true")
    expect(spoken).to_have_text(f"Box at {middle}, 120, 400 wide, 300 high, centred horizontally.")
    page.keyboard.press("Tab")
    expect(page.locator(".guide-center-x")).to_have_attribute("data-lit", "false")


def test_the_box_is_placed_and_taken_back_by_keyboard_alone(page: Page) -> None:
    page.get_by_test_id("product-box").focus()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowUp")
    wait_for_box(page, 100, 120, 401, 290)
    page.keyboard.press("ArrowDown")
    wait_for_box(page, 100, 121, 401, 290)
    expect(page.locator(".placement-canvas").get_by_role("status")).to_contain_text("Box at 100, 121")  # it is counted
    page.keyboard.press("Control+z")
    wait_for_box(page, 100, 120, 401, 290)
    page.keyboard.press("Control+z")
    wait_for_box(page, 100, 120, 400, 300)
    page.keyboard.press("Control+y")
    wait_for_box(page, 100, 120, 401, 290)
    expect(page.get_by_test_id("product-box")).to_be_focused()


def test_the_anchor_is_one_stop_of_the_tab_key_and_moved_by_arrows(page: Page) -> None:
    anchors = page.get_by_role("radiogroup", name="Anchor")
    expect(anchors.get_by_role("radio", name="Centre", exact=True)).to_be_checked()
    anchors.get_by_role("radio", name="Centre", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    expect(anchors.get_by_role("radio", name="Left", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    assert anchors.locator(":focus").count() == 0
    anchors.get_by_role("radio", name="Bottom right").click()  # checked once the server has answered
    expect(anchors.get_by_role("radio", name="Bottom right")).to_be_checked()
    page.keyboard.press("Control+z")
    expect(anchors.get_by_role("radio", name="Left", exact=True)).to_be_checked()


def test_a_cleared_field_is_no_zero(page: Page) -> None:
    field = page.get_by_label("X", exact=True)
    field.fill("")
    expect(field).to_have_value("")
    field.press("Tab")
    expect(field).to_have_value("100")
    field.fill("77")
    field.press("Escape")
    expect(field).to_have_value("100")


def test_undo_and_redo_by_button_and_key(page: Page) -> None:
    page.get_by_role("button", name="Fill the frame image").click()
    expect(page.get_by_label("X", exact=True)).to_have_value("0")
    filled = box_of(page)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    wait_for_box(page, 100, 120, 400, 300)
    page.get_by_test_id("product-box").focus()
    page.keyboard.press("Control+Shift+z")
    wait_for_box(page, *filled)
    page.keyboard.press("Control+z")
    wait_for_box(page, 100, 120, 400, 300)


def test_what_is_saved_is_there_after_a_reload(page: Page) -> None:
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    page.reload()
    wait_for_box(page, 100, 120, 400, 300)


def test_what_is_not_saved_waits_until_the_page_is_opened_again(page: Page) -> None:
    set_number(page, "Width", "333")
    page.get_by_role("link", name="Frames").first.click()
    page.get_by_role("heading", name="Frames").wait_for()
    page.go_back()
    expect(page.get_by_label("Width", exact=True)).to_have_value("333")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    expect(page.get_by_label("Width", exact=True)).not_to_have_value("333")


def test_space_shows_the_result_and_the_next_product_its_own(page: Page) -> None:
    first = page.locator(".placement-beside .placement-result").get_attribute("src")
    page.get_by_role("button", name="Next product").click()
    expect(page.locator(".placement-beside .placement-result")).not_to_have_attribute("src", first or "")
    wait_for_result(page)
    page.get_by_test_id("product-box").focus()
    page.keyboard.press("Space")
    expect(page.locator(".placement-view .placement-result")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("product-box")).to_be_visible()


def test_ctrl_and_wheel_zoom_the_canvas_but_not_the_page(page: Page) -> None:
    page.evaluate("addEventListener('wheel', event => { window.kept = event.defaultPrevented })")
    scale = page.locator(".zoom-value")
    fitted = scale.inner_text()
    page.get_by_test_id("product-box").hover()
    page.mouse.wheel(0, -100)
    page.wait_for_function("window.kept === false")
    expect(scale).to_have_text(fitted)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.wait_for_function("window.kept === true")
    larger = round(float(fitted.removesuffix(" %")) * 1.2214)
    expect(scale).to_have_text(re.compile(f"^({larger - 1}|{larger}|{larger + 1}) %$"))
    page.mouse.wheel(0, 100)
    expect(scale).to_have_text(fitted)


def test_the_edit_view_shows_what_the_result_shows(page: Page) -> None:
    product = page.locator(".placement-product")
    expect(product).to_have_css("background-color", "rgb(255, 255, 255)")
    page.get_by_role("radio", name="PNG").click()
    expect(product).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    whole = product.locator("img").evaluate("image => image.naturalWidth")
    page.get_by_role("switch", name="Trim white borders").click()
    expect(product.locator("img")).to_have_attribute("src", re.compile("/trimmed$"))
    page.wait_for_function("document.querySelector('.placement-product img').complete")
    assert 0 < product.locator("img").evaluate("image => image.naturalWidth") < whole


def test_the_search_finds_products(page: Page) -> None:
    page.get_by_test_id("product-box").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Search by id or title")).to_be_focused()
    assert page.locator(".thumb").first.bounding_box()["width"] == 64  # type: ignore[index]
    last = page.locator(".thumb").last.get_attribute("aria-label") or ""
    page.keyboard.type(last)
    expect(page.locator(".thumb").first).to_have_attribute("aria-label", last)
    page.get_by_label("Search by id or title").fill("no such product anywhere")
    expect(page.get_by_text("No product has this in its id or title.")).to_be_visible()


def test_a_new_frame_says_where_its_box_starts(site: Site) -> None:
    page = site.new_user_page()
    add_frame(page, site.catalogue.feed_url(2, name="window"), name="With a window")
    expect(page.get_by_text("The product box starts in the window found in the frame image.")).to_be_visible()
    plain = io.BytesIO()
    Image.effect_noise((600, 600), 90).convert("RGB").save(plain, "PNG")
    add_frame(page, site.catalogue.feed_url(2, name="window"), name="Without", image=plain.getvalue())
    sentence = page.get_by_text(
        "No clear window was found in the frame image, so the product box starts in the middle."
    )
    expect(sentence).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(sentence).to_have_count(0)


def test_before_the_first_run_the_search_says_where_it_looked(site: Site) -> None:
    page = site.new_user_page()
    add_frame(page, site.catalogue.feed_url(1_040, name="long"))
    expect(
        page.get_by_text("The first 1,000 of 1,040 products have been read so far; a run reads them all.")
    ).to_be_visible()
    page.get_by_label("Search by id or title").fill("SKU-01020")
    expect(page.get_by_text("None of the first 1,000 products has this in its id or title.")).to_be_visible()
    page.get_by_role("button", name="Difficult ones").click()
    expect(page.get_by_text("after a run, which measures every picture")).to_be_visible()


@pytest.mark.attack
def test_the_result_follows_every_drop(page: Page, attack_figure: AttackFigure) -> None:
    """Median of twenty drops, each to a place not seen before; the first one warms up."""
    wait_for_result(page)
    result = page.locator(".placement-beside .placement-result")
    times = []
    for turn in range(DROPS):
        address = result.get_attribute("src") or ""
        distance = (7 + turn) * (1 if turn % 2 else -1)
        rectangle = page.get_by_test_id("product-box").bounding_box()
        assert rectangle
        x, y = rectangle["x"] + 40, rectangle["y"] + 40
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + distance, y + distance, steps=3)
        started = time.perf_counter()
        page.mouse.up()
        page.locator(f'.placement-beside .placement-result[data-fresh=true]:not([src="{address}"])').wait_for()
        times.append((time.perf_counter() - started) * 1000)
    median = statistics.median(times[1:])
    attack_figure("a drop's result on the canvas", f"median {median:.0f} ms", "300 ms", held=median <= 300, clock=True)


def test_a_phone_can_place_the_product(site: Site, app: Application, sample: tuple[Viewer, int]) -> None:
    page = open_sample(site, app, sample, width=390, height=844)
    box = page.get_by_test_id("product-box")
    expect(box).to_be_visible()
    before = box_of(page)
    drag(page, "[data-testid=product-box]", 15, 20)
    assert box_of(page)[:2] > before[:2]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(TOO_SMALL) == []
    expect(page.get_by_role("button", name="Save & Generate Images")).to_be_in_viewport()
    height = page.locator(".placement-view").bounding_box()["height"]  # type: ignore[index]
    page.get_by_role("button", name="100 %").click()
    expect(page.locator(".zoom-value")).to_have_text("100 %")
    assert page.locator(".placement-view").bounding_box()["height"] == height  # type: ignore[index]
    page.get_by_text("Result", exact=True).first.click()
    expect(page.locator(".placement-view .placement-result[data-fresh=true]")).to_be_visible()


def test_a_finger_pulls_a_handle_and_moves_the_box(site: Site, app: Application, sample: tuple[Viewer, int]) -> None:
    page = open_sample(site, app, sample, width=390, height=844)
    expect(page.get_by_test_id("product-box")).to_be_visible()
    page.get_by_role("button", name="Lock proportions").click()
    page.get_by_test_id("product-box").scroll_into_view_if_needed()
    x, y, w, h = box_of(page)
    scale = scale_of(page)
    failures: list[object] = []
    page.on("pageerror", lambda failure: failures.append(failure))
    swipe(page, ".handle-nw", 60 * scale, 0)
    expect(page.get_by_label("Width", exact=True)).not_to_have_value(str(w))
    left, top, width, height = box_of(page)
    assert abs(w - 60 - width) <= 4
    assert abs(width / height - w / h) < 0.02
    assert (left + width, top + height) == (x + w, y + h)
    swipe(page, ".handle-e", -20 * scale, 0)  # less than a browser lets a finger slip on what may be scrolled
    expect(page.get_by_label("Width", exact=True)).not_to_have_value(str(width))
    left, top, width, height = box_of(page)
    swipe(page, "[data-testid=product-box]", -20 * scale, 0)
    expect(page.get_by_label("X", exact=True)).not_to_have_value(str(left))
    assert box_of(page)[1:] == (top, width, height)
    assert not failures


def test_a_stranger_finds_nothing(site: Site, page: Page) -> None:
    stranger = site.new_user_page()
    path = re.sub(r"^https?://[^/]+", "", page.url)
    stranger.goto(path)
    expect(stranger.get_by_text("Nothing here")).to_be_visible()
    expect(stranger.get_by_test_id("product-box")).to_have_count(0)
