"""Another user, and nobody at all, get nothing of a user's: on every page, route, file and WebSocket."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from websockets.sync.client import connect

import frameapp.frameapp
from frameapp.models import Feed, Frame, Generation, Output, Run
from frameapp.services.application import Application
from frameapp.settings import Settings
from frameapp.ui.gate import NEVER
from tests.e2e.conftest import Site, register
from tests.e2e.events import Caller, calling
from tests.e2e.job import Made, cookie_of, make_finished_frame
from tests.ui.test_events import states


@pytest.fixture(scope="module")
def made(site: Site) -> Made:
    """A finished frame of a first user."""
    page = site.new_user_page()
    made = make_finished_frame(site, page, products=4)
    page.get_by_role("button", name="Publish").click()
    page.locator(".published-address").wait_for()
    page.context.close()
    return made


def routes(made: Made) -> list[str]:
    """Every address that shows or gives something of the frame's."""
    return [
        f"/frame/{made.frame_id}/preview",
        f"/frame/{made.frame_id}/edit",
        f"/frame/{made.frame_id}/delete",
        f"/frame_detail/{made.frame_id}",
        f"/frame/{made.frame_id}/outputs-ajax/",
        f"/frame/{made.frame_id}/outputs.zip",
        *made.files,
    ]


def test_another_user_gets_404_everywhere(site: Site, made: Made) -> None:
    page = site.new_user_page()
    for route in routes(made):
        answer = page.context.request.get(route, max_redirects=0)
        assert answer.status == 404, route
    page.goto(f"/frame_detail/{made.frame_id}")
    page.get_by_text("not yours").first.wait_for()
    assert made.frame_name not in page.content()
    assert "SKU-00000" not in page.content()


def test_nobody_is_sent_to_sign_in_or_refused(site: Site, made: Made) -> None:
    with httpx.Client(base_url=site.url, trust_env=False) as client:
        for route in routes(made):
            answer = client.get(route)
            assert answer.status_code in {303, 401, 404}, route
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/login"), route


def test_the_progress_stream_is_the_owners_only(site: Site, made: Made) -> None:

    address = f"ws://localhost:{site.server.port}/ws/progress/{made.frame_id}/"
    with connect(address, additional_headers={"Cookie": made.cookie}, proxy=None) as stream:
        message = json.loads(stream.recv(timeout=120))
    assert (message["processed"], message["total"]) == (4, 4)
    stranger = cookie_of(site.new_user_page())
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c3RyYW5nZXJzLWtub2NraW4=",
    }
    for headers in ({}, {"Cookie": stranger}, {"Cookie": made.cookie, "Origin": "https://evil.example"}):
        answer = httpx.get(address.replace("ws:", "http:"), headers=upgrade | headers, trust_env=False)
        assert answer.status_code == 403


def rows_of(site: Site, frame_id: int) -> dict[str, list[Any]]:
    """All that the database holds of a frame, by table."""
    app = Application.from_settings(Settings(data_dir=site.server.data, _env_file=None))  # type: ignore[call-arg]
    try:
        with app.database.engine.connect() as connection:
            tables = (Frame, Feed, Output, Run, Generation)
            frame, feed, output, run, generation = (table.__table__ for table in tables)
            queries = {
                "frame": sa.select(frame).where(frame.c.id == frame_id),
                "feed": sa.select(feed).join(frame, frame.c.feed_id == feed.c.id).where(frame.c.id == frame_id),
                "output": sa.select(output).where(output.c.frame_id == frame_id).order_by(output.c.id),
                "run": sa.select(run).where(run.c.frame_id == frame_id).order_by(run.c.id),
                "generation": sa.select(generation).where(generation.c.frame_id == frame_id),
            }
            return {name: list(connection.execute(query).all()) for name, query in queries.items()}
    finally:
        app.database.dispose()


