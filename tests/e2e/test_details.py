"""The Details page in a real browser: live progress, outputs, side sheet, downloads, deleting."""

from __future__ import annotations

import re
import uuid
import zipfile

import pytest
from playwright.sync_api import Locator, Page, expect

from frameapp.core.feeds import PlanReport
from frameapp.models import Output, Run, RunState, utc_now
from frameapp.services import outputs
from frameapp.services.application import Application
from tests.e2e.accessibility import RESTS, assert_accessible
from tests.e2e.conftest import TOASTS_STAY, Site
from tests.outputs import add_outputs
from tests.runs import Project, make_project

PRODUCTS = 35
IDS = [f"sku-{number:03}" for number in range(PRODUCTS)]
FAILED = [3, 7]
NOTES = (
    "Line 5 was left out: the quotation marks there do not add up, and which text belongs to which field is uncertain.",
    "2 lines repeat the header and were skipped.",
)


@pytest.fixture
def project(app: Application, site: Site) -> Project:
    """A user with a placed frame whose feed has four bad pictures among twelve, each of which waits for the gate."""
    address = site.catalogue.feed_url(12, kind="gated", broken=4, name=uuid.uuid4().hex)
    return make_project(app, name=f"user-{uuid.uuid4().hex[:10]}", address=address)


@pytest.fixture
def filled(app: Application, project: Project) -> Project:
    """The same with outputs."""
    add_outputs(app, project.frame_id, IDS, failed=FAILED)
    return project


def details(site: Site, app: Application, project: Project, **view: int) -> Page:
    """The frame's Details page, seen by its owner."""
    page = site.page_of(app, project.viewer, **view)
    page.add_init_script(TOASTS_STAY)
    page.goto(f"/frame_detail/{project.frame_id}")
    expect(page.get_by_role("heading", name="Summer sale")).to_be_visible()
    return page


def names(page: Page) -> list[str]:
    """The product ids in the table."""
    return page.locator(".output-name").all_inner_texts()


def test_a_run_is_seen_live_after_a_reload_and_in_a_second_tab(site: Site, app: Application, project: Project) -> None:
    site.catalogue.gate.clear()
    try:
        page = details(site, app, project)
        page.get_by_role("button", name="Generate Images").first.click()
        card = page.locator("#run-progress")
        expect(card).to_have_attribute("data-active", "true")
        expect(card).to_contain_text("0 of 12")
        with site.server.standing_workers():
            site.catalogue.gate.set()
            page.reload()
            expect(card).to_contain_text("0 of 12")
            second = page.context.new_page()
            second.goto(page.url)
            expect(second.locator("#run-progress")).to_contain_text("0 of 12")
            before = int(card.get_attribute("data-version") or 0)
    finally:
        site.catalogue.gate.set()
    page.bring_to_front()  # Chromium draws a tab behind another one once a second
    toast = page.locator("[data-sonner-toast]", has_text="8 outputs ready, 4 failed.")
    toast.get_by_role("button", name="Show failed").click()
    expect(page.locator(".output-name")).to_have_count(4)
    for tab in (page, second):
        card = tab.locator("#run-progress")
        expect(card).to_have_attribute("data-active", "false")
        expect(card).to_contain_text("8 rendered · 4 failed")
        assert int(card.get_attribute("data-version") or 0) > before
        assert float(card.get_attribute("data-committed-at") or 0) > 1e9
        expect(tab.get_by_role("button", name=re.compile(r"^Done\s*8$"))).to_be_visible()
    expect(second.locator(".output-name")).to_have_count(12)


