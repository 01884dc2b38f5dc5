"""What is somebody's is nobody else's: on every route of ours, taken from the table of routes itself.

A new route fails here until ``things`` fills its address or ``OPEN`` says why it needs no owner.
"""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from PIL import Image
from starlette.routing import Route, WebSocketRoute

import frameapp.frameapp
from frameapp.core.design.recipe import Recipe, first_placement
from frameapp.models import Frame, Output
from frameapp.services import images, previews
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.web.middleware import OPEN_PAGES
from frameapp.web.routes import ROUTES
from tests.outputs import add_frame, add_outputs
from tests.web.conftest import Connect
from tests.web.test_progress import connected, headers, refused

OPEN = {
    "/login": "signs in",
    "/register": "makes an account",
    "/set-password": "a one-time link is what it asks for",
    "/logout": "ends the sender's own session",
    "/health": "says nothing of anybody",
    "/feeds/{token}.{extension}": "published; the token is the right to read it",
    "/public/{name:path}": "published; the name is the right to read it",
}
PARAMETERS = {"frame_id", "output_id", "product_ref", "digest", "key_tail"}


def owned() -> list[Route]:
    return [route for route in ROUTES if isinstance(route, Route) and route.path not in OPEN]


def named(route: Route) -> str:
    return f"{'+'.join(sorted(route.methods or ()))} {route.path}"


@pytest.fixture
def things(app: Application, anna: Viewer) -> dict[str, dict[str, str]]:
    """What fills the addresses: things of anna's. A digest is a frame's or a draft's."""
    picture = io.BytesIO()
    Image.new("RGB", (100, 100)).save(picture, "PNG")
    data = picture.getvalue()
    frame_id = add_frame(app, anna)
    output_id = add_outputs(app, frame_id, ["SKU 1"])[0]
    draft = images.keep_draft(app, anna, data)
    key = f"private/frames/{anna.workspace_id}/{hashlib.sha256(data).hexdigest()}"
    app.storage.put(key, data)
    with app.database.write() as session:
        frame, output = session.get_one(Frame, frame_id), session.get_one(Output, output_id)
        frame.image_key, frame.image_digest = key, "f" * 64
        frame.recipe = Recipe(box=first_placement(1080, 1080)).to_json()
        values = {
            "frame_id": str(frame_id),
            "output_id": str(output_id),
            "product_ref": str(output.product_ref),
            "digest": "f" * 64,
            "key_tail": output.key.rpartition("/")[2],
        }
    return {"": values, "/files/draft/{digest}": {**values, "digest": draft.digest}}


def address(route: Route, things: dict[str, dict[str, str]]) -> str:
    text = route.path
    for name, value in things.get(route.path, things[""]).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def test_every_route_is_known() -> None:
    sockets = [route.path for route in ROUTES if isinstance(route, WebSocketRoute)]
    assert sockets == ["/ws/progress/{frame_id}/"]
    assert len(owned()) + len(sockets) == len([route for route in ROUTES if getattr(route, "path", "") not in OPEN])
    for route in owned():
        parameters = set(route.param_convertors)
        assert parameters, f"{route.path} names no thing: say in OPEN why it needs no owner"
        assert parameters <= PARAMETERS, f"{route.path}: fill {parameters - PARAMETERS} in things"


@pytest.mark.parametrize("route", owned(), ids=named)
async def test_only_the_owner_gets_it(
    app: Application, anna: Viewer, bert: Viewer, things: dict[str, dict[str, str]], connect: Connect, route: Route
) -> None:
    recipe = previews.encode_recipe(Recipe(box=first_placement(1080, 1080)))
    for method in sorted((route.methods or set()) - {"HEAD"}):
        content = b"ids=" if method == "POST" else None
        answers = [
            await connect(viewer).request(method, address(route, things), params={"recipe": recipe}, content=content)
            for viewer in (anna, bert, None)
        ]
        mine, theirs, nobodys = (answer.status_code for answer in answers)
        assert mine not in {401, 403, 404, 405, 500}, answers[0].text
        assert (theirs, nobodys) == (404, 404)
        assert "SKU" not in answers[1].text + answers[2].text


async def test_only_the_owner_follows_the_progress(
    app: Application, anna: Viewer, bert: Viewer, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", redis_url)
    frame_id = add_frame(app, anna)
    async with connected(frame_id, headers(app, anna)) as ws:
        assert await ws.receive()
    assert await refused(frame_id, headers(app, bert))
    assert await refused(frame_id, headers(app, None))


def pages() -> list[str]:
    """The addresses of all pages, with 1 for each thing that they name."""
    decorated = frameapp.frameapp.app._registration_context.decorated_pages
    routes = {f"/{str(options.get('route') or '').strip('/')}" for _, options in decorated}
    return sorted(re.sub(r"\[[^]]+\]", "1", "/" if route == "/index" else route) for route in routes)


async def test_every_page_but_the_sign_in_pages_needs_a_session(connect: Connect) -> None:
    found = [page for page in pages() if page != "/404"]
    assert len(found) >= 9
    for page in found:
        answer = await connect(None).get(page)
        if page in OPEN_PAGES:
            assert answer.status_code == 200, page
        else:
            assert answer.status_code in {303, 404}, f"{page} opens without a session: see web/middleware.py"
