"""Activity: the runs of all frames, newest first, live."""

import asyncio

import reflex as rx

from frameapp.core.progress import Progress
from frameapp.services import activity as runs
from frameapp.services import cards
from frameapp.services.activity import PAGE
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.components import layout
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.messages import empty_state, page_body, skeleton_lines
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.progress_bar import progress_bar
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.paging import Paged, pages_of
from frameapp.ui.run_rows import RunRow, run_notes, run_row, run_text
from frameapp.ui.session import PageState, SessionWatch, acts, loads, require_viewer
from frameapp.ui.shell import shell, signed_in_page


class ActivityState(PageState, Paged, rx.State):
    """A page of the runs of the viewer's frames."""

    rows: list[RunRow] = []

    @rx.event
    @loads
    async def load(self) -> None:
        """The newest runs; the page on show where only the connection was lost."""
        await self._read(self.start if self._resumes else 0)

    @rx.event
    @acts
    async def turn(self, where: str) -> None:
        """Go to the first, previous, next or last page."""
        await self._read(self._turned(where, PAGE))

    @rx.event(background=True)
    @acts
    async def follow(self, viewer: Viewer) -> None:
        """Move the rows as their runs move; a run that is new comes on top of the first page."""
        session = SessionWatch(self)
        active = [row.run_id for row in self.rows if row.active]
        async for progress in cards.follow(application(), viewer, active):
            await session.check()
            if progress.run_id <= newest(self.rows):
                async with self:
                    self.rows = [_moved(row, progress) for row in self.rows]
            elif self.start == 0:
                entry = await asyncio.to_thread(runs.of_run, application(), viewer, progress.run_id)
                async with self:
                    if entry and progress.run_id > newest(self.rows) and self.start == 0:  # else loaded meanwhile
                        self.rows = [run_row(progress, entry[1]), *self.rows][:PAGE]
                        self._put_place(0, len(self.rows), self.matching + 1)

    async def _read(self, start: int) -> None:
        viewer = await require_viewer(self)
        page = await asyncio.to_thread(runs.page, application(), viewer, start=start)
        self.rows = [run_row(*entry) for entry in page.entries]
        self._put_place(page.start, len(page.entries), page.total)


def newest(rows: list[RunRow]) -> int:
    """The id of the newest run on the page, 0 where there is none."""
    return max((row.run_id for row in rows), default=0)


def _moved(row: RunRow, progress: Progress) -> RunRow:
    return run_row(progress, row.frame) if row.run_id == progress.run_id else row


@signed_in_page("/activity", title="Activity", on_load=[ActivityState.load, ActivityState.follow])
def activity() -> rx.Component:
    return shell(
        page_header("Activity", subtitle="The runs of all your frames, newest first."),
        page_body(ActivityState, rx.cond(ActivityState.rows.length() > 0, _list(), _nothing()), skeleton_lines(8)),
        section="activity",
    )


def _nothing() -> rx.Component:
    link = link_button("Go to your frames", href="/")
    return empty_state(
        "Runs show up here as soon as you save a placement and generate images.", link, title="No runs yet"
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.ol(rx.foreach(ActivityState.rows, _row), class_name="run-list", aria_label="Runs"),
        pages_of(ActivityState, "Pages of runs"),
    )


def _row(row: rx.Var[RunRow]) -> rx.Component:
    return rx.el.li(
        layout.column(
            rx.flex(
                rx.link(
                    row.frame, href=f"/frame_detail/{row.frame_id}", weight="medium", size="2", class_name="truncate"
                ),
                rx.cond(row.kind != "", muted(row.kind, size="1", white_space="nowrap")),
                align="baseline",
                spacing="2",
                min_width="0",
            ),
            run_text(row),
            run_notes(row),
            rx.cond(row.active, progress_bar(row.percent, label=f"Progress of {row.frame}", height="4px")),
            gap="1",
            class_name="run-text",
        ),
        state_badge(row.state),
        muted(when(row.at), as_="div", class_name="run-when"),
        class_name="run-row",
        key=row.run_id,
    )
