"""Users: the list, and what is done with one of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.errors import Conflict, Invalid, NotFound
from frameapp.models import LinkKind
from frameapp.services import limits, links, users
from frameapp.services.admin import users as listing
from frameapp.services.admin.access import Asked
from frameapp.services.admin.users import UserFilter, UserPage, UserRow, UserSort
from frameapp.services.application import application
from frameapp.services.limits import Limits
from frameapp.services.viewer import Viewer
from frameapp.ui.admin.list_state import LiveList
from frameapp.ui.components.filters import Filter
from frameapp.ui.session import acts, loads, require_admin
from frameapp.ui.words import counted, number, weight

SORTS = {
    UserSort.NAME: "Name",
    UserSort.NEWEST: "Newest first",
    UserSort.FRAMES: "Most frames",
    UserSort.PRODUCTS: "Most products",
    UserSort.STORAGE: "Most storage",
}
FILTERS = {
    "": "All",
    UserFilter.ACTIVE: "Active",
    UserFilter.DEACTIVATED: "Deactivated",
    UserFilter.ADMINISTRATORS: "Administrators",
}

GONE = "This user no longer exists. The list has been updated."


@dataclass(frozen=True)
class UserView:
    """A user in the words of the list."""

    user_id: int
    username: str
    email: str
    is_admin: bool
    deactivated: bool
    deleting: bool
    is_self: bool
    frames: str
    products: str
    storage: str
    joined: str
    summary: str
    limited: bool


class UsersState(LiveList, rx.State):
    """The list of users; accounts that are being deleted leave it by themselves."""

    rows: list[UserView] = []
    sort: str = UserSort.NAME
    link: str = ""  # shown once
    link_of: str = ""
    link_id: int = 0
    link_warning: str = ""
    limiting_id: int = 0
    limiting: str = ""
    limited_id: int = 0  # whose limits were open last
    max_frames: str = ""
    max_products: str = ""
    max_storage_mb: str = ""
    limits_error: str = ""
    doomed_id: int = 0
    doomed: str = ""
    what_goes: str = ""
    delete_label: str = ""
    asking: bool = False

    @rx.event
    @loads
    async def load(self) -> None:
        """The first page; the one on show where only the connection was lost."""
        if not self._resumes:
            self.link = ""
            self.asking, self.limiting_id = False, 0
        await self._read()

    def _page(self, viewer: Viewer, asked: Asked) -> UserPage:
        return listing.page(application(), viewer, asked)

    def _put(self, page: UserPage, viewer: Viewer) -> None:
        self._show([user_view(row, viewer.user_id) for row in page.rows])
        self.filters = [Filter(word, label, number(page.counts[word])) for word, label in FILTERS.items()]

    def _moves(self) -> bool:
        return any(row.deleting for row in self.rows)

    async def _do(self, action: Callable[..., Any], user_id: int, **values: Any) -> Any:
        """Do it, and show how the users stand now."""
        viewer = await require_admin(self)
        found = await self._of_user(viewer, action, user_id, **values)
        shown = {row.user_id: row for row in self.rows}
        if user_id in shown:
            fresh = user_view(await self._of_user(viewer, listing.get, user_id), viewer.user_id)
            self.rows = [fresh if row.user_id == user_id else row for row in self.rows]
        return found

    async def _of_user(self, viewer: Viewer, action: Callable[..., Any], user_id: int, **values: Any) -> Any:
        """What the action finds or does. Where the user is gone, the list is read again. Raises Conflict."""
        try:
            return await asyncio.to_thread(action, application(), viewer, user_id, **values)
        except NotFound:
            await self._read()
            raise Conflict(GONE) from None

    @rx.event
    @acts
    async def deactivate(self, user_id: int) -> Any:
        """The user signs in no longer, and their sessions end."""
        await self._do(users.deactivate, user_id)
        return rx.toast.success(f"{self._name(user_id)} is deactivated; all their sessions have ended.")

    @rx.event
    @acts
    async def activate(self, user_id: int) -> Any:
        """The user may sign in again."""
        await self._do(users.activate, user_id)
        return rx.toast.success(f"{self._name(user_id)} can sign in again.")

    @rx.event
    @acts
    async def set_administrator(self, user_id: int, is_admin: bool) -> Any:
        """Make or unmake an administrator."""
        await self._do(users.set_administrator, user_id, is_admin=is_admin)
        what = "is now an administrator" if is_admin else "is no longer an administrator"
        return rx.toast.success(f"{self._name(user_id)} {what}.")

    @rx.event
    @acts
    async def make_link(self, user_id: int) -> None:
        """A link to set a new password, shown once."""
        token = await self._do(links.password_link, user_id)
        self.link, self.link_of = links.address(application(), LinkKind.PASSWORD, token), self._name(user_id)
        self.link_id, self.link_warning = user_id, links.warning(application())

    @rx.event
    def close_link(self, open: bool) -> None:
        """It is shown no more."""
        self.link = ""

    @rx.event
    @acts
    async def open_limits(self, admin: Viewer, user_id: int) -> None:
        """The user's own limits, to be changed."""
        row = await self._of_user(admin, listing.get, user_id)
        own = row.limits
        self.limiting, self.limits_error = row.username, ""
        self.max_frames, self.max_products = _text(own.frames), _text(own.products)
        self.max_storage_mb = _text(own.storage_mb)
        self.limiting_id = self.limited_id = user_id

    @rx.event
    def close_limits(self, open: bool) -> None:
        """Leave them as they are."""
        self.limiting_id = 0

    @rx.event
    @acts
    async def save_limits(self, form: dict[str, Any]) -> Any:
        """Keep what was typed."""
        try:
            wanted = limits_of_form(form)
        except Invalid as error:
            self.limits_error = str(error)
            return None
        await self._do(limits.set_own, self.limiting_id, wanted=wanted)
        self.limiting_id = 0
        return rx.toast.success(f"Limits for {self.limiting} saved.")

    @rx.event
    @acts
    async def ask_delete(self, admin: Viewer, user_id: int) -> None:
        """Name what goes with the account."""
        row = await self._of_user(admin, listing.get, user_id)
        self.doomed_id, self.doomed = user_id, row.username
        self.what_goes = what_goes(row)
        self.delete_label = f"Delete {row.username}" + (
            f" and {counted(row.usage.frames, 'frame')}" if row.usage.frames else ""
        )
        self.asking = True

    @rx.event
    def set_asking(self, asking: bool) -> None:
        """Close the question."""
        self.asking = asking

    @rx.event
    @acts
    async def delete(self, admin: Viewer) -> Any:
        """Delete the account that was asked about, with everything."""
        self.asking = False
        await self._of_user(admin, users.delete, self.doomed_id)
        await self._read(**self._edge)
        return rx.toast.success(f"{self.doomed} is signed out, and everything in the account is being deleted.")

    def _name(self, user_id: int) -> str:
        return next((row.username for row in self.rows if row.user_id == user_id), "The user")


