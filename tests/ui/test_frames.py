"""The list of frames: search, and what happens elsewhere meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from frameapp.errors import NotFound
from frameapp.services import frames
from frameapp.services.accounts import Viewer
from frameapp.ui.frames import state as module
from frameapp.ui.frames.state import MANY, FrameCard, FramesState

ANNA = Viewer(1, "anna", False, 1, (1,))


@pytest.fixture
def state() -> FramesState:
    """As many frames as show without a search."""
    made = FramesState(_reflex_internal_init=True)
    made.cards = [FrameCard(n, f"Frame {n}", "Draft", "", "", 0, "", "", False, 0.0, "", "") for n in range(MANY)]
    made.loaded = True
    return made


async def test_a_search_keeps_its_field_until_everything_shows(state: FramesState) -> None:
    assert not state.many
    state.search = "nothing like it"
    assert state.many
    assert state.shown == []
    await FramesState.show_all.fn(state)
    assert (state.many, len(state.shown)) == (False, MANY)


async def test_a_frame_that_went_elsewhere_leaves_the_list(state: FramesState, monkeypatch: pytest.MonkeyPatch) -> None:
    async def anna(_: object) -> Viewer:
        return ANNA

    def gone(*_: object) -> Any:
        raise NotFound

    monkeypatch.setattr(module, "require_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    for name in ("deletion", "duplicate", "delete"):
        monkeypatch.setattr(frames, name, gone)
    state.asking = True
    for answer in (
        str(await FramesState.ask_delete.fn(state, 3)),
        str(await FramesState.duplicate.fn(state, 3)),
        str([event async for event in FramesState.delete.fn(state)]),
    ):
        assert "This frame is gone." in answer
        assert "FramesState.load" in answer
    assert (state.not_found, state.asking, state.deleting) == (False, False, False)
