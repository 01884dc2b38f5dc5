"""Who looks at a page: errors become what a page can show, and a tab forgets the session before."""

from __future__ import annotations

from typing import Any

import pytest
import reflex as rx
from reflex_base.event import Event

import frameapp.frameapp
from frameapp.errors import Conflict, NotFound, SignInRequired
from frameapp.services import sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.ui.frames.state import FramesState
from frameapp.ui.session import WENT_WRONG, ForgetOtherSessions, PageState, SessionState, acts, loads
from frameapp.ui.sign_in.state import SignInState
from tests.outputs import add_frame
from tests.ui.tab import Tab


class ProbeState(PageState, rx.State):
    """A page that loads something, or fails as it is told."""

    failure: str = ""
    resumed: bool = False

    @rx.event
    @loads
    async def load(self) -> str:
        """Fail, or not."""
        self.resumed = self._resumes
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
async def state(tab: Tab) -> ProbeState:
    return await tab.state(ProbeState)


async def load(tab: Tab) -> Any:
    events = await tab.send(ProbeState.load)
    return events[-1] if events else None


async def test_what_loads_says_how_it_ended(tab: Tab, state: ProbeState, caplog: pytest.LogCaptureFixture) -> None:
    assert await load(tab) == "next"
    assert (state.loaded, state.not_found, state.load_error) == (True, False, "")
    state.failure = "missing"
    await load(tab)
    assert state.not_found
    state.failure = "busy"
    await load(tab)
    assert (state.not_found, state.load_error) == (False, "Busy.")
    state.failure = "bug"
    await load(tab)
    assert state.load_error == WENT_WRONG
    assert "KeyError" in caplog.text
    state.failure = ""
    await load(tab)
    assert state.load_error == ""


async def test_what_another_address_showed_is_hidden_before_anything_is_read(tab: Tab, state: ProbeState) -> None:
    await tab.open("/frame/7/delete", ProbeState.load)
    await tab.go("/frame/8/delete")
    assert [state.loaded async for _ in tab.steps(ProbeState.load)] == [False, True]
    assert [state.loaded async for _ in tab.steps(ProbeState.load)] == [True]  # the same address stays on show


async def test_without_a_session_a_page_leads_to_sign_in(tab: Tab, state: ProbeState) -> None:
    state.failure = "sign-in"
    assert "/login" in str(await load(tab))


async def test_a_guarded_handler_turns_errors_into_what_is_seen(tab: Tab, state: ProbeState) -> None:
    seen = await tab.send(ProbeState.act, 3)
    assert seen[0] == 3
    assert state.not_found
    assert "Below nothing." in str(await tab.send(ProbeState.act, -1))
    assert list(ProbeState.act.get_parameters()) == ["self", "amount"]


async def test_a_tab_forgets_what_another_session_saw(app: Application, anna: Viewer, tab: Tab) -> None:
    add_frame(app, anna, "Secret")
    shown, shell = await tab.state(FramesState), await tab.state(SessionState)

    async def event(name: str) -> int:
        root = await tab.state(rx.State)
        await ForgetOtherSessions().preprocess(frameapp.frameapp.app, root, Event(name=name))
        return len(shown.shown)

    await event("state.hydrate")
    await tab.send(SessionState.enter)
    await tab.send(FramesState.load)
    assert (await event("frames_state.set_sort"), shell.username) == (1, "anna")  # the same session
    session = await tab.sign_in(anna)  # signed out and in again, or somebody else
    assert (await event("state.hydrate_and_load"), shell.username) == (0, "")
    await tab.send(FramesState.load)
    sessions.close_session(app, session)  # elsewhere; the browser still sends its cookie
    assert await event("state.hydrate_and_load") == 0
    await tab.send(SignInState.read_address)
    sign_in = await tab.state(SignInState)
    for name in ("on_load_internal", "state.set_is_hydrated"):
        await event(name)
        assert sign_in.read, "what the sign-in page reads of its address stays, although the cookie does"


async def test_a_page_whose_connection_came_back_is_told_from_a_visit(tab: Tab, state: ProbeState) -> None:
    async def resumes() -> bool:
        await tab.visit(ProbeState.load)
        return state.resumed

    await tab.open("/one", ProbeState.load)
    assert not state.resumed
    await tab.hydrate(opens=False)
    assert await resumes()  # its connection came back
    assert not await resumes()  # a link to the page that is on show
    await tab.go("/two")
    assert not await resumes()
    await tab.hydrate(opens=False)
    await tab.go("/one")  # gone on to, before what the connection brought back was loaded
    assert not await resumes()
    state.failure = "missing"
    await tab.visit(ProbeState.load)
    await tab.hydrate(opens=False)
    assert not await resumes()
