"""The account page, and passwords by a link, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from frameapp.models import Registration, User
from frameapp.services import accounts, links, registration, sessions, users
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.e2e.conftest import PASSWORD, Site, new_name
from tests.e2e.test_accounts import sign_in
from tests.jobs.workers import SECONDS, wait_until

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
ANOTHER = "another good password"


def administrator(app: Application) -> Viewer:
    return accounts.register(app, new_name(), PASSWORD, is_admin=True)


def exists(app: Application, user_id: int) -> bool:
    with app.database.read() as session:
        return session.get(User, user_id) is not None


def wait_for_sign_in(page: Page) -> None:
    """Until the sign-in page is there and has read its address."""
    page.wait_for_url(re.compile("/login"))
    page.get_by_text("New here?").wait_for()


def account_page(site: Site, app: Application, viewer: Viewer) -> Page:
    page = site.page_of(app, viewer)
    page.goto("/account")
    page.get_by_role("heading", name="Sessions").wait_for()
    return page


def test_another_password_ends_the_other_sessions_and_their_pages(site: Site, app: Application) -> None:
    viewer = accounts.register(app, new_name(), PASSWORD)
    elsewhere, page = site.page_of(app, viewer), account_page(site, app, viewer)
    elsewhere.goto("/")
    elsewhere.get_by_role("heading", name="Frames").wait_for()
    page.get_by_label("Current password").fill("not it")
    page.get_by_label("New password", exact=True).fill(ANOTHER)
    page.get_by_label("Repeat new password").fill(ANOTHER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is not your current password.")
    expect(page.get_by_label("Current password")).to_be_focused()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    expect(page.get_by_label("Current password")).to_have_value("")
    wait_for_sign_in(elsewhere)
    expect(elsewhere.get_by_text("Your session has ended.")).to_be_visible()
    sign_in(elsewhere, viewer.username, ANOTHER)
    expect(elsewhere.get_by_role("heading", name="Frames")).to_be_visible()


def test_a_session_is_ended_from_elsewhere(site: Site, app: Application) -> None:
    viewer = accounts.register(app, new_name(), PASSWORD)
    elsewhere = site.page_of(app, viewer)
    elsewhere.goto("/activity")
    elsewhere.get_by_role("heading", name="Activity").wait_for()
    sessions.open_session(
        app, viewer, user_agent="Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    page = account_page(site, app, viewer)
    expect(page.get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_role("listitem").first).to_contain_text("Signed in here")
    page.get_by_role("button", name="End the session of Firefox on Windows").click()
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="End all others").click()
    expect(page.get_by_role("listitem")).to_have_count(1)
    elsewhere.wait_for_url(re.compile("/login"))


def test_the_account_goes_with_its_password_alone(site: Site, app: Application) -> None:
    viewer = accounts.register(app, new_name(), PASSWORD)
    page = account_page(site, app, viewer)
    page.get_by_label("E-mail (optional)").fill("anna@")
    page.get_by_role("button", name="Save e-mail").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not an e-mail address.")
    page.get_by_role("button", name="Delete account").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("0 frames with 0 outputs")
    question.get_by_label("Your password").fill("not it")
    page.keyboard.press("Enter")
    expect(question.get_by_role("alert")).to_contain_text("This is not your current password.")
    question.get_by_label("Your password").fill(PASSWORD)
    question.get_by_role("button", name="Delete account and everything in it").click()
    wait_for_sign_in(page)
    wait_until(lambda: not exists(app, viewer.user_id), SECONDS, "the account is not deleted")
    sign_in(page, viewer.username)
    expect(page.get_by_role("alert")).to_contain_text("The username or the password is wrong.")


def test_a_forgotten_password_is_set_by_a_link_once(site: Site, app: Application) -> None:
    viewer = accounts.register(app, new_name(), PASSWORD)
    page = site.new_context().new_page()
    page.goto("/login")
    page.get_by_role("button", name="Forgot your password?").click()
    expect(page.get_by_text("Ask an administrator")).to_be_visible()
    address = f"/set-password?token={links.password_link(app, administrator(app), viewer.user_id)}"
    page.goto(address)
    page.get_by_label("Password", exact=True).fill(ANOTHER)
    page.get_by_label("Repeat password").fill("something else entirely")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("alert")).to_contain_text("The two passwords are not the same.")
    expect(page.get_by_label("Repeat password")).to_be_focused()
    page.get_by_label("Password", exact=True).fill(ANOTHER)
    page.get_by_label("Repeat password").fill(ANOTHER)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="Frames")).to_be_visible()
    other = site.new_context().new_page()
    other.goto(address)
    expect(other.get_by_text("This link has been used or has expired.")).to_be_visible()


def test_a_deactivated_user_is_told_at_the_sign_in(site: Site, app: Application) -> None:
    viewer = accounts.register(app, new_name(), PASSWORD)
    page = account_page(site, app, viewer)
    users.deactivate(app, administrator(app), viewer.user_id)
    wait_for_sign_in(page)
    sign_in(page, viewer.username)
    expect(page.get_by_role("alert")).to_contain_text("This account is deactivated.")


def test_registration_is_closed_opened_and_by_invitation(site: Site, app: Application) -> None:
    admin, page = administrator(app), site.new_context().new_page()
    try:
        registration.set_mode(app, admin, Registration.CLOSED)
        page.goto("/register")
        expect(page.get_by_text("Registration is closed.")).to_be_visible()
        registration.set_mode(app, admin, Registration.INVITATION)
        page.goto("/register")
        expect(page.get_by_text("You need an invitation to register.")).to_be_visible()
        page.goto(f"/register?invitation={registration.invite(app, admin)}")
        page.get_by_label("Username").fill(new_name())
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Repeat password").fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("heading", name="Frames")).to_be_visible()
    finally:
        registration.set_mode(app, admin, Registration.OPEN)
