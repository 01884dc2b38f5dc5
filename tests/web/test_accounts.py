"""Sign-in, registration and sign-out over HTTP."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from frameapp.errors import Invalid
from frameapp.services import accounts, sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.web.accounts import Note, read_note, safe_next
from frameapp.web.routes import web_app
from tests.web.conftest import PASSWORD, SITE, Connect

FORM = {"username": "carl", "email": "", "password": PASSWORD, "password2": PASSWORD}


def note_of(location: str) -> Note:
    return read_note(parse_qs(urlsplit(location).query)["note"][0])


async def test_registering_signs_in_at_once(app: Application, connect: Connect) -> None:
    client = connect(None)
    answer = await client.post("/register", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("frameapp_session=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"):
        assert part in cookie
    assert "Secure" not in cookie  # the public address is http
    viewer = sessions.viewer_of(app, client.cookies["frameapp_session"])
    assert viewer is not None
    assert viewer.username == "carl"


async def test_the_cookie_is_bound_to_the_host_where_the_public_address_is_https(
    app: Application, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "public_url", "https://frames.example.com")
    cookie = (await connect(None).post("/register", data=FORM)).headers["set-cookie"]
    assert cookie.startswith("__Host-frameapp=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password2": PASSWORD + "x"}, "The two passwords are not the same."),
        ({"password": "12345678", "password2": "12345678"}, "This password is among the most common ones."),
        ({"username": "anna"}, "This username is taken."),
    ],
)
async def test_a_refused_form_goes_back_with_its_sentence_and_the_username(
    anna: Viewer, connect: Connect, change: dict[str, str], sentence: str
) -> None:
    form = {**FORM, **change, "email": "carl@example.com"}
    answer = await connect(None).post("/register", data=form)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).path == "/register"
    note = note_of(answer.headers["location"])
    assert note.error.startswith(sentence)
    assert (note.username, note.email) == (form["username"], "carl@example.com")
    assert "set-cookie" not in answer.headers


async def test_sign_in_goes_on_to_the_page_that_was_asked_for(anna: Viewer, connect: Connect) -> None:
    form = {"username": "Anna", "password": PASSWORD, "next": "/frame/7/preview"}
    answer = await connect(None).post("/login", data=form)
    assert answer.headers["location"] == "/frame/7/preview"


@pytest.mark.parametrize("path", ["/login", "/register", "/set-password"])
@pytest.mark.parametrize("field", [*FORM, "token", "invitation", "next"])
async def test_what_no_database_takes_is_refused(app: Application, connect: Connect, path: str, field: str) -> None:
    answer = await connect(None).post(path, data={**FORM, field: "a\0b"})
    assert answer.status_code == 400
    assert "Reload the page and try again" in answer.text


async def test_a_wrong_password_says_so_and_keeps_where_to_go(anna: Viewer, connect: Connect) -> None:
    answer = await connect(None).post("/login", data={"username": "anna", "password": "no", "next": "/activity"})
    location = answer.headers["location"]
    assert note_of(location) == Note("The username or the password is wrong.", "anna", field="password")
    assert parse_qs(urlsplit(location).query)["next"] == ["/activity"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        ("", "198.51.100.7", "192.0.2.1"),
        ("192.0.2.9", "198.51.100.7", "192.0.2.1"),
        ("192.0.2.0/24", "198.51.100.7", "198.51.100.7"),
        ("192.0.2.0/24", "203.0.113.5, 198.51.100.7", "198.51.100.7"),
        ("192.0.2.0/24, 10.0.0.0/8", "203.0.113.5,198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("192.0.2.1,10.0.0.0/8", "2001:db8::7, 10.1.2.3", "2001:db8::7"),
        ("192.0.2.0/24", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7:50123", "198.51.100.7"),
        ("192.0.2.1", "[2001:db8::7]:50123", "2001:db8::7"),
    ],
    ids=[
        "off",
        "by a stranger",
        "one",
        "the client claims another",
        "two proxies",
        "IPv6",
        "without",
        "with a port",
        "IPv6 with a port",
    ],
)
async def test_sign_ins_are_counted_by_the_client_that_a_trusted_proxy_tells(
    app: Application, monkeypatch: pytest.MonkeyPatch, proxies: str, forwarded: str, client: str
) -> None:
    counted: list[str] = []

    def sign_in(_: Application, username: str, password: str, *, address: str) -> Viewer:
        counted.append(address)
        raise Invalid("The username or the password is wrong.")

    monkeypatch.setattr(accounts, "sign_in", sign_in)
    monkeypatch.setattr(app.settings, "trusted_proxies", proxies)
    transport = httpx.ASGITransport(app=web_app(), client=("192.0.2.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as browser:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        await browser.post("/login", data={"username": "anna", "password": "no"}, headers=headers)
    assert counted == [client]


async def test_a_new_sign_in_ends_the_session_before(app: Application, anna: Viewer, connect: Connect) -> None:
    client = connect(anna)
    before = client.cookies["frameapp_session"]
    await client.post("/login", data={"username": "anna", "password": PASSWORD})
    assert sessions.viewer_of(app, before) is None


async def test_sign_out_ends_the_session(app: Application, anna: Viewer, connect: Connect) -> None:
    client = connect(anna)
    token = client.cookies["frameapp_session"]
    answer = await client.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert sessions.viewer_of(app, token) is None
    assert 'frameapp_session="";' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_in_development_the_form_goes_back_to_the_port_of_the_pages(connect: Connect, app: Application) -> None:
    headers = {"origin": SITE, "host": "localhost:8000", "sec-fetch-site": "same-site"}
    answer = await connect(None).post("/register", data=FORM, headers=headers)
    assert answer.headers["location"] == f"{SITE}/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "frames",
        "/a\r\nb",
        "/\t/x",
    ],
)
def test_next_never_leaves_the_host(target: str) -> None:
    assert safe_next(target) == "/"


def test_a_note_that_somebody_else_wrote_says_nothing(app: Application) -> None:
    assert read_note("Call this number to unlock your account") == Note()
