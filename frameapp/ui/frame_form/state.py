"""Add and edit a frame: the image is checked as it arrives, the feed when asked to or on saving."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.core.render.recipe import Layer
from frameapp.errors import Invalid, NotFound
from frameapp.models import FeedKind
from frameapp.services import feeds, frames, images
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.services.frames import FrameRow
from frameapp.services.images import LARGEST_IMAGE, Draft
from frameapp.ui.links import backend
from frameapp.ui.session import PageState, address_of, guarded, loads, require_viewer
from frameapp.ui.words import counted, pixels, weight

FORMATS = {"atom": "Atom", "rss": "RSS 2.0", "csv": "CSV", "tsv": "TSV"}
ADVANCED = ("feed_username", "feed_password", "user_agent")
THUMBNAIL = 160  # pixels: 80 on a dense screen


@dataclass(frozen=True)
class ImageView:
    """The frame image on show."""

    url: str = ""
    facts: str = ""
    window: str = ""
    width: int = 0
    height: int = 0
    changed: bool = False


@dataclass(frozen=True)
class FeedView:
    """What a check of the feed found."""

    format: str = ""
    products: str = ""
    pictures: list[str] | None = None
    warnings: list[str] | None = None
    error: str = ""


@dataclass(frozen=True)
class Wanted:
    """The form as it was when a slow action began: what comes later changes nothing of it."""

    visit: int
    path: str
    frame_id: int
    feed_id: int
    name: str
    draft: Draft | None
    source: FeedSource
    found: FeedCheck | None
    same_source: bool


class FrameFormState(PageState, rx.State):
    """One frame that is made or changed; ``editing_id`` is 0 for a new one."""

    editing_id: int = 0
    name: str = ""
    address: str = ""
    feed_username: str = ""
    user_agent: str = ""
    has_credentials: bool = False
    is_sample: bool = False
    placed: bool = False
    form_key: int = 0
    image: ImageView = ImageView()
    uploading: bool = False
    checking: bool = False
    saving: bool = False
    checked: bool = False
    feed: FeedView = FeedView()
    errors: dict[str, str] = {}
    deleting_outputs: str = ""
    deleting_running: bool = False
    deleting: bool = False
    _draft: Draft | None = None
    _found: FeedCheck | None = None
    _password: str = ""
    _feed_id: int = 0
    _visit: int = 0  # counts the forms opened, so that an answer to an earlier one is known as such
    _onward: str = ""  # where saving led to; still here, the page was not told, since the connection was lost
    _saved: FeedSource | None = None  # as the form would say it; what was typed since differs from it

    @rx.event
    @loads
    async def start_new(self) -> Any:
        """An empty form; what was typed outlives a lost connection."""
        await require_viewer(self)
        if self._resumes:
            return self._undelivered()
        self._empty()
        return None

    @rx.event
    @loads
    async def start_editing(self) -> Any:
        """The form with the frame of the address; what was typed outlives a lost connection."""
        viewer = await require_viewer(self)
        if not self._resumes:
            self.loaded = False
            self._empty()
        row = await asyncio.to_thread(frames.get, application(), viewer, frame_of(self))
        if self._resumes:
            return self._undelivered()
        self._show(row)
        return None

    @rx.event
    @loads
    async def start_deleting(self) -> None:
        """What would go with the frame of the address."""
        viewer = await require_viewer(self)
        self.loaded = False
        self._empty()
        frame_id = frame_of(self)
        going = await asyncio.to_thread(frames.deletion, application(), viewer, frame_id)
        self.editing_id, self.name, self.deleting_running = frame_id, going.name, going.running
        self.deleting_outputs = counted(going.outputs, "output") if going.outputs else ""

    @rx.event
    @guarded
    async def upload(self, files: list[rx.UploadFile]) -> Any:
        """Take the image in, by its bytes."""
        viewer = await require_viewer(self)
        if not files:
            return
        self.uploading = True
        self._set_error("image", "")
        yield
        try:
            data = await files[0].read(LARGEST_IMAGE + 1)
            self._draft = await asyncio.to_thread(images.keep_draft, application(), viewer, data)
            self.image = _uploaded(self._draft)
        except Invalid as error:
            self._set_error("image", str(error))
        finally:
            self.uploading = False

    @rx.event
    async def refuse(self, rejections: list[dict[str, Any]]) -> None:
        """Say why the browser did not take the file."""
        codes = {error.get("code") for rejection in rejections for error in rejection.get("errors", [])}
        sentence = "Add one picture in PNG, JPEG or WebP."
        if "file-too-large" in codes:
            sentence = "The frame image is larger than 20 MB. Add a smaller one."
        elif "too-many-files" in codes:
            sentence = "Add one picture, not several."
        self._set_error("image", sentence)

    @rx.event
    async def note_name(self, text: str) -> None:
        """The name as typed."""
        self.name = text
        if text.strip():
            self._set_error("name", "")

    @rx.event
    async def note_address(self, text: str) -> None:
        """The address as typed; another one has not been checked."""
        self._forget_check(text != self.address)
        self.address = text
        self._set_error("address", "")

    @rx.event
    async def note_username(self, text: str) -> None:
        """The name for Basic authentication."""
        self._forget_check(text != self.feed_username)
        self.feed_username = text

    @rx.event
    async def note_password(self, text: str) -> None:
        """The password, which stays on the server."""
        self._forget_check(text != self._password)
        self._password = text

    @rx.event
    async def note_user_agent(self, text: str) -> None:
        """The User-Agent that the feed's host wants to see."""
        self._forget_check(text != self.user_agent)
        self.user_agent = text

    @rx.event(background=True)
    @guarded
    async def check_feed(self) -> None:
        """Look into the feed and show what is there."""
        viewer = await require_viewer(self)
        async with self:
            self.checking, self.checked = True, False
            self._set_error("address", "")
            wanted = self._wanted()
        try:
            await self._check(viewer, wanted, show=feeds.PICTURES)
        except Invalid as error:
            async with self:
                if self._shows(wanted):
                    self._set_error(error.field or "address", str(error))
        finally:
            async with self:
                if self._visit == wanted.visit:
                    self.checking = False

    @rx.event(background=True)
    @guarded
    async def save(self, form: dict[str, Any]) -> Any:
        """Make or change the frame, its feed checked first where it is another one.

        A feed that cannot be read is saved all the same. Once another form is open, nothing is saved any more.
        """
        viewer = await require_viewer(self)
        async with self:
            if self.saving:
                return
            self._take(form)
            self.saving, self.errors = True, {}
            wanted = self._wanted()
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
        except Invalid as error:
            async with self:
                if self._visit == wanted.visit:
                    self._set_error(error.field or "form", str(error))
        finally:
            async with self:
                if self._visit == wanted.visit:
                    self.saving = False

    @rx.event
    @guarded
    async def delete(self) -> Any:
        """Delete the frame of the address with everything that belongs to it."""
        self.deleting = True
        yield
        try:
            viewer = await require_viewer(self)
            await asyncio.to_thread(frames.delete, application(), viewer, self.editing_id)
            yield rx.toast.success(f"“{self.name}” was deleted.")
            yield rx.redirect("/")
        finally:
            self.deleting = False

    @rx.var
    def warns_of_placement(self) -> bool:
        """Whether saving takes back a placement."""
        return self.editing_id > 0 and self.placed and self.image.changed

    @rx.var
    def wrong_in_advanced(self) -> bool:
        """Whether a field is refused that may be folded away."""
        return any(self.errors.get(field) for field in ADVANCED)

    @rx.var
    def save_label(self) -> str:
        """What the main button says."""
        return "Save changes" if self.editing_id else "Create frame"

    @rx.var
    def delete_label(self) -> str:
        """What the red button names."""
        return f"Delete frame and {self.deleting_outputs}" if self.deleting_outputs else "Delete frame"

    async def _save(self, viewer: Viewer, wanted: Wanted) -> tuple[int, str]:
        """The frame's id, 0 where nothing was saved; and why its feed could not be read."""
        app, frame_id = application(), wanted.frame_id
        wrong = frames.refusals(wanted.name, bool(wanted.draft or frame_id), wanted.source)
        if wrong:
            async with self:
                if self._visit == wanted.visit:
                    self.errors = wrong
            return 0, ""
        found = wanted.found
        if found is None and not wanted.same_source:
            found = await self._check(viewer, wanted, show=0)
        source = found.source if found is not None else await _with_password(viewer, wanted)
        async with self:
            if self._visit != wanted.visit:
                return 0, ""
        values: dict[str, Any] = {"name": wanted.name, "image": wanted.draft, "source": source, "found": found}
        if frame_id:
            await asyncio.to_thread(frames.update, app, viewer, frame_id, **values)
        else:
            frame_id = await asyncio.to_thread(frames.create, app, viewer, **values)
        return frame_id, found.error if found is not None else ""

    async def _check(self, viewer: Viewer, wanted: Wanted, *, show: int) -> FeedCheck:
        """Look into the feed that is wanted, and show the result with so many pictures if the form still has it."""
        app = application()
        found = await feeds.inspect(app, viewer, await _with_password(viewer, wanted))
        pictures = await feeds.pictures(app, found, show, THUMBNAIL)
        async with self:
            if self._shows(wanted):
                self._found, self.checked, self.feed = found, True, _seen(found, pictures)
        return found

    def _undelivered(self) -> Any:
        return rx.redirect(self._onward) if self._onward else None

    def _wanted(self) -> Wanted:
        source = self._source()
        return Wanted(
            visit=self._visit,
            path=address_of(self),
            frame_id=self.editing_id,
            feed_id=self._feed_id,
            name=self.name,
            draft=self._draft,
            source=source,
            found=self._found,
            same_source=self.editing_id > 0 and source == self._saved,
        )

    def _shows(self, wanted: Wanted) -> bool:
        """Whether the form still has the feed that was wanted."""
        return self._visit == wanted.visit and self._source() == wanted.source

    def _source(self) -> FeedSource:
        if self.is_sample:
            return feeds.SAMPLE
        return FeedSource(self.address, self.feed_username, self._password, self.user_agent)

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

    def _forget_check(self, changed: bool) -> None:
        if changed:
            self._found, self.checked, self.feed = None, False, FeedView()

    def _set_error(self, field: str, sentence: str) -> None:
        self.errors = {
            **{k: v for k, v in self.errors.items() if k != field},
            **({field: sentence} if sentence else {}),
        }

    def _empty(self) -> None:
        self._visit += 1
        typed = (self.name, self.address, self.feed_username, self.user_agent, self._password)
        used = bool(self.editing_id or self._draft or self.errors or any(typed))
        self.editing_id = self._feed_id = 0
        self.name = self.address = self.feed_username = self.user_agent = self._password = ""
        self.has_credentials = self.is_sample = self.placed = False
        self.image, self._draft, self._saved, self.errors = ImageView(), None, None, {}
        self.uploading = self.checking = self.saving = self.deleting = False
        self._onward = ""
        self._forget_check(True)
        self.form_key += used  # an empty form is left alone: somebody may be typing into it already

    def _show(self, row: FrameRow) -> None:
        feed = row.feed
        self.editing_id, self._feed_id = row.frame_id, feed.feed_id
        self.name, self.placed = row.name, row.placed
        self.is_sample = feed.kind == FeedKind.SAMPLE
        self.address, self.feed_username, self.user_agent = feed.address, feed.username, feed.user_agent
        self.has_credentials = feed.has_credentials
        self._saved = self._source()
        size = f"{pixels(row.image_width, row.image_height)} px"
        self.image = ImageView(backend(row.image_url), size, width=row.image_width, height=row.image_height)
        self.form_key += 1


