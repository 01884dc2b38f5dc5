"""Registering, signing in and out, in a real browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Site, register


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/login"))


def test_a_page_asks_for_the_login_and_is_shown_after_it(site: Site) -> None:
    page = site.new_context().new_page()
    username = register(page)
    sign_out(page)
    page.goto("/activity")
    page.wait_for_url(re.compile("/login"))
    assert parse_qs(urlsplit(page.url).query)["next"] == ["/activity"]
    sign_in(page, username, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("The username or the password is wrong.")
    expect(page.get_by_label("Username")).to_have_value(username)
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/activity"))
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()


def test_what_registering_refuses_stands_above_the_button(site: Site) -> None:
    page = site.new_context().new_page()
    page.goto("/register")
    page.get_by_label("Username").fill("somebody new")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("A username can contain only letters, digits")
    expect(page.get_by_label("Username")).to_have_value("somebody new")
    expect(page.get_by_label("Username")).to_be_focused()
    above, button = alert.bounding_box(), page.get_by_role("button", name="Create account").bounding_box()
    assert above
    assert button
    assert above["y"] + above["height"] <= button["y"]


def test_a_password_can_be_looked_at(site: Site) -> None:
    page = site.new_context().new_page()
    page.goto("/login")
    field = page.get_by_label("Password", exact=True)
    field.fill("correct horse")
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_value("correct horse")
    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_the_next_user_of_a_tab_sees_nothing_of_the_one_before(site: Site) -> None:
    page = site.new_context().new_page()
    register(page)
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    page.goto("/")
    expect(page.get_by_text("Sample frame")).to_be_visible()
    sign_out(page)
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(str(frame))))
    register(page)
    expect(page.get_by_role("button", name="Try the sample")).to_be_visible()
    assert received
    assert not [frame for frame in received if "Sample frame" in frame]


def test_too_many_failures_say_how_long_to_wait(site: Site) -> None:
    page = site.new_context().new_page()
    username = register(page)
    sign_out(page)
    for _ in range(10):
        answer = page.context.request.post("/login", form={"username": username, "password": "x"}, max_redirects=0)
        assert answer.status == 303
    page.goto("/login")
    sign_in(page, username)
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Too many attempts. Try again in 1\d minutes."))


def test_the_appearance_is_switched_and_stays(site: Site) -> None:
    page = site.new_user_page()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("radio", name="Dark").click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("dark"))


def test_the_narrow_screen_has_a_menu(site: Site) -> None:
    page = site.new_user_page(width=390, height=844)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Activity").click()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
