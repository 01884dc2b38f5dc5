"""The viewer's own account."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.errors import Conflict, Invalid, TooBusy, TooManyAttempts
from frameapp.services import accounts, hashing, sessions, users
from frameapp.services.application import application
from frameapp.services.sessions import SessionRow
from frameapp.services.viewer import Viewer
from frameapp.ui.account.devices import device_name
from frameapp.ui.session import PageState, acts, loads, require_viewer, session_token
from frameapp.ui.words import counted


@dataclass(frozen=True)
class SessionLine:
    """A session in the words of the page."""

    id: int
    device: str
    address: str
    used_at: str
    present: bool


class AccountState(PageState, rx.State):
    """Who I am, where I am signed in, and what is wrong with the forms: a sentence by field."""

    username: str = ""
    email: str = ""
    lines: list[SessionLine] = []
    errors: dict[str, str] = {}
    saving: str = ""  # the form that is being saved
    forms: int = 0  # grows when a form is to be empty again
    asking: bool = False
    goes: str = ""

    @rx.event
    @loads
    async def load(self, viewer: Viewer) -> None:
        """Read the account and its sessions."""
        if not self._resumes:
            self.reset()
        self.username = viewer.username
        self.email = await asyncio.to_thread(accounts.email_of, application(), viewer)
        await self._read_sessions()

    @rx.event
    @acts
    async def save_email(self, viewer: Viewer, form: dict[str, Any]) -> Any:
        """Keep another e-mail address."""
        self._forget("email")
        try:
            self.email = await asyncio.to_thread(
                accounts.change_email, application(), viewer, str(form.get("email", ""))
            )
        except Invalid as error:
            self.errors["email"] = str(error)
            return rx.set_focus("email")
        return rx.toast.success("E-mail address saved.")

    @rx.event(background=True)
    @acts
    async def change_password(self, viewer: Viewer, form: dict[str, Any]) -> Any:
        """Set another password; the other sessions end."""
        present, password = str(form.get("present", "")), str(form.get("password", ""))
        async with self:
            self._forget("present", "password", "password2")
            self.saving = "password"
        try:
            if password != str(form.get("password2", "")):
                raise Invalid("The two passwords are not the same.", field="password2")
            token = session_token(self)
            await hashing.apart(
                lambda: accounts.change_password(application(), viewer, present, password, keep=token),
                address=viewer.address,
            )
            async with self:
                self.forms += 1
                await self._read_sessions()
            yield rx.toast.success("Password changed. Your other sessions have ended.")
        except (Invalid, TooManyAttempts, TooBusy) as error:
            field = getattr(error, "field", "") or "present"
            async with self:
                self.errors[field] = str(error)
            yield rx.set_focus(field)
        finally:
            async with self:
                self.saving = ""

    @rx.event
    @acts
    async def end_session(self, viewer: Viewer, session_id: int) -> Any:
        """End one of my sessions elsewhere."""
        await asyncio.to_thread(sessions.end, application(), viewer, session_id)
        await self._read_sessions()
        return rx.toast.success("The session has ended.")

    @rx.event
    @acts
    async def end_others(self, viewer: Viewer) -> Any:
        """End all my sessions elsewhere."""
        count = await asyncio.to_thread(sessions.end_others, application(), viewer, session_token(self))
        await self._read_sessions()
        return rx.toast.success(f"{counted(count, 'other session')} ended.")

    @rx.event
    @acts
    async def ask(self, viewer: Viewer, opened: bool) -> None:
        """Open or close the question before the account is deleted; it names what goes."""
        if opened:
            has = await asyncio.to_thread(users.holdings, application(), viewer)
            what = f"{counted(has.frames, 'frame')} with {counted(has.outputs, 'output')}"
            self.goes = f"This also deletes {what} and your published feeds. It cannot be undone."
        self._forget("own_password")
        self.asking = opened

    @rx.event(background=True)
    @acts
    async def delete(self, viewer: Viewer, form: dict[str, Any]) -> Any:
        """Delete the account with everything, and leave."""
        async with self:
            self._forget("own_password")
            self.saving = "deletion"
        try:
            await hashing.apart(
                lambda: accounts.confirm(application(), viewer, str(form.get("own_password", ""))),
                address=viewer.address,
            )
            await asyncio.to_thread(users.delete_own, application(), viewer)
            yield rx.redirect("/login")
        except (Invalid, Conflict, TooManyAttempts, TooBusy) as error:
            async with self:
                self.errors["own_password"] = str(error)
            yield rx.set_focus("own_password")
        finally:
            async with self:
                self.saving = ""

    @rx.var
    def has_others(self) -> bool:
        """Whether I am signed in elsewhere too."""
        return len(self.lines) > 1

    def _forget(self, *fields: str) -> None:
        """Forget what was wrong with these fields; another form keeps what is wrong with its own."""
        self.errors = {field: sentence for field, sentence in self.errors.items() if field not in fields}

    async def _read_sessions(self) -> None:
        viewer = await require_viewer(self)
        rows = await asyncio.to_thread(sessions.of, application(), viewer, session_token(self))
        self.lines = await asyncio.to_thread(lambda: [session_line(row) for row in rows])


def session_line(row: SessionRow) -> SessionLine:
    """The session in the words of the page."""
    return SessionLine(row.id, device_name(row.user_agent), row.address, row.last_used_at.isoformat(), row.present)