def test_failures_are_told_and_retried_and_runs_are_kept(site: Site, app: Application, project: Project) -> None:
    page = details(site, app, project)
    page.get_by_role("button", name="Generate Images").first.click()
    card = page.locator("#run-progress")
    expect(card).to_contain_text("8 rendered · 4 failed")
    card.get_by_text("4 failures").click()
    expect(card.locator("li")).to_have_count(4)
    assert all(len(text) > 20 for text in card.locator("li").all_inner_texts())
    page.get_by_role("tab", name="Runs").click()
    expect(page.locator(".runs tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Retry failed").click()
    expect(page.locator(".runs tbody tr")).to_have_count(2)
    expect(page.locator(".runs tbody tr").first).to_contain_text("Retry")
    expect(card).to_have_attribute("data-active", "false")
    page.get_by_role("tab", name="Outputs").click()
    page.locator(".output-name").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Render again").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card).to_have_attribute("data-active", "false")
    page.get_by_role("tab", name="Runs").click()
    expect(page.locator(".runs tbody tr")).to_have_count(3)
    page.get_by_role("tab", name="Feed").click()
    page.get_by_role("button", name="Check feed").click()
    expect(page.get_by_role("button", name="Check again")).to_be_visible()
    expect(page.get_by_text("Never")).to_have_count(0)
    expect(page.locator(".facts")).to_contain_text("12")


def test_a_run_is_cancelled(site: Site, app: Application, project: Project) -> None:
    site.catalogue.gate.clear()
    try:
        page = details(site, app, project)
        page.get_by_role("button", name="Generate Images").first.click()
        expect(page.locator("#run-progress")).to_contain_text("0 of 12")
        cancel = page.get_by_role("button", name="Cancel", exact=True)
        cancel.click()
        expect(page.get_by_role("alertdialog").get_by_role("button", name="Keep running")).to_be_focused()
        page.keyboard.press("Escape")
        expect(cancel).to_be_focused()
        cancel.click()
        page.get_by_role("alertdialog").get_by_role("button", name="Cancel run").click()
        expect(page.locator("#run-progress")).to_contain_text("12 cancelled")
        expect(page.get_by_role("button", name="Run again")).to_be_visible()
    finally:
        site.catalogue.gate.set()


def test_a_run_that_its_feed_failed_leads_to_the_feed(site: Site, app: Application) -> None:
    project = make_project(app, name=f"user-{uuid.uuid4().hex[:10]}", address=f"{site.catalogue.url}/gone")
    page = details(site, app, project, width=390)
    page.get_by_role("button", name="Generate Images").first.click()
    expect(page.get_by_text("The run could not use the feed")).to_be_visible()
    expect(page.get_by_role("button", name="Generate Images")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("button", name="Go to the feed").click()
    expect(page.get_by_role("button", name="Check feed")).to_be_visible()
    page.goto("/activity")
    reason = page.locator(".run-text").get_by_text("404")
    expect(reason).to_be_visible()
    assert reason.evaluate("text => text.scrollWidth <= text.clientWidth")


@pytest.mark.parametrize("width", [390, 1440])
def test_what_is_amiss_with_a_feed_is_noted_on_its_run(
    site: Site, app: Application, filled: Project, width: int
) -> None:
    with app.database.write() as session:
        ended = Run(
            state=RunState.DONE, ended_at=utc_now(), total=33, rendered=33, warnings=PlanReport(notes=tuple(NOTES))
        )
        ended.workspace_id, ended.frame_id = filled.viewer.workspace_id, filled.frame_id
        session.add(ended)
    page = details(site, app, filled, width=width)
    card = page.locator("#run-progress")
    expect(card).to_contain_text("Done")
    for note in NOTES:
        expect(card.get_by_text(note)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("tab", name="Runs").click()
    for address in ("", "/activity"):
        if address:
            page.goto(address)
        expect(page.get_by_text(NOTES[0]).last).to_be_hidden()
        page.get_by_text("2 notes on the feed").press("Enter")
        expect(page.get_by_text(NOTES[0]).last).to_be_visible()
        assert_accessible(page)


def test_outputs_are_searched_filtered_sorted_and_turned(site: Site, app: Application, filled: Project) -> None:
    page = details(site, app, filled)
    expect(page.locator(".output-name")).to_have_count(PRODUCTS)
    page.get_by_role("combobox", name="Outputs per page").click()
    page.get_by_role("option", name="10 per page").click()
    expect(page.get_by_text("1-10 of 35")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("11-20 of 35")).to_be_visible()
    assert names(page) == IDS[10:20]
    page.get_by_role("button", name="Last page").click()
    expect(page.get_by_text("31-35 of 35")).to_be_visible()
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.get_by_role("button", name="Previous page").click()
    expect(page.get_by_text("21-30 of 35")).to_be_visible()
    page.get_by_role("button", name="First page").click()
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="Newest first").click()
    expect(page.locator(".output-name").first).to_have_text(IDS[-1])
    page.get_by_role("button", name=re.compile("^Failed")).click()
    expect(page.locator(".output-name")).to_have_text([IDS[7], IDS[3]])
    page.get_by_role("button", name=re.compile("^All")).click()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    search = page.get_by_label("Search by product id")
    expect(search).to_be_focused()
    page.keyboard.type("-01")
    expect(page.locator(".output-name")).to_have_count(10)
    expect(search).to_have_value("-01")
    expect(page.get_by_text("1-10 of 10")).to_be_visible()
    search.fill("nothing like it")
    expect(page.get_by_text("No product id contains")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(search).to_have_value("")
    expect(page.get_by_text("1-10 of 35")).to_be_visible()


def test_an_output_opens_beside_its_original(site: Site, app: Application, filled: Project) -> None:
    page = details(site, app, filled)
    page.get_by_role("radio", name="Gallery").click()
    page.get_by_role("button", name=f"Open {IDS[0]}").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name=IDS[0])).to_be_visible()
    expect(sheet.get_by_role("img", name=f"Result of product {IDS[0]}")).to_be_visible()
    expect(sheet).to_contain_text("9.90 EUR")
    expect(sheet.get_by_role("button", name="Previous output")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    expect(sheet.get_by_role("heading", name=IDS[1])).to_be_visible()
    with page.expect_download() as download:
        sheet.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == f"{IDS[1]}.jpg"
    sheet.get_by_role("button", name="Next output").click()
    page.keyboard.press("ArrowRight")
    expect(sheet.get_by_role("heading", name=IDS[3])).to_be_visible()
    expect(sheet).to_contain_text("The picture has 0 bytes.")
    sheet.get_by_role("button", name="Delete").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text(IDS[3])
    expect(question.locator(":focus")).to_have_count(1)  # until then keys go to the sheet below
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    sheet.get_by_role("button", name="Delete").click()
    question.get_by_role("button", name="Delete 1 output").click()
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("button", name=f"Open {IDS[3]}")).to_have_count(0)
    expect(page.get_by_text("1-34 of 34")).to_be_visible()
    page.get_by_role("button", name=f"Open {IDS[4]}").click()
    expect(sheet.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_toast_covers_no_action_of_the_side_sheet(site: Site, app: Application, filled: Project, width: int) -> None:
    page = details(site, app, filled, width=width)
    sheet = page.get_by_role("dialog")
    page.get_by_role("button", name=IDS[0], exact=True).click()
    sheet.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 1 output").click()
    page.get_by_role("button", name=IDS[1], exact=True).click()
    expect(sheet.get_by_role("heading", name=IDS[1])).to_be_visible()  # and no more the one before
    expect(sheet.get_by_role("link", name="Download")).to_be_visible()
    shown = page.locator("[data-sonner-toast]")
    shown.hover()  # it stays while it has the mouse
    page.wait_for_function(RESTS)
    sheet.locator(".sheet-body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
    assert_covers_none_of(shown, sheet.locator("button, a"))
    assert_accessible(page)
    expect(shown).to_be_visible()


@pytest.mark.parametrize(("width", "bars"), [(390, ".shell-bar"), (1440, ".shell-rail")])
def test_a_toast_lies_in_the_shell_and_not_on_the_page(
    site: Site, app: Application, filled: Project, width: int, bars: str
) -> None:
    page = details(site, app, filled, width=width)
    page.get_by_role("button", name=IDS[0], exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 1 output").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    shown = page.locator("[data-sonner-toast]")
    expect(shown).to_contain_text(f"Output {IDS[0]} deleted.")
    page.wait_for_function(RESTS)
    toast, shell = shown.bounding_box(), page.locator(bars).bounding_box()
    assert toast
    assert shell
    assert toast["x"] >= shell["x"]
    assert toast["x"] + toast["width"] <= shell["x"] + shell["width"]
    assert toast["y"] + toast["height"] <= shell["y"] + shell["height"]
    assert_covers_none_of(shown, page.locator(bars).locator("button, a:not(.brand)"))


def assert_covers_none_of(cover: Locator, actions: Locator) -> None:
    """``cover`` lies beside, above or below each of the ``actions``."""
    over = cover.bounding_box()
    assert over
    places = actions.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert places
    for place in places:
        beside = place["left"] >= over["x"] + over["width"] or place["right"] <= over["x"]
        below = place["top"] >= over["y"] + over["height"] or place["bottom"] <= over["y"]
        assert beside or below, (place, over)


def test_a_selection_is_downloaded_and_deleted(site: Site, app: Application, filled: Project) -> None:
    page = details(site, app, filled)
    with page.expect_download() as everything:
        page.get_by_role("link", name="Download ZIP").click()
    assert everything.value.suggested_filename == "Summer-sale.zip"
    assert len(zipfile.ZipFile(everything.value.path()).namelist()) == PRODUCTS - len(FAILED)
    for name in IDS[:2]:
        page.get_by_role("checkbox", name=f"Select {name}").click()
    expect(page.get_by_text("2 selected")).to_be_visible()
    with page.expect_download() as some:
        page.get_by_role("button", name="Download ZIP").click()
    assert zipfile.ZipFile(some.value.path()).namelist() == [f"{name}.jpg" for name in IDS[:2]]
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete 2 outputs").click()
    expect(page.get_by_text("2 outputs deleted.")).to_be_visible()
    expect(page.locator(".output-name").first).to_have_text(IDS[2])
    page.get_by_role("combobox", name="Outputs per page").click()
    page.get_by_role("option", name="10 per page").click()
    page.get_by_role("checkbox", name="Select this page").click()
    expect(page.get_by_text("10 selected")).to_be_visible()
    page.get_by_role("button", name="Select all 33").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete 33 outputs").click()
    expect(page.get_by_text("No outputs yet")).to_be_visible()


def test_what_goes_wrong_with_the_zip_of_a_selection_is_told(site: Site, app: Application, filled: Project) -> None:
    page = details(site, app, filled)
    for name in IDS[:2]:
        page.get_by_role("checkbox", name=f"Select {name}").click()
    expect(page.get_by_text("2 selected")).to_be_visible()
    gone = outputs.page(app, filled.viewer, filled.frame_id).rows[0].id
    outputs.delete(app, filled.viewer, filled.frame_id, [gone])
    with page.expect_download() as download:
        page.get_by_role("button", name="Download ZIP").click()
    assert zipfile.ZipFile(download.value.path()).namelist() == [f"{IDS[1]}.jpg"]
    expect(page.get_by_text("The ZIP is missing 1 selected output, deleted in the meantime.")).to_be_visible()
    expect(page.get_by_text("1 selected", exact=True)).to_be_visible()
    expect(page.locator(".output-name").first).to_have_text(IDS[1])


@pytest.mark.parametrize(("width", "view"), [(390, "Table"), (390, "Gallery"), (1440, "Gallery")])
def test_a_page_is_selected_where_no_table_head_is(
    site: Site, app: Application, filled: Project, width: int, view: str
) -> None:
    page = details(site, app, filled, width=width)
    page.get_by_role("radio", name=view).click()
    page.get_by_role("combobox", name="Outputs per page").click()
    page.get_by_role("option", name="10 per page").click()
    whole = page.get_by_role("checkbox", name="Select this page")
    page.get_by_role("checkbox", name=f"Select {IDS[0]}").click()
    expect(whole).to_be_checked(indeterminate=True)
    whole.click()
    expect(page.get_by_text("10 selected")).to_be_visible()
    page.get_by_role("button", name=f"Select all {PRODUCTS}").click()
    expect(page.get_by_text(f"All {PRODUCTS} selected")).to_be_visible()
    whole.click()
    expect(page.get_by_role("group", name="State")).to_be_visible()
    expect(whole).not_to_be_checked()


@pytest.mark.parametrize("width", [390, 1440])
def test_what_can_be_done_with_a_selection_stays_in_sight(
    site: Site, app: Application, filled: Project, width: int
) -> None:
    page = details(site, app, filled, width=width)
    page.get_by_role("checkbox", name=f"Select {IDS[-1]}").click()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    for action in ("Download ZIP", "Delete", "Clear selection"):
        expect(page.get_by_role("button", name=action, exact=True)).to_be_in_viewport(ratio=1)
    assert_covers_none_of(page.locator(".filter-line"), page.get_by_role("checkbox", name=f"Select {IDS[-1]}"))


def test_a_failure_is_told_in_full_on_a_narrow_screen(site: Site, app: Application, project: Project) -> None:
    reason = "The picture's address refuses connections, and has done so for some time."
    (failed,) = add_outputs(app, project.frame_id, IDS[:1], failed=[0])
    with app.database.write() as session:
        session.get_one(Output, failed).reason = reason
    told = details(site, app, project, width=390).locator(".output-reason")
    expect(told).to_have_text(reason)
    assert told.evaluate("text => text.scrollHeight <= text.clientHeight")


def test_there_is_no_zip_of_what_has_no_picture(site: Site, app: Application, filled: Project) -> None:
    page = details(site, app, filled)
    page.get_by_role("button", name=re.compile("^Failed")).click()
    expect(page.get_by_text("No pictures to download")).to_be_visible()
    expect(page.get_by_role("link", name="Download ZIP")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^All")).click()
    expect(page.get_by_role("link", name="Download ZIP")).to_be_visible()


def test_another_users_page_is_not_there(site: Site, app: Application, filled: Project) -> None:
    stranger = make_project(app, name=f"user-{uuid.uuid4().hex[:10]}")
    page = details(site, app, stranger)
    answer = page.goto(f"/frame_detail/{filled.frame_id}")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert "sku-" not in page.content()
    for path in ("outputs-ajax/", "outputs.zip"):
        assert page.request.get(f"/frame/{filled.frame_id}/{path}").status == 404


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_shuts_anybody_out(site: Site, app: Application, project: Project, width: int) -> None:
    few = IDS[:8]  # axe takes long over many
    add_outputs(app, project.frame_id, few, failed=FAILED)
    page = details(site, app, project, width=width)
    expect(page.locator(".output-name").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("combobox", name="Order").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    assert_accessible(page, but={"aria-hidden-focus"})  # Radix holds the focus in the open list
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name=f"Select {IDS[3]}").click()
    expect(page.get_by_text("1 selected")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    assert_question_accessible(page)
    page.get_by_role("button", name="Clear selection").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=IDS[3], exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    assert_question_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("radio", name="Gallery").click()
    expect(page.locator(".gallery-card")).to_have_count(len(few))
    assert_accessible(page)
    for tab in ("Runs", "Feed"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_run_shuts_anybody_out(site: Site, app: Application, project: Project, width: int) -> None:
    page = details(site, app, project, width=width)
    for tab, sign in (("Runs", "No runs yet"), ("Feed", "Not checked yet."), ("Outputs", "No outputs yet")):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_text(sign)).to_be_visible()
        assert_accessible(page)
    site.catalogue.gate.clear()
    try:
        page.get_by_role("button", name="Generate Images").first.click()
        expect(page.locator("#run-progress")).to_contain_text("0 of 12")
        with site.server.standing_workers():
            site.catalogue.gate.set()
            assert_accessible(page)
            page.get_by_role("button", name="Cancel", exact=True).click()
            assert_question_accessible(page)
    finally:
        site.catalogue.gate.set()
    page.get_by_text("4 failures").click()
    expect(page.get_by_text("8 outputs ready, 4 failed.")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [1024, 1360])
def test_product_names_have_room(site: Site, app: Application, filled: Project, width: int) -> None:
    page = details(site, app, filled, width=width)
    cell = page.locator(".cell-product").first.bounding_box()
    assert cell
    assert cell["width"] > 200


def assert_question_accessible(page: Page) -> None:
    """The same of a dialogue that asks, which is then closed."""
    question = page.get_by_role("alertdialog")
    expect(question).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