def guesses(handler: Any, ref: int) -> dict[str, Any]:
    """A payload for every argument: a number that is somebody's frame, output and product, or a text.

    An argument of a new kind fails here: say what to send in its place.
    """
    box = {"x": 1.0, "y": 1.0, "w": 50.0, "h": 50.0}
    kinds = {"int": ref, "float": 1.0, "bool": True, "str": str(ref), "str | list[str]": str(ref)}
    kinds |= {"list[int]": [ref], "list[str]": [str(ref)], "dict[str, float]": box, "dict[str, Any]": {"name": "Taken"}}
    arguments = list(inspect.signature(handler.fn).parameters.values())[1:]
    return {argument.name: kinds[_spelled(argument.annotation)] for argument in arguments}


def _spelled(annotation: object) -> str:
    return annotation.__name__ if type(annotation) is type else str(annotation).replace("typing.", "")


def call_everything(caller: Caller, path: str, refs: set[int]) -> None:
    """Every event that there is, those that open a page first; an upload is no event, see tests/attacks."""
    handlers = [
        handler
        for state in states()
        for name, handler in state.event_handlers.items()
        if name not in NEVER and "UploadFile" not in str(inspect.signature(handler.fn))
    ]
    handlers.sort(key=lambda handler: not handler.fn.__name__.startswith(("load", "start_")))
    for handler in handlers:
        for ref in refs if inspect.signature(handler.fn).parameters.keys() > {"self"} else [0]:
            caller.call(f"{handler.state_full_name}.{handler.fn.__name__}", path, guesses(handler, ref))


def pages_of(made: Made) -> list[str]:
    """Every page that names a thing, with the frame's id in its place."""
    pages = frameapp.frameapp.app._registration_context.decorated_pages
    routes = {f"/{str(options.get('route') or '').strip('/')}" for _, options in pages}
    return sorted(re.sub(r"\[[^]]+\]", str(made.frame_id), route) for route in routes if "[" in route)


def test_events_called_by_name_give_nothing_and_change_nothing(site: Site, made: Made) -> None:
    before = rows_of(site, made.frame_id)
    assert [len(rows) for rows in before.values()] == [1, 1, 4, 1, 1]
    output = before["output"][0]
    load = next(state for state in states() if state.__name__ == "DetailsState").event_handlers["load"]
    with calling(site.server.port, made.cookie) as owner:
        owner.call(f"{load.state_full_name}.load", f"/frame_detail/{made.frame_id}", {})
        assert made.frame_name in owner.answers(until=made.frame_name)

    page = site.new_context().new_page()
    stranger = register(page)
    enter = next(state for state in states() if state.__name__ == "SessionState").event_handlers["enter"]
    with calling(site.server.port, cookie_of(page)) as caller:
        assert len(pages_of(made)) >= 4
        for path in pages_of(made):
            call_everything(caller, path, {made.frame_id, output.id, output.product_ref})
        caller.call(f"{enter.state_full_name}.enter", "/", {})
        heard = caller.answers(until=stranger)
    assert "not_found" in heard
    for theirs in (made.frame_name, "SKU-0000", site.catalogue.url, "/feeds/"):
        assert theirs not in heard
    assert rows_of(site, made.frame_id) == before


def test_events_called_by_nobody_are_not_even_heard(site: Site, made: Made) -> None:
    before = rows_of(site, made.frame_id)
    output = before["output"][0]
    toggle = next(state for state in states() if state.__name__ == "SignInState").event_handlers["toggle"]
    with calling(site.server.port, "") as caller:
        for path in pages_of(made):
            call_everything(caller, path, {made.frame_id, output.id, output.product_ref})
        caller.call(f"{toggle.state_full_name}.toggle", "/login", {})
        heard = caller.answers(until="shown_rx_state_")
    for theirs in (made.frame_name, "SKU-0000", site.catalogue.url, "/feeds/"):
        assert theirs not in heard
    assert rows_of(site, made.frame_id) == before


def test_the_upload_route_is_closed(site: Site) -> None:
    with httpx.Client(base_url=site.url, trust_env=False) as client:
        assert client.get("/_upload").status_code == 404
        assert client.get("/_upload/anything.png").status_code == 404
        assert client.post("/_upload", files={"file": b"x"}).status_code == 401
        elsewhere = client.post("/_upload", files={"file": b"x"}, headers={"Origin": "https://evil.example"})
        assert elsewhere.status_code == 403
