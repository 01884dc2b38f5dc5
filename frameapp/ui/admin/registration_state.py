"""The registration mode, invitations, and the default limits."""

import asyncio
from typing import Any

import reflex as rx

from frameapp.errors import Invalid
from frameapp.models import LinkKind, Registration
from frameapp.services import limits, links, registration
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.admin.users_state import limits_of_form
from frameapp.ui.session import PageState, acts, loads

MODES = {
    Registration.OPEN: ("Open", "Anyone with access to the server can create an account."),
    Registration.INVITATION: ("By invitation", "Anyone with an invitation link can create one account."),
    Registration.CLOSED: (
        "Closed",
        "Nobody can register, not even with an invitation link. The create-admin command still works.",
    ),
}


class RegistrationState(PageState, rx.State):
    """Registration and default limits."""

    mode: str = ""
    overridden: bool = False
    link: str = ""  # shown once
    link_warning: str = ""
    max_frames: str = ""
    max_products: str = ""
    max_storage_mb: str = ""
    limits_error: str = ""

    @rx.event
    @loads
    async def load(self, admin: Viewer) -> None:
        """As it is now."""
        if not self._resumes:
            self.link = ""
        await self._read()

    async def _read(self) -> None:
        app = application()
        self.mode = await asyncio.to_thread(registration.mode, app)
        self.overridden = await asyncio.to_thread(registration.is_overridden, app)
        found = await asyncio.to_thread(limits.defaults, app)
        texts = ["" if value is None else str(value) for value in (found.frames, found.products, found.storage_mb)]
        self.max_frames, self.max_products, self.max_storage_mb = texts

    @rx.event
    @acts
    async def set_mode(self, admin: Viewer, mode: str) -> Any:
        """Change who may register."""
        if mode not in MODES:
            return None
        await asyncio.to_thread(registration.set_mode, application(), admin, Registration(mode))
        self.link = ""
        await self._read()
        return rx.toast.success(f"Registration: {MODES[Registration(mode)][0].lower()}.")

    @rx.event
    @acts
    async def invite(self, admin: Viewer) -> None:
        """A link that makes one account, shown once."""
        token = await asyncio.to_thread(registration.invite, application(), admin)
        self.link = links.address(application(), LinkKind.INVITATION, token)
        self.link_warning = links.warning(application())

    @rx.event
    @acts
    async def save_limits(self, admin: Viewer, form: dict[str, Any]) -> Any:
        """Keep the default limits as typed."""
        try:
            wanted = limits_of_form(form)
        except Invalid as error:
            self.limits_error = str(error)
            return None
        self.limits_error = ""
        await asyncio.to_thread(limits.set_defaults, application(), admin, wanted)
        await self._read()
        return rx.toast.success("Limits saved.")
