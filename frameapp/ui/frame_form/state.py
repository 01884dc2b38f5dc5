"""Add and edit a frame: what is opened, and saving."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from frameapp.errors import Conflict, Invalid, TooBusy
from frameapp.models import FeedKind
from frameapp.services import frames
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.services.frames import FrameRow
from frameapp.services.images import Draft
from frameapp.services.turns import at_length
from frameapp.ui.address import frame_of
from frameapp.ui.frame_form.feed import FeedFieldsState, WantedFeed, with_password
from frameapp.ui.frame_form.image import ImageFieldState, ImageView
from frameapp.ui.links import backend
from frameapp.ui.session import PageState, acts, address_of, loads
from frameapp.ui.theme import page_title
from frameapp.ui.words import pixels

IMAGE_FIELD = "frame-image-field"
FIELDS = {"name": "name", "image": IMAGE_FIELD, "address": "address"}  # in the page's order, with their elements' ids
FIELDS |= {field: field for field in ("feed_username", "feed_password", "user_agent")}


@dataclass(frozen=True)
class Wanted(WantedFeed):
    """The form as it was when saving began: what comes later changes nothing of it."""

    save: int
    frame_id: int
    name: str
    draft: Draft | None
    found: FeedCheck | None
    same_source: bool

    @property
    def is_unread(self) -> bool:
        """Whether the feed is another one than was saved or checked."""
        return self.found is None and not self.same_source


class FrameFormState(PageState, ImageFieldState, FeedFieldsState, rx.State):
    """One frame that is made or changed; ``editing_id`` is 0 for a new one."""

    STARTS_ANEW: ClassVar[bool] = True

    editing_id: int = 0
    name: str = ""
    saved_name: str = ""
    placed: bool = False
    saving: bool = False
    reading: bool = False  # saving waits for the feed, and can be cancelled
    _saves: int = 0  # counts the saves begun and cancelled
    _onward: str = ""  # where saving led to; still set if the connection was lost before the page heard of it
    _saved: FeedSource | None = None  # as the form would say it; what was typed since differs from it

    @rx.event
    @loads
    async def start_new(self, viewer: Viewer) -> Any:
        """An empty form; what was typed outlives a lost connection."""
        if self._resumes:
            return self._undelivered()
        self._empty()
        return None

    @rx.event
    @loads
    async def start_editing(self, viewer: Viewer) -> Any:
        """The form with the frame of the address; what was typed outlives a lost connection."""
        row = await asyncio.to_thread(frames.get, application(), viewer, frame_of(self))
        if self._resumes:
            return self._undelivered()
        self._empty()
        self._show(row)
        return None

    @rx.event
    async def note_name(self, text: str) -> None:
        """The name as typed, without the space around it.

        What was wrong with it stays on show until the next save: a line that vanished as the field is left would move
        the button away from under the mouse.
        """
        self.name = text.strip()

    @rx.event(background=True)
    @acts
    async def save(self, viewer: Viewer, form: dict[str, Any]) -> Any:
        """Make or change the frame, its feed checked first where it is another one.

        A feed that cannot be read is saved all the same, and one whose check ended with the tab. Once another form is
        open, nothing is saved any more.
        """
        async with self:
            if self.saving:
                return
            self.errors = {}  # sent at once: a problem that stays unfolds its field and is read out again
        async with self:
            wanted = self._begin(form)
        if wanted is None:
            yield self._focus_first_problem()
            return
        try:
            frame_id, problem = await self._save(viewer, wanted)
            if frame_id:
                async with self:
                    stays = self._visit == wanted.visit and address_of(self) == wanted.path
                    if stays:
                        placed = wanted.frame_id and wanted.draft is None
                        self._onward = f"/frame_detail/{frame_id}" if placed else f"/frame/{frame_id}/preview"
                if problem:
                    yield rx.toast.warning(f"Saved, but the feed could not be read. {problem}")
                if stays:
                    yield rx.redirect(self._onward)
        except (Invalid, Conflict, TooBusy) as error:
            async with self:
                refused = self._is_current(wanted)
                if refused:
                    self._set_error(getattr(error, "field", "") or "form", str(error))
            if refused:
                yield self._focus_first_problem()
        finally:
            async with self:
                if self._is_current(wanted):
                    self.saving = self.reading = False

    @rx.event
    async def cancel_saving(self) -> None:
        """Wait for the feed no longer: nothing is saved, and the form stays as it is."""
        if self.reading:
            self._saves += 1
            self.saving = self.reading = False

    @rx.var
    def warns_of_placement(self) -> bool:
        """Whether saving takes back a placement."""
        return self.editing_id > 0 and self.placed and self.image.changed

    @rx.var
    def save_label(self) -> str:
        """What the main button says."""
        return "Save changes" if self.editing_id else "Create frame"

    @rx.var
    def edit_title(self) -> str:
        """The browser's title while a frame is edited."""
        return page_title(f"Edit {self.saved_name}" if self.saved_name else "Edit frame")

    def _begin(self, form: dict[str, Any]) -> Wanted | None:
        """What saving begins with; None where fields are refused."""
        self._take(form)
        self._saves += 1
        self._replace_check()
        wanted = self._wanted()
        self.errors = frames.refusals(wanted.name, bool(wanted.draft or wanted.frame_id), wanted.source)
        if self.errors:
            return None
        self.saving, self.reading = True, wanted.is_unread
        return wanted

    async def _save(self, viewer: Viewer, wanted: Wanted) -> tuple[int, str]:
        """The frame's id, 0 where nothing was saved; and why its feed could not be read."""
        found = wanted.found
        if wanted.is_unread:
            found = await self._check(viewer, wanted, show=0, wanted_still=lambda: self._is_current(wanted))
        source = found.source if found is not None else await with_password(viewer, wanted)
        async with self:
            if not self._is_current(wanted):
                return 0, ""
            self.reading = False
        app, frame_id = application(), wanted.frame_id
        values: dict[str, Any] = {"name": wanted.name, "image": wanted.draft, "source": source, "found": found}
        if frame_id:
            await at_length(viewer.user_id, frames.update, app, viewer, frame_id, **values)
        else:
            frame_id = await at_length(viewer.user_id, frames.create, app, viewer, **values)
        return frame_id, found.error if found is not None else ""

    def _is_current(self, wanted: Wanted) -> bool:
        """Whether this save was neither cancelled nor left behind by another form."""
        return (self._visit, self._saves) == (wanted.visit, wanted.save)

    def _focus_first_problem(self) -> Any:
        return next((rx.set_focus(element) for field, element in FIELDS.items() if field in self.errors), None)

    def _undelivered(self) -> Any:
        return rx.redirect(self._onward) if self._onward else None

    def _wanted(self) -> Wanted:
        source = self._source()
        return Wanted(
            visit=self._visit,
            path=address_of(self),
            check=self._checks,
            feed_id=self._feed_id,
            source=source,
            save=self._saves,
            frame_id=self.editing_id,
            name=self.name,
            draft=self._draft,
            found=deepcopy(self._found),  # out of the proxy that notes changes, which no row takes
            same_source=self.editing_id > 0 and source == self._saved,
        )

    def _take(self, form: dict[str, Any]) -> None:
        """The fields as they are in the browser, also those that still had the focus."""
        self.name = str(form.get("name", ""))
        typed = {
            "address": str(form.get("address", self.address)),
            "feed_username": str(form.get("feed_username", self.feed_username)),
            "user_agent": str(form.get("user_agent", self.user_agent)),
            "_password": str(form.get("feed_password", self._password)),
        }
        self._forget_check(any(getattr(self, field) != value for field, value in typed.items()))
        for field, value in typed.items():
            setattr(self, field, value)

    def _empty(self) -> None:
        visit, saves, checks = self._visit + 1, self._saves, self._checks
        self.reset()
        self._visit, self._saves, self._checks = visit, saves, checks

    def _show(self, row: FrameRow) -> None:
        feed = row.feed
        self.editing_id, self._feed_id = row.frame_id, feed.feed_id
        self.name = self.saved_name = row.name
        self.placed = row.placed
        self.is_sample = feed.kind == FeedKind.SAMPLE
        self.address, self.feed_username, self.user_agent = feed.address, feed.username, feed.user_agent
        self.has_credentials = feed.has_credentials
        self._saved = self._source()
        size = f"{pixels(row.image_width, row.image_height)} px"
        self.image = ImageView(backend(row.image_url), size, width=row.image_width, height=row.image_height)
