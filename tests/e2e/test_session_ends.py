"""A session that ends: its open pages lead to the sign-in page, and the browser keeps none of its pictures."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from frameapp.services.application import Application
from frameapp.services.sessions import close_session
from frameapp.web.identity import cookie_name
from tests.conftest import AttackFigure
from tests.e2e.conftest import Site
from tests.e2e.job import make_finished_frame


@pytest.mark.attack
def test_an_open_page_of_a_session_that_ends_elsewhere_leads_to_sign_in(
    site: Site, app: Application, attack_figure: AttackFigure
) -> None:
    page = site.new_user_page()
    token = next(c["value"] for c in page.context.cookies() if c["name"] == cookie_name(app.settings))
    closed: list[float] = []
    page.on("framenavigated", lambda frame: closed.append(time.monotonic()))
    began = time.monotonic()
    close_session(app, token)
    page.wait_for_url("**/login**")
    seconds = closed[0] - began
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    figure = f"at the sign-in page in {seconds:.1f} s"
    attack_figure("17 an open page whose session ends elsewhere", figure, "1.0 s", held=seconds < 1, clock=True)


def test_a_shared_browser_keeps_no_picture_after_sign_out(site: Site) -> None:
    page = site.new_user_page()
    made = make_finished_frame(site, page, products=3)
    pictures = [address for address in made.files if "/files/thumb/" in address or "/files/output/" in address]
    assert pictures
    for address in pictures:
        assert page.evaluate(FETCH, address) == 200
    page.goto("/")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login**")
    for address in pictures:
        assert page.evaluate(FETCH, address) == 404


FETCH = "(address) => fetch(address, {cache: 'force-cache'}).then((answer) => answer.status)"
