"""The Runs tab: the frame's history."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import reflex as rx

from frameapp.models import RunKind
from frameapp.services import history
from frameapp.services.application import application
from frameapp.services.history import RunRow
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.paging import Paged
from frameapp.ui.session import PageState, guarded, loads, require_viewer
from frameapp.ui.words import duration, number


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


class RunsState(PageState, Paged, rx.State):
    """A page of the frame's runs, newest first."""

    lines: list[RunLine] = []

    @rx.event
    @loads
    async def load(self) -> None:
        """The page on show, as it is now."""
        await self._read(self.start)

    @rx.event
    @guarded
    async def turn(self, where: str) -> None:
        """Go to the first, previous, next or last page."""
        await self._read(self._turned(where, history.PAGE))

    async def _read(self, start: int) -> None:
        viewer = await require_viewer(self)
        page = await asyncio.to_thread(history.page, application(), viewer, frame_of(self, DETAILS), start=start)
        self.lines = [run_line(row) for row in page.rows]
        self._put_place(page.start, len(page.rows), page.total)


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
