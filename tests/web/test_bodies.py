"""What a request may bring: large, slow and broken bodies."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from frameapp.services.accounts import Viewer
from frameapp.web import bodies
from frameapp.web.bodies import LARGEST_BODY, PASSED_ON, UPLOAD_PASSED_ON, BodyLimits, WholeBodies, in_time, refusal
from tests.server import ROOT
from tests.web.conftest import Connect


@pytest.mark.parametrize("path", ["/login", "/register", "/logout", "/frame/1/anything", "/nothing"])
async def test_a_body_is_small(connect: Connect, path: str) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10_000_000:
            sent += 10_000
            yield bytes(10_000)

    client = connect(None)
    assert (await client.post(path, content=b"x" * (LARGEST_BODY + 1))).status_code == 413
    assert (await client.post(path, content=endless())).status_code == 413
    assert sent <= PASSED_ON + 10_000
    assert (await client.post(path, content=b"", headers={"content-length": "9" * 30})).status_code == 413


async def test_a_form_takes_no_files(anna: Viewer, connect: Connect) -> None:
    answer = await connect(None).post("/login", files={"username": b"anna"})
    assert (answer.status_code, answer.text) == (400, bodies.NO_FILES)
    assert (await connect(None).post("/login", data={"username": "anna", "password": "x"})).status_code == 303


async def test_ids_by_the_thousand_still_pass(anna: Viewer, connect: Connect) -> None:
    ids = ",".join(["1234567890"] * 9_000)
    answer = await connect(anna).post("/frame/1/outputs.zip", data={"ids": ids})
    assert answer.status_code == 404  # it was read, and there is no such frame


async def answer_to(receive: Any) -> list[dict[str, Any]]:
    """What the middleware answers to what comes this way."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def never(*_: Any) -> None:
        raise AssertionError("passed on")

    scope = {"type": "http", "method": "POST", "path": "/login", "headers": []}
    await BodyLimits(never)(scope, receive, send)
    return sent


async def test_a_slow_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def slow() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    sent = await answer_to(slow)
    assert sent[0]["status"] == 408


async def test_a_body_that_was_cut_is_no_form() -> None:
    messages = iter(
        [{"type": "http.request", "body": b"username=anna&", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def cut() -> dict[str, Any]:
        return next(messages)

    assert await answer_to(cut) == []


async def test_an_upload_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.01)
    whole, release = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if whole.is_set():
            await release.wait()
            return {"type": "http.disconnect"}
        whole.set()
        return {"type": "http.request", "body": b"x", "more_body": True}

    part = in_time(receive)
    assert (await part())["type"] == "http.request"
    assert (await part())["type"] == "http.disconnect"


async def parts_read(
    path: str, *, headers: dict[str, str] | None = None, parts: int = 0, size: int = 100_000, stalls: bool = False
) -> int:
    """How many parts of a body were read when its refusal went out; it ends after ``parts``, or never."""
    read, answered = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal read
        if stalls and read == parts:
            await asyncio.Event().wait()
        read += 1
        return {"type": "http.request", "body": bytes(size), "more_body": read != parts}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answered.append((message["status"], read))

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": "POST", "path": path, "headers": raw}
    await WholeBodies(refusal("No.", 401))(scope, receive, send)
    ((status, when),) = answered
    assert status == 401
    assert when == read  # nothing is read after the answer
    return read


async def test_a_refusal_waits_for_what_nginx_passes_on() -> None:
    assert await parts_read("/login", parts=1) == 1
    assert await parts_read("/login", parts=10) == 10
    assert await parts_read("/_upload", parts=200) == 200
    assert await parts_read("/login") == PASSED_ON // 100_000 + 1
    assert await parts_read("/_upload") == UPLOAD_PASSED_ON // 100_000 + 1


async def test_a_refusal_waits_for_no_body_that_is_too_long_or_has_not_begun() -> None:
    assert await parts_read("/login", headers={"content-length": str(PASSED_ON + 1)}) == 0
    assert await parts_read("/_upload", headers={"content-length": str(UPLOAD_PASSED_ON + 1)}) == 0
    assert await parts_read("/_upload", headers={"expect": "100-continue"}) == 0


async def test_a_refusal_does_not_wait_for_a_slow_body_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)
    assert await parts_read("/_upload", parts=3, stalls=True) <= 3


async def test_the_limits_are_those_of_nginx() -> None:
    configuration = (ROOT / "nginx" / "application.conf").read_text()
    megabytes = [int(found) << 20 for found in re.findall(r"client_max_body_size (\d+)m;", configuration)]
    assert megabytes == [PASSED_ON, UPLOAD_PASSED_ON]