def frame_of(state: rx.State) -> int:
    """The frame's id in the page's address. Raises NotFound."""
    parts = (state.router.url.path or "").strip("/").split("/")
    if len(parts) < 2 or not parts[1].isdigit() or len(parts[1]) > 9:
        raise NotFound
    return int(parts[1])


async def _with_password(viewer: Viewer, wanted: Wanted) -> FeedSource:
    """The wanted source, with the saved feed's password where it still holds."""
    if not wanted.feed_id:
        return wanted.source
    return await asyncio.to_thread(feeds.with_saved_password, application(), viewer, wanted.feed_id, wanted.source)


def _uploaded(draft: Draft) -> ImageView:
    where = "behind the frame image" if draft.layer is Layer.ABOVE else "over the frame image"
    found = f"We found a transparent window: the product goes {where}." if draft.layer is Layer.ABOVE else ""
    if draft.window and not found:
        found = f"We found a plain area for the product: it goes {where}."
    facts = f"{pixels(draft.width, draft.height)} px · {draft.format.upper()} · {weight(draft.size)}"
    return ImageView(backend(f"/files/draft/{draft.digest}"), facts, found, draft.width, draft.height, changed=True)


def _seen(found: FeedCheck, pictures: list[bytes | None]) -> FeedView:
    if found.error:
        return FeedView(error=found.error)
    report = found.report
    shown = ["data:image/webp;base64," + base64.b64encode(data).decode() if data else "" for data in pictures]
    missing = sum(1 for data in pictures if data is None)
    warnings = [str(warning) for warning in report.get("warnings", [])]
    if missing:
        warnings.append(f"{missing} of the first {counted(len(pictures), 'picture')} could not be fetched.")
    return FeedView(
        format=FORMATS.get(str(report.get("format", "")), str(report.get("format", ""))),
        products=counted(int(report.get("entries", 0)), "product"),
        pictures=shown,
        warnings=warnings,
    )
