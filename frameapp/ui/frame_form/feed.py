"""The feed of the form: its address and credentials, and what a check of it finds."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx

from frameapp.core.feeds import formats
from frameapp.errors import Invalid, TooBusy
from frameapp.services import feeds
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.checks import CheckProgress
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.ui.frame_form.problems import ProblemsState
from frameapp.ui.session import acts, address_of
from frameapp.ui.while_wanted import while_wanted
from frameapp.ui.words import check_stage, counted

ADVANCED = ("feed_username", "feed_password", "user_agent")
THUMBNAIL = 160  # pixels: 80 on a dense screen


@dataclass(frozen=True)
class FeedView:
    """What a check of the feed found."""

    format: str = ""
    products: str = ""
    pictures: list[str] | None = None
    warnings: list[str] | None = None
    error: str = ""


@dataclass(frozen=True)
class WantedFeed:
    """The feed as the form had it when a slow action began: what comes later changes nothing of it."""

    visit: int
    path: str
    check: int
    feed_id: int
    source: FeedSource


class FeedFieldsState(ProblemsState, mixin=True):
    """The fields that say where the products come from; the password stays on the server."""

    address: str = ""
    feed_username: str = ""
    user_agent: str = ""
    has_credentials: bool = False
    is_sample: bool = False
    checking: bool = False
    check_stage: str = ""
    checked: bool = False
    feed: FeedView = FeedView()
    _found: FeedCheck | None = None
    _password: str = ""
    _feed_id: int = 0
    _checks: int = 0  # counts the checks begun, each of which replaces the one before

    @rx.event
    async def note_address(self, text: str) -> None:
        """The address as typed; another one has not been checked."""
        self._forget_check(text != self.address)
        self.address = text

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
    @acts
    async def check_feed(self, viewer: Viewer) -> None:
        """Look into the feed and show what is there."""
        async with self:
            self._replace_check()
            self.checking, self.checked = True, False
            self._set_error("address", "")
            wanted = WantedFeed(self._visit, address_of(self), self._checks, self._feed_id, self._source())
        try:
            await self._check(viewer, wanted, show=feeds.PICTURES, wanted_still=lambda: self._shows(wanted))
        except (Invalid, TooBusy) as error:
            async with self:
                if self._shows(wanted):
                    self._set_error(getattr(error, "field", "") or "address", str(error))
        finally:
            async with self:
                if (self._visit, self._checks) == (wanted.visit, wanted.check):
                    self.checking = False

    @rx.var
    def wrong_in_advanced(self) -> bool:
        """Whether a field is refused that may be folded away."""
        return any(self.errors.get(field) for field in ADVANCED)

    async def _check(
        self, viewer: Viewer, wanted: WantedFeed, *, show: int, wanted_still: Callable[[], bool]
    ) -> FeedCheck | None:
        """Check the wanted feed and show so many pictures if the form still has it; None where it was cancelled."""
        progress = CheckProgress()

        def look() -> None:
            self.check_stage = check_stage(progress)

        async with self:
            self.check_stage = ""
        looked = _look_into(viewer, wanted, show, progress)
        found = await while_wanted(self, looked, wanted=wanted_still, look=look)
        if found is None:
            return None
        async with self:
            if self._shows(wanted):
                self._found, self.checked, self.feed = found[0], True, feed_view(*found)
        return found[0]

    def _shows(self, wanted: WantedFeed) -> bool:
        """Whether the form still has the feed that was wanted, and no later check looks into it."""
        same_form = (self._visit, self._checks) == (wanted.visit, wanted.check) and address_of(self) == wanted.path
        return same_form and self._source() == wanted.source

    def _source(self) -> FeedSource:
        if self.is_sample:
            return feeds.SAMPLE
        return FeedSource(self.address, self.feed_username, self._password, self.user_agent)

    def _forget_check(self, changed: bool) -> None:
        if changed:
            self._found, self.checked, self.feed = None, False, FeedView()
            self._replace_check()

    def _replace_check(self) -> None:
        """The check that is under way is no longer wanted, and ends."""
        self._checks += 1
        self.checking = False


async def _look_into(
    viewer: Viewer, wanted: WantedFeed, show: int, progress: CheckProgress
) -> tuple[FeedCheck, list[bytes | None]]:
    app = application()
    found = await feeds.inspect(app, viewer, await with_password(viewer, wanted), progress)
    return found, await feeds.pictures(app, viewer, found, show, THUMBNAIL)


async def with_password(viewer: Viewer, wanted: WantedFeed) -> FeedSource:
    """The wanted source, with the saved feed's password where it still holds."""
    if not wanted.feed_id:
        return wanted.source
    return await asyncio.to_thread(feeds.with_saved_password, application(), viewer, wanted.feed_id, wanted.source)


def feed_view(found: FeedCheck, pictures: list[bytes | None]) -> FeedView:
    """What was found in the words of the form."""
    if found.error:
        return FeedView(error=found.error)
    report = found.report
    shown = ["data:image/webp;base64," + base64.b64encode(data).decode() if data else "" for data in pictures]
    missing = sum(1 for data in pictures if data is None)
    warnings = list(report.warnings)
    if missing:
        warnings.append(f"{missing} of the first {counted(len(pictures), 'picture')} could not be fetched.")
    return FeedView(
        format=formats.label(report.format),
        products=counted(report.entries, "product"),
        pictures=shown,
        warnings=warnings,
    )
