"""The list of frames: search, and what happens elsewhere meanwhile."""

from __future__ import annotations

import pytest

from frameapp.services.accounts import Viewer
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
