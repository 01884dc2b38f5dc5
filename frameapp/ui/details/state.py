"""The Details page: the frame's run as it goes, and the actions in the header."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from frameapp.core.progress import Progress
from frameapp.errors import NotFound
from frameapp.services import live, publishing, runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.turns import at_length
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.details.feed_state import FeedState
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.published_feed_state import PublishedFeedState
from frameapp.ui.details.run_view import RunView, run_view
from frameapp.ui.details.runs_state import RunsState
from frameapp.ui.finished import finished_toast
from frameapp.ui.links import public_origin
from frameapp.ui.session import PageState, acts, client_is_gone, loads, require_viewer

TABLE_SECONDS = 1.0  # how often the table follows a run
SESSION_SECONDS = 30.0  # how often a page that only watches shows its session again


class DetailsState(PageState, rx.State):
    """The runs of the page's frame as they go, and what the page does. A cache of the database, but for ``tab``."""

    run: RunView = RunView()
    tab: str = "outputs"
    asking: str = ""  # the action whose answer is awaited
    _frame: int = 0
    _visit: int = 0  # counts what ``load`` began, so that one watcher is at work and not two
    _told: tuple[int, bool] = (0, False)  # the run whose begin or end was told last, and whether it was active

    @rx.event
    @loads
    async def load(self, viewer: Viewer) -> Any:
        """The frame's last run from the database: a visit begins."""
        frame_id = frame_of(self, DETAILS)
        if frame_id != self._frame:
            self.reset()
            self._frame = frame_id
            for other in (RunsState, FeedState, PublishedFeedState):
                (await self.get_state(other)).reset()
        self._visit += 1
        self.run = RunView()
        await self._show_run(viewer)
        self._told = (self.run.run_id, self.run.active)
        return [FrameState.load, PublishedFeedState.load, *_reading(self.tab), DetailsState.follow]

    def _put(self, progress: Progress) -> None:
        """Show the progress, unless a newer one is shown."""
        if progress.order >= (self.run.run_id, self.run.version):
            self.run = run_view(progress)

    def _turns(self, progress: Progress) -> bool:
        """Whether a run has begun or ended since this was asked last."""
        before, self._told = self._told, (progress.run_id, progress.active)
        return before != self._told

    @rx.event(background=True)
    @acts
    async def follow(self) -> Any:
        """Follow the frame's runs until the page is left."""
        async with self:
            frame_id, visit = self._frame, self._visit
            if not self.loaded or self.not_found:
                return
            viewer = await require_viewer(self)
        async with live.follow(application(), viewer, frame_id) as follower:
            clock, stale, due = asyncio.get_running_loop().time, False, 0.0
            asked = clock()
            while True:
                message = await follower.next(max(0.0, due - clock()) if stale else SESSION_SECONDS)
                async with self:
                    if self._visit != visit or self._left(frame_id):
                        return
                    if clock() - asked >= SESSION_SECONDS:
                        viewer, asked = await require_viewer(self), clock()
                    if message is not None:
                        stale = True
                        self._put(message)
                    turned = message is not None and self._turns(message)
                if message is not None and (turned or not message.active):
                    async for event in self._changed(message, turned=turned):
                        yield event
                if stale and (turned or clock() >= due):
                    yield OutputsState.refresh
                    stale, due = False, clock() + TABLE_SECONDS

    def _left(self, frame_id: int) -> bool:
        """Whether the page is gone: a watcher that "Try again" started is not ended with it."""
        try:
            return client_is_gone(self) or frame_of(self, DETAILS) != frame_id
        except NotFound:
            return True

    async def _changed(self, message: Progress, *, turned: bool) -> AsyncIterator[Any]:
        """A run has begun or ended, or something changed afterwards: what else does on the page."""
        async with self:
            name, tab = (await self.get_state(FrameState)).name, self.tab
        yield FrameState.read
        if turned and not message.active:
            ready, failed = DetailsState.show_tab("outputs"), DetailsState.show_failed()
            yield finished_toast(message, name, ready=ready, failed=failed)
        if turned and tab == "runs":
            yield RunsState.load
        yield PublishedFeedState.load

    # Actions -------------------------------------------------------------------------------------------

    @rx.event
    @acts(asking="run")
    async def run_again(self, viewer: Viewer) -> Any:
        """Start a full run."""
        await asyncio.to_thread(runs.start, application(), viewer, self._frame)
        await self._show_run(viewer)

    @rx.event
    @acts(asking="retry")
    async def retry_failed(self, viewer: Viewer) -> Any:
        """Start a run over what failed."""
        await at_length(viewer.user_id, runs.retry_failed, application(), viewer, self._frame)
        await self._show_run(viewer)

    @rx.event
    @acts(asking="cancel")
    async def cancel_run(self, viewer: Viewer) -> Any:
        """End the active run; what is done stays."""
        await at_length(viewer.user_id, runs.cancel, application(), viewer, self._frame)
        await self._show_run(viewer)

    @rx.event
    @acts(asking="again")
    async def render_again(self, viewer: Viewer, output_id: int) -> Any:
        """Start a run over one output, the one in the side sheet, which then makes room for the progress."""
        await asyncio.to_thread(runs.render_again, application(), viewer, self._frame, [output_id])
        await self._show_run(viewer)
        yield OutputsState.set_sheet_open(False)

    @rx.event
    @acts(asking="publish")
    async def publish(self, viewer: Viewer) -> Any:
        """Have the last run's outputs published, and show where."""
        await asyncio.to_thread(publishing.publish, application(), viewer, self._frame, origin=public_origin())
        self.tab = "feed"
        yield [PublishedFeedState.load, *_reading(self.tab), PublishedFeedState.take_focus]

    async def _show_run(self, viewer: Viewer) -> None:
        progress = await asyncio.to_thread(runs.snapshot, application(), viewer, self._frame)
        if progress is not None:
            self._put(progress)

    @rx.event
    async def show_tab(self, tab: str) -> Any:
        """Open a tab; what it shows is read now."""
        self.tab = tab
        return _reading(tab)

    @rx.event
    async def show_failed(self) -> Any:
        """The outputs that failed."""
        self.tab = "outputs"
        return OutputsState.filter_by("failed")


def _reading(tab: str) -> list[Any]:
    """What reads a tab anew; the outputs are read by the page itself."""
    return {"runs": [RunsState.load], "feed": [FeedState.load]}.get(tab, [])
