"""Activity: the runs of all frames, newest first, live."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import reflex as rx

from frameapp.models import RunKind
from frameapp.services import activity as runs
from frameapp.services import cards
from frameapp.services.accounts import Viewer
from frameapp.services.activity import PAGE, Progress
from frameapp.services.application import application
from frameapp.ui.components.messages import empty_state, page_body, skeleton_lines
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.progress_bar import progress_bar
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.when import when
from frameapp.ui.session import PageState, SessionWatch, guarded, loads, require_viewer
from frameapp.ui.shell import shell, signed_in_page
from frameapp.ui.words import duration, number


@dataclass(frozen=True)
class RunRow:
    """A run in the words of the page."""

    run_id: int
    frame_id: int
    name: str
    kind: str
    state: str
    active: bool
    percent: float
    counts: str
    failed: str
    took: str
    at: str
    reason: str


class ActivityState(PageState, rx.State):
    """The runs of the viewer's frames."""

    rows: list[RunRow] = []
    more: bool = False
    loading_more: bool = False

    @rx.event
    @loads
    async def load(self) -> None:
        """The newest runs; as many as are on show where only the connection was lost."""
        viewer = await require_viewer(self)
        size = max(PAGE, len(self.rows)) if self._resumes else PAGE
        found = await asyncio.to_thread(runs.recent, application(), viewer, size=size)
        self.rows = [run_row(*run) for run in found]
        self.more = len(found) == size

    @rx.event
    @guarded
    async def load_more(self) -> Any:
        """The runs before those on the page."""
        self.loading_more = True
        yield
        try:
            viewer = await require_viewer(self)
            last = min((row.run_id for row in self.rows), default=0)
            found = await asyncio.to_thread(runs.recent, application(), viewer, before=last)
            self.rows = [*self.rows, *(run_row(*run) for run in found)]
            self.more = len(found) == PAGE
        finally:
            self.loading_more = False

    @rx.event(background=True)
    @guarded
    async def follow(self) -> None:
        """Move the rows as their runs move; a run that is new to the page comes on top."""
        viewer = await require_viewer(self)
        names = await asyncio.to_thread(cards.names, application(), viewer)
        if not names:
            return
        session = SessionWatch(self)
        async for progress in cards.follow(application(), viewer, list(names)):
            await session.check()
            kind = ""
            if progress.run_id > newest(self.rows):  # older ones are further down
                kind = await asyncio.to_thread(kind_of, viewer, progress.run_id)
            async with self:
                if kind and progress.run_id > newest(self.rows):  # else it was loaded meanwhile
                    self.rows = [run_row(progress, names[progress.frame_id], kind), *self.rows]
                else:
                    self.rows = [_moved(row, progress) for row in self.rows]


def newest(rows: list[RunRow]) -> int:
    """The id of the newest run on the page, 0 where there is none."""
    return max((row.run_id for row in rows), default=0)


def kind_of(viewer: Viewer, run_id: int) -> str:
    """Whether it is a full run or a retry, which progress does not say. Blocks."""
    found = runs.recent(application(), viewer, before=run_id + 1, size=1)
    return found[0][2] if found else ""


def run_row(progress: Progress, name: str, kind: str) -> RunRow:
    """The run in the words of the page."""
    at = progress.ended_at or progress.started_at or progress.committed_at
    spent = progress.ended_at - progress.started_at if progress.ended_at and progress.started_at else 0.0
    return RunRow(
        run_id=progress.run_id,
        frame_id=progress.frame_id,
        name=name,
        kind="Retry" if kind == RunKind.RETRY else "",
        state=progress.state,
        active=progress.active,
        percent=round(progress.percent, 1),
        counts=_counts(progress),
        failed=f"{number(progress.failed)} failed" if progress.failed else "",
        took=duration(spent) if spent and progress.total else "",
        at=_iso(at),
        reason=progress.reason,
    )


def _moved(row: RunRow, progress: Progress) -> RunRow:
    if row.run_id != progress.run_id:
        return row
    return replace(run_row(progress, row.name, ""), kind=row.kind)


def _counts(progress: Progress) -> str:
    if not progress.total:
        if progress.active:
            return "Reading the feed"
        return "" if progress.reason else "No products"
    if progress.active:
        return f"{number(progress.processed)} of {number(progress.total)}"
    return f"{number(progress.rendered + progress.unchanged)} of {number(progress.total)} ok"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@signed_in_page("/activity", title="Activity", on_load=[ActivityState.load, ActivityState.follow])
def activity() -> rx.Component:
    return shell(
        page_header("Activity", subtitle="The runs of all your frames, newest first."),
        page_body(ActivityState, rx.cond(ActivityState.rows.length() > 0, _list(), _nothing()), skeleton_lines(8)),
        section="activity",
    )


def _nothing() -> rx.Component:
    link = rx.link("Go to your frames", href="/", class_name="button-link")
    return empty_state(
        "Runs show up here as soon as you save a placement and generate images.", link, title="No runs yet"
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.ol(rx.foreach(ActivityState.rows, _row), class_name="run-list", aria_label="Runs"),
        rx.cond(
            ActivityState.more,
            rx.flex(
                rx.button(
                    "Show older runs",
                    on_click=ActivityState.load_more,
                    loading=ActivityState.loading_more,
                    variant="soft",
                    color_scheme="gray",
                    type="button",
                ),
                justify="center",
                margin_top="var(--space-4)",
            ),
        ),
    )


def _row(row: rx.Var[RunRow]) -> rx.Component:
    return rx.el.li(
        rx.flex(
            rx.flex(
                rx.link(
                    row.name, href=f"/frame_detail/{row.frame_id}", weight="medium", size="2", class_name="truncate"
                ),
                rx.cond(row.kind != "", rx.text(row.kind, size="1", color_scheme="gray", white_space="nowrap")),
                align="baseline",
                spacing="2",
                min_width="0",
            ),
            rx.text(
                rx.cond(row.counts != "", row.counts, row.reason),
                rx.cond(row.failed != "", f" · {row.failed}", ""),
                rx.cond(row.took != "", f" · {row.took}", ""),
                rx.cond((row.counts != "") & (row.reason != ""), f" · {row.reason}", ""),
                size="2",
                color_scheme="gray",
                as_="div",
                class_name="breaks",
            ),
            rx.cond(row.active, progress_bar(row.percent, label=f"Progress of {row.name}", height="4px")),
            direction="column",
            spacing="1",
            class_name="run-text",
        ),
        state_badge(row.state),
        rx.text(when(row.at), size="2", color_scheme="gray", as_="div", class_name="run-when"),
        class_name="run-row",
        key=row.run_id,
    )
