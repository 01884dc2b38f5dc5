"""Who looks at a page: errors become what a page can show, and a tab forgets the session before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx

from frameapp.errors import Conflict, NotFound, SignInRequired
from frameapp.services.accounts import Viewer
from frameapp.ui import reconnects, session
from frameapp.ui.frames.state import FrameCard, FramesState
from frameapp.ui.reconnects import NoteReconnects
from frameapp.ui.session import WENT_WRONG, ForgetOtherSessions, PageState, SessionState, acts, loads

ANNA = Viewer(1, "anna", False, 1, (1,))


class ProbeState(PageState, rx.State):
    """A page that loads something, or fails as it is told."""

    failure: str = ""

    @rx.event
    @loads
    async def load(self) -> str:
        """Fail, or not."""
        errors = {"sign-in": SignInRequired(), "missing": NotFound(), "busy": Conflict("Busy."), "bug": KeyError("x")}
        if self.failure:
            raise errors[self.failure]
        return "next"

    @rx.event
    @acts
    async def act(self, amount: int) -> Any:
        """Fail, or not."""
        if amount < 0:
            raise Conflict("Below nothing.")
        yield amount
        raise NotFound


@pytest.fixture
async def state() -> ProbeState:
    return await rx.State(_reflex_internal_init=True).get_state(ProbeState)


async def load(state: ProbeState) -> Any:
    events = [event async for event in ProbeState.load.fn(state)]
    return events[-1] if events else None


async def test_what_loads_says_how_it_ended(state: ProbeState, caplog: pytest.LogCaptureFixture) -> None:
    assert await load(state) == "next"
    assert (state.loaded, state.not_found, state.load_error) == (True, False, "")
    state.failure = "missing"
    await load(state)
    assert state.not_found
    state.failure = "busy"
    await load(state)
    assert (state.not_found, state.load_error) == (False, "Busy.")
    state.failure = "bug"
    await load(state)
    assert state.load_error == WENT_WRONG
    assert "KeyError" in caplog.text
    state.failure = ""
    await load(state)
    assert state.load_error == ""


async def test_what_another_address_showed_is_hidden_before_anything_is_read(state: ProbeState) -> None:
    await load(state)
    state._loaded_for = "/frame/7/delete"
    seen = [state.loaded async for _ in ProbeState.load.fn(state)]
    assert seen == [False, True]
    assert [state.loaded async for _ in ProbeState.load.fn(state)] == [True]  # the same address stays on show


async def test_without_a_session_a_page_leads_to_sign_in(state: ProbeState) -> None:
    state.failure = "sign-in"
    assert "/login" in str(await load(state))


async def test_a_guarded_handler_turns_errors_into_what_is_seen(state: ProbeState) -> None:
    seen = [event async for event in ProbeState.act.fn(state, 3)]
    assert seen[0] == 3
    assert state.not_found
    assert "Below nothing." in str([event async for event in ProbeState.act.fn(state, -1)])
    assert list(ProbeState.act.get_parameters()) == ["self", "amount"]


async def test_a_tab_forgets_what_another_session_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"one": ANNA, "two": ANNA}
    root = rx.State(_reflex_internal_init=True)
    token = "one"

    async def find_viewer(_: rx.State) -> Viewer | None:
        return known.get(token)

    monkeypatch.setattr(session, "session_token", lambda _: token)
    monkeypatch.setattr(session, "find_viewer", find_viewer)
    frames = await root.get_state(FramesState)
    shell = await root.get_state(SessionState)

    async def event(name: str) -> int:
        await ForgetOtherSessions().preprocess(None, root, SimpleNamespace(name=name))
        return len(frames.shown)

    def fill() -> None:
        frames.shown = [FrameCard(1, "Secret", "Draft", "", "", "", "", False, 0.0, "", "")]
        shell.username = "anna"

    await event("state.hydrate")
    fill()
    assert await event("frames_state.set_sort") == 1  # the same session
    token = "two"  # signed out and in again, or somebody else
    assert await event("state.hydrate_and_load") == 0
    assert shell.username == ""
    fill()
    known.clear()  # the session was ended elsewhere; the browser still sends its cookie
    assert await event("state.hydrate_and_load") == 0
    fill()  # what the sign-in page reads of its address stays, although the cookie does
    assert await event("on_load_internal") == 1
    assert await event("state.set_is_hydrated") == 1


async def test_a_page_whose_connection_came_back_is_told_from_a_visit(
    state: ProbeState, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = state._get_root_state()
    address = "/one"
    for module in (session, reconnects):
        monkeypatch.setattr(module, "address_of", lambda _: address)

    async def event(name: str, **payload: Any) -> None:
        await NoteReconnects().preprocess(
            None, root, SimpleNamespace(name=f"reflex___state____{name}", payload=payload)
        )

    async def resumes() -> bool:
        await event("on_load_internal_state.on_load_internal")
        await load(state)
        return state._resumes

    await event("state.hydrate_and_load", hashes=["built with these"])
    assert not await resumes()  # the page opens
    await event("state.hydrate_and_load")
    assert await resumes()  # its connection came back
    assert not await resumes()  # a link to the page that is on show
    address = "/two"
    assert not await resumes()
    await event("state.hydrate_and_load")
    address = "/one"  # gone on to, before what the connection brought back was loaded
    assert not await resumes()
    await event("state.hydrate_and_load")
    state.not_found = True
    assert not await resumes()
