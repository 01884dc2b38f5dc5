"""The Runs tab: the frame's history."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.models import RunKind
from frameapp.services import history
from frameapp.services.application import application
from frameapp.services.history import RunRow
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.session import PageState, guarded, loads, require_viewer
from frameapp.ui.words import duration, number

PAGE = 25


@dataclass(frozen=True)
class RunLine:
    """One run of the history."""

    id: int = 0
    kind: str = ""
    state: str = ""
    began: str = ""
    took: str = ""
    counts: str = ""
    reason: str = ""


class RunsState(PageState, rx.State):
    """The runs of the page's frame, newest first."""

    lines: list[RunLine] = []
    more: bool = False
    loading_older: bool = False

    @rx.event
    @loads
    async def load(self) -> None:
        """The newest runs, as many as are on show."""
        await self._read([], 0, max(PAGE, len(self.lines)))

    @rx.event
    @guarded
    async def load_older(self) -> Any:
        """The runs before the last one on show."""
        self.loading_older = True
        yield
        try:
            await self._read(self.lines, self.lines[-1].id if self.lines else 0)
        finally:
            self.loading_older = False

    async def _read(self, shown: list[RunLine], before_id: int, size: int = PAGE) -> None:
        viewer = await require_viewer(self)
        found = await asyncio.to_thread(
            history.of_frame, application(), viewer, frame_of(self, DETAILS), before_id=before_id, limit=size + 1
        )
        self.lines = [*shown, *(run_line(row) for row in found[:size])]
        self.more = len(found) > size


def run_line(row: RunRow) -> RunLine:
    """The run in the words of the page."""
    kinds = [
        (row.rendered, "rendered"),
        (row.unchanged, "unchanged"),
        (row.failed, "failed"),
        (row.cancelled, "cancelled"),
    ]
    return RunLine(
        id=row.id,
        kind="Retry" if row.kind is RunKind.RETRY else "Full run",
        state=row.state.value,
        began=row.created_at.isoformat(),
        took=duration(row.seconds) if row.seconds is not None else "",
        counts=", ".join(f"{number(count)} {word}" for count, word in kinds if count),
        reason=row.reason,
    )
