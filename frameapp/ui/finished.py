"""A finished run says so on whatever page its owner is, with a link."""

import asyncio
from typing import Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from frameapp.core.progress import Progress
from frameapp.models import RunState
from frameapp.services import cards
from frameapp.services.application import application
from frameapp.ui.session import SessionWatch, acts, find_viewer
from frameapp.ui.words import counted, number


class FinishedState(rx.State):
    """Watches the viewer's runs while a page is open."""

    @rx.event(background=True)
    @acts
    async def watch(self) -> Any:
        """A toast for each run that ends, but on the frame's own page, which shows it anyway."""
        viewer = await find_viewer(self)
        if viewer is None:
            return
        active: set[int] = set()
        session = SessionWatch(self)
        async for progress in cards.follow(application(), viewer):
            await session.check()
            if progress.active:
                active.add(progress.run_id)
            elif progress.run_id in active:
                active.remove(progress.run_id)
                name = await asyncio.to_thread(cards.name, application(), viewer, progress.frame_id)
                if name and self.router.url.path.rstrip("/") != f"/frame_detail/{progress.frame_id}":
                    yield finished_toast(progress, name)


def finished_toast(progress: Progress, name: str, *, ready: Any = None, failed: Any = None) -> Any:
    """The end of a run with a button that leads on: to the frame, or by the page's own events for its outputs."""
    done = counted(progress.rendered + progress.unchanged, "output")
    show = ToastAction("Show", rx.redirect(f"/frame_detail/{progress.frame_id}")) if ready is None else None
    if progress.state == RunState.CANCELLED:
        return rx.toast.info(f"{name}: the run was cancelled. {done} kept.", action=show)
    if progress.state == RunState.FAILED:
        return rx.toast.error(f"{name}: the run failed. {progress.reason}", action=show)
    if progress.failed:
        sentence = f"{name}: {done} ready, {number(progress.failed)} failed."
        return rx.toast.warning(sentence, action=show or ToastAction("Show failed", failed))
    return rx.toast.success(f"{name}: {done} ready.", action=show or ToastAction("Show outputs", ready))
