"""Where the focus is once a dialogue that a state opened has closed, by keyboard alone."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Locator, Page, expect

from frameapp.services.application import Application
from tests.e2e.conftest import Site
from tests.outputs import add_outputs
from tests.runs import Project, make_project

IDS = [f"sku-{number:03}" for number in range(12)]


@pytest.fixture
def project(app: Application) -> Project:
    """A user with a frame of twelve outputs."""
    project = make_project(app, name=f"user-{uuid.uuid4().hex[:10]}")
    add_outputs(app, project.frame_id, IDS)
    return project


@pytest.fixture(params=[390, 1440])
def page(request: pytest.FixtureRequest, site: Site, app: Application, project: Project) -> Page:
    """Its Details page, on a phone and on a desk."""
    page = site.page_of(app, project.viewer, width=request.param)
    page.goto(f"/frame_detail/{project.frame_id}")
    expect(page.locator(".output-name")).to_have_count(len(IDS))
    return page


def press(key: Locator, dialogue: Locator) -> None:
    """Enter on the focused element, until the dialogue that it opens has the focus."""
    key.focus()
    key.press("Enter")
    expect(dialogue.locator(":focus")).to_have_count(1)


def output(page: Page, view: str, product: str) -> Locator:
    return page.get_by_role("button", name=product if view == "Table" else f"Open {product}", exact=True)


@pytest.mark.parametrize("view", ["Table", "Gallery"])
def test_a_side_sheet_gives_the_focus_to_the_output_that_it_showed(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view).click()
    sheet, question = page.get_by_role("dialog"), page.get_by_role("alertdialog")
    press(output(page, view, IDS[2]), sheet)
    page.keyboard.press("Escape")
    expect(output(page, view, IDS[2])).to_be_focused()
    press(output(page, view, IDS[2]), sheet)
    page.keyboard.press("ArrowRight")
    expect(sheet.get_by_role("heading", name=IDS[3])).to_be_visible()
    sheet.get_by_role("button", name="Close").press("Enter")
    expect(output(page, view, IDS[3])).to_be_focused()
    press(output(page, view, IDS[3]), sheet)
    press(sheet.get_by_role("button", name="Delete"), question)
    page.keyboard.press("Escape")
    expect(sheet.get_by_role("button", name="Delete")).to_be_focused()
    press(sheet.get_by_role("button", name="Delete"), question)
    question.get_by_role("button", name="Delete 1 output").press("Enter")
    expect(output(page, view, IDS[3])).to_have_count(0)
    expect(output(page, view, IDS[4])).to_be_focused()


@pytest.mark.parametrize("view", ["Table", "Gallery"])
def test_a_question_about_the_selection_gives_the_focus_back(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view).click()
    question, delete = page.get_by_role("alertdialog"), page.get_by_role("button", name="Delete", exact=True)
    page.get_by_role("checkbox", name=f"Select {IDS[0]}").press("Space")
    press(delete, question)
    page.keyboard.press("Escape")
    expect(delete).to_be_focused()
    press(delete, question)
    question.get_by_role("button", name="Delete 1 output").press("Enter")
    expect(page.get_by_text("1 output deleted.")).to_be_visible()
    expect(delete).to_have_count(0)
    expect(page.locator("#outputs")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#outputs :focus")).to_have_count(1)


def test_a_frames_menu_has_the_focus_after_the_question(page: Page) -> None:
    page.goto("/")
    menu, question = page.get_by_role("button", name="Actions for Summer sale"), page.get_by_role("alertdialog")
    ask_to_delete(page, menu, question)
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    ask_to_delete(page, menu, question)
    question.get_by_role("button", name="Delete frame").press("Enter")
    expect(page.get_by_text("was deleted")).to_be_visible()
    expect(page.locator("#content")).to_be_focused()


def ask_to_delete(page: Page, menu: Locator, question: Locator) -> None:
    """From a frame's menu, by keyboard; the menu would have the focus if it closed after the question."""
    menu.press("Enter")
    page.get_by_role("menuitem", name="Delete").press("Enter")
    expect(question.locator(":focus")).to_have_count(1)
    expect(page.locator("[role=menu]")).to_have_count(0)
