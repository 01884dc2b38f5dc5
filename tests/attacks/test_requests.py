"""Large and slow bodies, foreign hosts, and sockets by the hundred."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from frameapp.services.sessions import close_session
from frameapp.web import bodies
from frameapp.web.bodies import LARGEST_BODY
from frameapp.web.sockets import FULL, MOST_PROGRESS
from tests.attacks.conftest import DESCRIPTORS, Target
from tests.conftest import AttackFigure
from tests.outputs import add_frame

SECONDS = 240  # what a busy machine may take; nobody waits so long where all is well


def endless(size: int) -> Iterator[bytes]:
    part = b"x" * 65_536
    for _ in range(size // len(part)):
        yield part


@pytest.mark.attack
def test_a_large_form_is_refused_before_it_is_read(target: Target, attack_figure: AttackFigure) -> None:
    before, written = target.memory, target.written
    multipart = {"content-type": "multipart/form-data; boundary=b"}
    plain = {"content-type": "application/x-www-form-urlencoded"}
    began, statuses = time.monotonic(), []
    for path in ("/login", "/register", "/logout", "/anything"):
        for headers in (multipart, plain, {**plain, "content-length": str(10**9)}):
            try:
                with httpx.Client(base_url=target.url, trust_env=False) as client:
                    statuses.append(client.post(path, content=endless(100_000_000), headers=headers).status_code)
            except httpx.HTTPError:  # the server has answered and closed while we still sent
                statuses.append(413)
    seconds, grown = time.monotonic() - began, (target.memory - before) / 1_000_000
    assert set(statuses) <= {400, 413}
    assert target.written - written < 1_000_000  # nothing is spooled
    attack_figure("4 12 posts of 100 MB to forms", f"{grown:+.0f} MB", "+30 MB", held=grown < 30)
    attack_figure("4 12 posts of 100 MB to forms", f"{seconds:.1f} s", "10 s", held=seconds < 10, clock=True)


def test_a_form_of_the_pages_passes(target: Target) -> None:
    target.user("poster")
    form = {"username": "poster", "password": "wrong password"}
    answer = httpx.post(f"{target.url}/login", data=form, trust_env=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?note=")
    assert httpx.post(f"{target.url}/login", content=b"x" * LARGEST_BODY, trust_env=False).status_code == 303
    assert httpx.post(f"{target.url}/login", content=b"x" * (LARGEST_BODY + 1), trust_env=False).status_code == 413


@pytest.mark.attack
def test_a_slow_form_is_given_up(target: Target, attack_figure: AttackFigure) -> None:
    with socket.create_connection(("localhost", target.server.port), timeout=SECONDS) as slow:
        head = f"POST /login HTTP/1.1\r\nHost: localhost:{target.server.port}\r\nContent-Length: 100\r\n\r\nusername="
        began = time.monotonic()
        slow.sendall(head.encode())
        answer = slow.recv(4096)
        seconds = time.monotonic() - began
    status = answer.split()[1].decode()
    attack_figure("4 a form that never ends", f"{seconds:.0f} s, {status}", "408", held=status == "408")
    assert seconds >= bodies.BODY_SECONDS - 1


@pytest.mark.attack
def test_a_foreign_host_is_refused(target: Target, attack_figure: AttackFigure) -> None:
    evil = {"Host": "evil.example"}
    with httpx.Client(base_url=target.url, trust_env=False) as client:
        refused = [
            client.get(path, headers=evil)
            for path in ("/login", "/", "/feeds/x.xml", "/_upload", "/logo.svg", "/health/")
        ]
        forged = client.post("/login", data={"username": "x"}, headers={**evil, "Origin": "http://evil.example"})
        foreign = client.post("/login", data={"username": "x"}, headers={"Origin": "http://evil.example"})
        slash = client.get("/login")
        checked = [client.get(path, headers={"Host": "web:3000"}).status_code for path in ("/health", "/ping")]
    statuses = [answer.status_code for answer in (*refused, forged)]
    figure = f"answers {sorted(set(statuses))}"
    attack_figure("10 requests under another host's name", figure, "400", held=set(statuses) == {400})
    assert foreign.status_code == 403
    assert (slash.status_code, slash.headers.get("location")) == (307, "/login/")
    assert checked == [200, 200]


@pytest.mark.attack
def test_hundreds_of_sockets_under_few_descriptors(target: Target, attack_figure: AttackFigure) -> None:
    users = [target.user(f"watcher-{number}") for number in range(10)]
    opened = refused = 0
    with ExitStack() as stack:
        for viewer, cookie in users:
            address = f"ws://localhost:{target.server.port}/ws/progress/{add_frame(target.app, viewer)}/"
            for _ in range(MOST_PROGRESS + 1):
                ws = stack.enter_context(connect(address, additional_headers={"Cookie": cookie}, proxy=None))
                try:
                    opened += "processed" in str(ws.recv(timeout=SECONDS))
                except ConnectionClosed as closed:
                    refused += FULL in str(closed)
        descriptors = len(list((target.web / "fd").iterdir()))
        with httpx.Client(base_url=target.url, trust_env=False) as client:
            statuses = {client.get(path).status_code for path in ("/health", "/login/", "/logo.svg") for _ in range(20)}
    figure = f"{opened} open, {refused} refused, {descriptors} descriptors"
    held = (opened, refused, statuses) == (600, 10, {200}) and descriptors < DESCRIPTORS
    attack_figure(
        "6 610 progress sockets under 1,024 descriptors", figure, f"600, 10, {DESCRIPTORS}; no 500", held=held
    )


@pytest.mark.attack
def test_a_progress_socket_ends_with_its_session(target: Target, attack_figure: AttackFigure) -> None:
    viewer, cookie = target.user("leaving")
    address = f"ws://localhost:{target.server.port}/ws/progress/{add_frame(target.app, viewer)}/"
    with connect(address, additional_headers={"Cookie": cookie}, proxy=None) as ws:
        ws.recv(timeout=SECONDS)
        began = time.monotonic()
        close_session(target.app, cookie.partition("=")[2])
        with pytest.raises(ConnectionClosed) as closed:
            ws.recv(timeout=SECONDS)
        seconds = time.monotonic() - began
    assert "The session has ended." in str(closed.value)
    figure = f"closed in {seconds * 1000:.0f} ms"
    attack_figure("17 a progress socket after sign-out", figure, "1,000 ms", held=seconds < 1, clock=True)
