"""What stands before every route: forged requests, uploads, and the pages' gate."""

from __future__ import annotations

from collections.abc import AsyncIterator, MutableMapping

import pytest
from sqlmodel import Session

from frameapp.models import Feed, Frame
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.web.middleware import UPLOAD_LIMIT
from frameapp.web.routes import web_app
from tests.web.conftest import PASSWORD, SITE, Connect

SIGN_IN = {"username": "anna", "password": PASSWORD}


def add_frame(session: Session, viewer: Viewer) -> int:
    feed = Feed(workspace_id=viewer.workspace_id, address="https://shop.example.com/feed.xml")
    session.add(feed)
    session.flush()
    frame = Frame(
        workspace_id=viewer.workspace_id,
        feed_id=feed.id,
        name="Summer sale",
        secret="s",
        image_key="private/frames/x",
        image_digest="x",
        image_width=100,
        image_height=100,
    )
    session.add(frame)
    session.flush()
    return frame.id


@pytest.mark.parametrize(
    "headers",
    [
        {},  # no browser
        {"sec-fetch-site": "same-origin", "origin": SITE},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"sec-fetch-site": "none"},
        {"origin": SITE},  # an older browser
        {"origin": "http://192.168.0.7:3000", "host": "192.168.0.7:3000"},  # by another name of this host
        {"sec-fetch-site": "same-site", "origin": SITE, "host": "localhost:8000"},  # development
    ],
)
async def test_our_own_forms_pass(anna: Viewer, connect: Connect, headers: dict[str, str]) -> None:
    assert (await connect(None).post("/login", data=SIGN_IN, headers=headers)).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout", "/_upload", "/anything"])
async def test_another_sites_forms_are_refused(
    anna: Viewer, connect: Connect, path: str, headers: dict[str, str]
) -> None:
    answer = await connect(anna).post(path, data=SIGN_IN, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


async def test_another_sites_websocket_is_refused(app: Application) -> None:
    headers = [(b"origin", b"https://evil.example"), (b"host", b"localhost:3000")]
    scope = {"type": "websocket", "path": "/_event", "scheme": "ws", "headers": headers, "query_string": b""}
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(dict(message))

    await web_app()(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 4403}]


async def test_an_upload_needs_a_session(connect: Connect) -> None:
    answer = await connect(None).post("/_upload", content=b"picture")
    assert (answer.status_code, answer.text) == (401, "Please sign in.")


async def test_the_development_pages_upload_from_another_port(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"origin": SITE, "host": "localhost:8000", "sec-fetch-site": "same-site"}
    assert (await connect(None).post("/_upload", content=b"x", headers=headers)).status_code == 401
    monkeypatch.setenv("REFLEX_ENV_MODE", "dev")
    assert (await connect(None).post("/_upload", content=b"x", headers=headers)).status_code == 200
    assert (await connect(None).post("/_upload", content=b"x")).status_code == 401


async def test_a_signed_in_upload_passes(anna: Viewer, connect: Connect) -> None:
    assert (await connect(anna).post("/_upload", content=b"picture")).text == "reflex got 7"


@pytest.mark.parametrize("path", ["/_upload", "/_upload/picture.png", "/_upload/../_upload/x"])
async def test_what_was_uploaded_is_never_served(anna: Viewer, connect: Connect, path: str) -> None:
    assert (await connect(anna).get(path)).status_code == 404


async def test_an_announced_size_is_refused_before_it_is_read(anna: Viewer, connect: Connect) -> None:
    answer = await connect(anna).post("/_upload", content=b"x", headers={"content-length": str(UPLOAD_LIMIT + 1)})
    assert (answer.status_code, answer.text) == (413, "The file is larger than 20 MB.")


async def test_a_size_that_was_not_announced_is_refused_as_it_grows(anna: Viewer, connect: Connect) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 4 * UPLOAD_LIMIT:
            sent += 1_000_000
            yield bytes(1_000_000)

    answer = await connect(anna).post("/_upload", content=endless())
    assert answer.status_code == 413
    assert sent < UPLOAD_LIMIT + 3_000_000


@pytest.mark.parametrize(
    ("page", "target"),
    [
        ("/", "/login"),
        ("/activity", "/login?next=%2Factivity"),
        ("/add-frame/", "/login?next=%2Fadd-frame"),
        ("/frame/7/preview", "/login?next=%2Fframe%2F7%2Fpreview"),
        ("/frame_detail/7", "/login?next=%2Fframe_detail%2F7"),
    ],
)
async def test_pages_need_a_login(connect: Connect, page: str, target: str) -> None:
    answer = await connect(None).get(page)
    assert (answer.status_code, answer.headers["location"]) == (303, target)


async def test_sign_in_is_open_to_strangers_and_spared_to_the_signed_in(anna: Viewer, connect: Connect) -> None:
    for page in ("/login", "/register"):
        assert (await connect(None).get(page)).status_code == 200
        assert (await connect(anna).get(page)).headers["location"] == "/"


@pytest.mark.parametrize("page", ["/frame/{}/preview", "/frame/{}/edit", "/frame/{}/delete/", "/frame_detail/{}"])
async def test_a_frame_is_there_for_its_owner_only(
    app: Application, anna: Viewer, bert: Viewer, connect: Connect, page: str
) -> None:
    with app.database.write() as session:
        frame_id = add_frame(session, anna)
    assert (await connect(anna).get(page.format(frame_id))).status_code == 200
    assert (await connect(bert).get(page.format(frame_id))).status_code == 404
    assert (await connect(bert).get(page.format(frame_id + 1))).status_code == 404
    for endless in ("1" * 10, "1" * 30, "1" * 5000):
        assert (await connect(bert).get(page.format(endless))).status_code == 404
        assert (await connect(None).get(page.format(endless))).status_code == 303


async def test_assets_need_no_login(connect: Connect) -> None:
    for path in ("/frameapp.css", "/assets/index.js", "/ping"):
        assert (await connect(None).get(path)).status_code == 200
