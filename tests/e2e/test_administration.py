"""The administration in a real browser: a user is found, gets a link, and is shown out."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlmodel import col

from frameapp.models import User
from frameapp.services import accounts, links
from frameapp.services.application import Application
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import PASSWORD, Site, new_name
from tests.outputs import add_frame, add_outputs


def administrator_page(site: Site, app: Application, *, width: int = 1440, height: int = 900) -> Page:
    """An empty page of an administrator."""
    viewer = accounts.register(app, new_name(), PASSWORD)
    with app.database.write() as session:
        session.execute(sa.update(User).where(col(User.id) == viewer.user_id).values(is_admin=True))
    return site.page_of(app, viewer, width=width, height=height)


def test_a_user_is_found_gets_a_link_and_is_shown_out(site: Site, app: Application) -> None:
    name = new_name()
    viewer = accounts.register(app, name, PASSWORD)
    add_outputs(app, add_frame(app, viewer), ["a", "b", "c"], failed=[1])
    theirs = site.page_of(app, viewer)
    theirs.goto("/activity")
    expect(theirs.get_by_role("heading", name="Activity")).to_be_visible()
    page = administrator_page(site, app)
    page.goto("/")
    page.get_by_role("link", name="Admin").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(page.get_by_role("region", name="Processes").get_by_text("Worker").first).to_be_visible()
    page.get_by_role("navigation", name="Administration").get_by_role("link", name="Users").click()
    page.get_by_role("searchbox").fill(name)
    row = page.get_by_role("row").filter(has_text=name)
    expect(page.get_by_role("row")).to_have_count(2)
    row.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name="Password link").click()
    dialog = page.get_by_role("dialog")
    link = dialog.get_by_label("Password link").inner_text()
    place, _, token = link.partition("?token=")
    assert place == f"{site.url}/set-password"
    expect(dialog).to_contain_text("set FRAMEAPP_PUBLIC_URL")
    assert links.owner(app, token) == name
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(row.get_by_role("button", name=f"Actions for {name}")).to_be_focused()
    row.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name="Limits").click()
    dialog.get_by_label("Frames").fill("7")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(row.get_by_role("button", name=f"Actions for {name}")).to_be_focused()
    row.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    expect(row.get_by_text("Deactivated")).to_be_visible()
    theirs.wait_for_url(re.compile("/login"))
    row.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name="Activate").click()
    expect(row.get_by_text("Deactivated")).to_be_hidden()
    row.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name="Delete").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("1 frame, 3 outputs")
    question.get_by_role("button", name=f"Delete {name} and 1 frame").click()
    expect(page.get_by_text("No matching users.")).to_be_visible()


def test_a_frame_of_anybody_is_looked_at_on_a_phone(site: Site, app: Application) -> None:
    name = new_name()
    viewer = accounts.register(app, name, PASSWORD)
    frame_id = add_frame(app, viewer, "Looked at")
    add_outputs(app, frame_id, ["first", "second"], failed=[1])
    page = administrator_page(site, app, width=390, height=844)
    page.goto("/admin/frames")
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("link", name="Looked at").click()
    expect(page.get_by_role("heading", name="Looked at")).to_be_visible()
    expect(page.get_by_text("The picture has 0 bytes.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Failed")).click()
    expect(page.get_by_text("second", exact=True)).to_be_visible()
    expect(page.get_by_text("first", exact=True)).to_be_hidden()


def test_there_is_nothing_here_for_anybody_else(site: Site) -> None:
    page = site.new_user_page()
    expect(page.get_by_role("link", name="Admin")).to_be_hidden()
    for path in ("/admin", "/admin/users", "/admin/audit", "/admin/frames/1"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
        expect(page.get_by_role("navigation", name="Administration")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_of_the_administration_is_accessible(site: Site, app: Application, width: int) -> None:
    viewer = accounts.register(app, new_name(), PASSWORD)
    frame_id = add_frame(app, viewer)
    add_outputs(app, frame_id, ["a", "b"], failed=[1])
    page = administrator_page(site, app, width=width)
    for path in ("", "/users", "/frames", f"/frames/{frame_id}", "/runs", "/registration", "/settings", "/audit"):
        page.goto(f"/admin{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
    page.goto("/admin/users")
    page.get_by_role("searchbox").fill(viewer.username)
    expect(page.get_by_role("row")).to_have_count(2)
    for item, role in (("Password link", "dialog"), ("Limits", "dialog"), ("Delete", "alertdialog")):
        page.get_by_role("button", name=f"Actions for {viewer.username}").click()
        page.get_by_role("menuitem", name=item).click()
        expect(page.get_by_role(role)).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role(role)).to_have_count(0)
