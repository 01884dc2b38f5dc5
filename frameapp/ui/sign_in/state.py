"""What the pages before the sign-in know."""

import asyncio
from typing import Any, ClassVar

import reflex as rx

from frameapp.services import links, registration
from frameapp.services.application import application
from frameapp.web.accounts import LONGEST_TOKEN, read_note, safe_next


class SignInState(rx.State):
    """What the address brings: why the last try was refused, where to go afterwards, and the token of a link.

    ``refusal`` says why nobody may register here, ``owner`` whose password the link sets: empty where it is no good.
    """

    FOR_STRANGERS: ClassVar[bool] = True  # its events need no session, see ui/gate.py

    error: str = ""
    username: str = ""
    email: str = ""
    next: str = "/"
    invitation: str = ""
    token: str = ""
    refusal: str = ""
    owner: str = ""
    ended: bool = False  # a session, under an open page
    is_first: bool = False  # there is no account yet
    read: bool = False
    shown: bool = False
    shown_again: bool = False
    _wrong: str = ""  # the id of the field to correct

    @rx.event
    async def read_address(self) -> Any:
        """Take over what the address says; passwords are hidden at first."""
        query = self.router.url.query_parameters
        note = read_note(query.get("note", ""))
        self.error, self.username, self.email = note.error, note.username, note.email
        self._wrong = note.field
        self.next = safe_next(query.get("next", "/"))
        self.shown = self.shown_again = False
        self.invitation = query.get("invitation", "")[:LONGEST_TOKEN]
        self.token = query.get("token", "")[:LONGEST_TOKEN]
        app = application()
        self.ended = query.get("ended", "") == "1"
        self.is_first = await asyncio.to_thread(registration.is_first, app)
        self.refusal = await asyncio.to_thread(registration.refusal, app, self.invitation)
        self.owner = await asyncio.to_thread(links.owner, app, self.token) if self.token else ""
        self.read = True
        return SignInState.take_focus if note.error else None

    @rx.event
    def take_focus(self) -> Any:
        """Give the focus to the field to correct. Comes when that is on show."""
        return rx.set_focus(self._wrong)

    @rx.event
    async def toggle(self) -> None:
        """Show or hide the password."""
        self.shown = not self.shown

    @rx.event
    async def toggle_again(self) -> None:
        """Show or hide the repeated password."""
        self.shown_again = not self.shown_again

    @rx.var
    def other_page(self) -> str:
        """What leads on from here keeps its aim."""
        return "" if self.next == "/" else f"?next={self.next}"
