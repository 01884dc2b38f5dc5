"""Another user, and nobody at all, get nothing of a user's: on every page, route, file and WebSocket."""

from __future__ import annotations

import json

import httpx
import pytest
from simple_websocket import Client

from tests.e2e.conftest import Site
from tests.e2e.job import Made, cookie_of, make_finished_frame


@pytest.fixture(scope="module")
def made(site: Site) -> Made:
    """A finished frame of a first user."""
    page = site.new_user_page()
    made = make_finished_frame(site, page, products=4)
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
    stream = Client(address, headers={"Cookie": made.cookie})
    message = json.loads(stream.receive(timeout=10))
    stream.close()
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


def test_the_upload_route_is_closed(site: Site) -> None:
    with httpx.Client(base_url=site.url, trust_env=False) as client:
        assert client.get("/_upload").status_code == 404
        assert client.get("/_upload/anything.png").status_code == 404
        assert client.post("/_upload", files={"file": b"x"}).status_code == 401
        elsewhere = client.post("/_upload", files={"file": b"x"}, headers={"Origin": "https://evil.example"})
        assert elsewhere.status_code == 403