def limits_of_form(form: dict[str, Any]) -> Limits:
    """The limits as typed: nothing typed is none of its own. Raises Invalid."""
    return Limits(*(_count(str(form.get(name, ""))) for name in ("max_frames", "max_products", "max_storage_mb")))


def _count(text: str) -> int | None:
    text = text.replace(",", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > limits.LARGEST:
        raise Invalid(f"A limit is a whole number up to {limits.LARGEST:,}, 0 for no limit, or empty for the default.")
    return int(text)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def user_view(row: UserRow, own_id: int) -> UserView:
    """The user in the words of the list."""
    used = row.usage
    return UserView(
        user_id=row.user_id,
        username=row.username,
        email=row.email,
        is_admin=row.is_admin,
        deactivated=row.deactivated_at is not None and not row.deleting,
        deleting=row.deleting,
        is_self=row.user_id == own_id,
        frames=number(used.frames),
        products=number(used.products),
        storage=weight(used.storage_bytes),
        joined=row.created_at.isoformat(),
        summary=f"{counted(used.frames, 'frame')} · {counted(used.products, 'product')} · {weight(used.storage_bytes)}",
        limited=row.limits != Limits(),
    )


def what_goes(row: UserRow) -> str:
    """What goes with the account."""
    used = row.usage
    if not used.frames:
        return "This deletes the account and everything in it. It cannot be undone."
    frames, outputs = counted(used.frames, "frame"), counted(used.outputs, "output")
    return (
        f"This deletes the account with {frames}, {outputs} and {weight(used.storage_bytes)} of pictures, its feeds, "
        "its runs and its published feeds, which ad platforms can then no longer read. It cannot be undone."
    )
