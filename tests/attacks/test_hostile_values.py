"""Values that no page sends: refused with a sentence, without a traceback or an answer of 500."""

from __future__ import annotations

import base64
import http.client
import inspect
import itertools
import json
import math
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from frameapp.core.design.recipe import Box, Recipe
from tests.attacks.conftest import Target
from tests.attacks.test_strangers import full_name, opened
from tests.conftest import AttackFigure
from tests.e2e.events import Caller
from tests.outputs import add_frame
from tests.ui.test_events import states

HOSTILE: tuple[Any, ...] = (
    None,
    10**40,
    -(2**63),
    float("nan"),
    float("inf"),
    [],
    ["a"],
    {},
    {"x": {"y": [None]}},
    "a\0b",
    "\ud800",
    True,
    -1,
    "",
    "[" * 1000,
)


@pytest.mark.attack
def test_hostile_event_values_are_refused(target: Target, attack_figure: AttackFigure) -> None:
    _, cookie = target.user("hostile")
    before, calls = len(target.log), 0
    handlers = [
        (f"{state.get_full_name()}.{name}", handler)
        for state in states()
        for name, handler in sorted(state.event_handlers.items())
        if inspect.signature(handler.fn).parameters.keys() > {"self"}
    ]
    with opened(target, cookie) as socket:
        caller = Caller(socket)
        for (name, handler), value in itertools.product(handlers, HOSTILE):
            arguments = list(inspect.signature(handler.fn).parameters)[1:]
            caller.call(name, "/frame/1/preview", dict.fromkeys(arguments, value))
            calls += 1
        caller.call(full_name("FramesState", "set_search"), "/", {"text": "still here"})
        caller.answers(until="still here")
    tracebacks = target.log[before:].count("Traceback")
    print(target.log[before:].partition("Traceback")[2][:6000])  # noqa: T201  (shown where it fails)
    attack_figure(f"11 {calls:,} events with hostile values", f"{tracebacks} tracebacks", "0", held=tracebacks == 0)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def recipes() -> list[str]:
    """Texts in a recipe's place, some all but right."""
    whole = Recipe(box=Box(0, 0, 10, 10)).to_json()
    wrong: list[dict[str, Any]] = [
        {"box": []},
        {"box": {"x": "a", "y": None, "width": 1, "height": 1}},
        {"encoder": {"format": "jpeg", "quality": math.inf}},
        {"encoder": {"format": "jpeg", "quality": 10**9}},
        {"encoder": None},
        {"padding": ["#ffffff"]},
        {"trim": {}},
        {"output_width": 10**30},
        {"output_width": math.nan},
        {"unknown": 1},
        {"version": [[]]},
    ]
    texts = [
        "[" * 45_000,
        "[" * 15_000,
        encoded("[" * 45_000),
        encoded("[" * 2_000),
        encoded("null"),
        encoded("[1]"),
        "é",
        "a\0",
    ]
    return [*texts, *(encoded(json.dumps({**whole, **values})) for values in wrong)]


@pytest.mark.attack
def test_hostile_requests_are_answered_with_400(target: Target, attack_figure: AttackFigure) -> None:
    viewer, cookie = target.user("nested")
    before = len(target.log)
    frame_id = add_frame(target.app, viewer)
    handler = full_name("FramesState", "set_search")
    statuses = []
    for recipe in recipes():
        client = http.client.HTTPConnection("localhost", target.server.port, timeout=30)
        client.request("GET", f"/files/preview/{frame_id}/1?recipe={quote(recipe)}", headers={"Cookie": cookie})
        statuses.append(client.getresponse().status)
        client.close()
    with httpx.Client(base_url=target.url, headers={"Cookie": cookie}, trust_env=False) as browser:
        answers = [
            browser.post("/_upload", files={"files": b"x"}),
            browser.post("/_upload", files={"files": b"x"}, headers=upload_headers(handler)),
            browser.post("/_upload", files={"files": b"x"}, headers=upload_headers("nothing.at_all")),
            browser.post("/_upload", content=b"\0", headers=upload_headers(full_name("FrameFormState", "upload"))),
        ]
    statuses += [answer.status_code for answer in answers]
    figure, held = f"answers {sorted(set(statuses))}", all(400 <= status <= 414 for status in statuses)
    attack_figure("11 damaged recipes, uploads that nothing takes", figure, "400 to 414", held=held)
    assert "Traceback" not in target.log[before:]


def upload_headers(handler: str, token: str = "") -> dict[str, str]:
    return {"reflex-client-token": token or str(uuid.uuid4()), "reflex-event-handler": handler}


@pytest.mark.attack
def test_an_upload_into_another_users_page_is_refused(target: Target, attack_figure: AttackFigure) -> None:
    _, theirs = target.user("owner")
    _, mine = target.user("intruder")
    upload = full_name("FrameFormState", "upload")
    with opened(target, theirs) as socket:
        Caller(socket)
        token = str(socket.request.path).rpartition("token=")[2] if socket.request else ""
        with httpx.Client(base_url=target.url, trust_env=False) as client:
            files = {"files": ("frame.png", b"no picture", "image/png")}
            refused = client.post("/_upload", files=files, headers={"Cookie": mine, **upload_headers(upload, token)})
            taken = client.post("/_upload", files=files, headers={"Cookie": theirs, **upload_headers(upload, token)})
    status = refused.status_code
    attack_figure("18 an upload into another's client token", f"answer {status}", "403", held=status == 403)
    assert taken.status_code == 200
