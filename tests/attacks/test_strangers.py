"""Connections without a session: their events are refused, and neither memory nor the log grows with them."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from reflex.state import FrontendEventExceptionState
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from frameapp.ui.states import STRANGERS_SECONDS, SWEEP_SECONDS
from frameapp.web.sockets import MOST_OF_ADDRESS
from tests.attacks.conftest import Target
from tests.conftest import AttackFigure
from tests.e2e.events import NAMESPACE, Caller
from tests.ui.test_events import states

MB = 1_000_000
MOST_MB = 15
MOST_LOGGED = 200_000  # bytes a minute
SECONDS = 240  # what a busy machine may take; nobody waits so long where all is well


def full_name(state: str, event: str) -> str:
    """The name that a page calls an event by."""
    found = next(cls for cls in states() if cls.__name__ == state)
    return f"{found.get_full_name()}.{event}"


def address_of(target: Target) -> str:
    return f"ws://localhost:{target.server.port}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}"


def opened(target: Target, cookie: str = "") -> ClientConnection:
    """A page's connection, as far as the server lets it."""
    headers = {"Cookie": cookie} if cookie else {}
    return connect(address_of(target), additional_headers=headers, proxy=None, max_size=None)


def burst(target: Target, sockets: int, texts: list[str]) -> int:
    """So many connections at once, each sending the texts; how many were let in."""
    let_in = 0
    with ExitStack() as stack:
        for _ in range(sockets):
            try:
                socket = stack.enter_context(opened(target))
                socket.send(f"40{NAMESPACE},")
                for text in texts:
                    socket.send(text)
                let_in += 1
            except (ConnectionClosed, InvalidStatus, OSError):  # refused before it began, or ended by the first text
                continue
        assert httpx.get(f"{target.url}/health", timeout=SECONDS).status_code == 200
    return let_in


def event(name: str, payload: dict[str, Any], path: str = "/login") -> str:
    body = {"name": name, "payload": payload, "router_data": {"pathname": path, "asPath": path, "query": {}}}
    return f"42{NAMESPACE},{json.dumps(['event', body])}"


@pytest.mark.attack
def test_strangers_texts_stay_in_no_state(target: Target, attack_figure: AttackFigure) -> None:
    texts = [
        event(full_name("FrameFormState", name), {"text": letter * size})
        for size in (900_000, 60_000)
        for name, letter in (("note_name", "n"), ("note_address", "a"))
    ]
    texts.reverse()  # the small ones first: the large ones end the connection
    burst(target, 60, texts)  # what the process needs for the first of anything
    time.sleep(STRANGERS_SECONDS + 2 * SWEEP_SECONDS)
    before = target.memory
    for _ in range(3):
        burst(target, 60, texts)
        time.sleep(STRANGERS_SECONDS + 2 * SWEEP_SECONDS)
    began = time.monotonic()
    while (grown := (target.memory - before) / MB) >= MOST_MB and time.monotonic() - began < SECONDS:
        time.sleep(0.1)  # a busy machine sweeps later
    name, late = "2 60 sockets of strangers, 900,000 characters each, 3 times", time.monotonic() - began
    attack_figure(name, f"{grown:+.1f} MB", f"+{MOST_MB} MB", held=grown < MOST_MB)
    attack_figure(name, f"dropped {late:.1f} s after the time for it", "1.0 s", held=late < 1, clock=True)


def test_strangers_of_one_address_have_so_many_connections(target: Target) -> None:
    assert burst(target, MOST_OF_ADDRESS + 10, []) == MOST_OF_ADDRESS
    with opened(target) as socket:  # they are free again
        Caller(socket)


@pytest.mark.attack
def test_strangers_write_little_into_the_log(target: Target, attack_figure: AttackFigure) -> None:
    before, began = len(target.log), time.monotonic()
    forged = "x\n2026-11-27 [INFO] Administrator signed in\x1b[2J"
    texts = [
        event(f"{FrontendEventExceptionState.get_full_name()}.handle_frontend_exception", payload)
        for payload in ({"info": forged + "y" * 40_000, "component_stack": ""},) * 20
    ]
    texts += [event(f"{name}{'z' * 20_000}", {}) for name in (forged, "state.unknown")] * 20
    texts += [event(full_name("OutputsState", "sort_by"), {"sort": forged * 500})] * 20
    texts += [f"42{NAMESPACE},{'[' * 50_000}", f'42{NAMESPACE},["connect",{{}}]', f'42{NAMESPACE},["{forged!r}"]'] * 20
    texts += ["4" + "9" * 40_000, "7garbage", f"42{NAMESPACE},5"] * 20
    for _ in range(10):
        burst(target, 2, texts)
    written = target.log[before:]
    minutes = 1 + int((time.monotonic() - began) / 60)
    figure, held = f"{len(written) / 1000:.0f} kB in {minutes} min", len(written) < MOST_LOGGED * minutes
    attack_figure("3 2,000 texts of up to 50 kB for the log", figure, "200 kB/min", held=held)
    assert "\x1b" not in written
    assert not any(line.startswith("2026-11-27 [INFO] Administrator") for line in written.splitlines())


def test_a_stranger_gets_the_sign_in_page_and_nothing_else(target: Target) -> None:
    with opened(target) as socket:
        caller = Caller(socket)
        caller.call("reflex___state____state.hydrate_and_load", "/login", {})
        assert "sign_in_state" in caller.answers(until='is_hydrated_rx_state_":true')
        caller.call(full_name("SignInState", "toggle"), "/login", {})
        assert '"shown_rx_state_":true' in caller.answers(until="shown_rx_state_")
        caller.call(full_name("FramesState", "set_search"), "/", {"text": "found"})
        caller.call(full_name("SignInState", "toggle"), "/login", {})
        assert "found" not in caller.answers(until='"shown_rx_state_":false')


def test_a_page_of_a_user_still_takes_texts(target: Target) -> None:
    _, cookie = target.user("writer")
    with opened(target, cookie) as socket:
        caller = Caller(socket)
        caller.call(full_name("FramesState", "set_search"), "/", {"text": "kept"})
        assert "kept" in caller.answers(until="kept")
        caller.call(full_name("FramesState", "set_search"), "/", {"text": "k" * 70_000})
        assert "This is too long." in caller.answers(until="too long")
