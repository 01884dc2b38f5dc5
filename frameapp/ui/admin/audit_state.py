"""The audit log."""

from dataclasses import dataclass

import reflex as rx

from frameapp.services import audit
from frameapp.services.admin.access import Asked
from frameapp.services.application import application
from frameapp.services.audit import LABELS, Action, AuditRow, Page
from frameapp.services.viewer import Viewer
from frameapp.ui.account.devices import device_name
from frameapp.ui.admin.list_state import ListState
from frameapp.ui.session import acts, loads

ACTIONS = {"all": "All actions", **{action.value: label for action, label in LABELS.items()}}


@dataclass(frozen=True)
class EventView:
    """An event in the words of the page."""

    id: int
    at: str
    actor: str
    label: str
    subject: str
    address: str
    detail: str


class AuditState(ListState, rx.State):
    """Events, newest first."""

    rows: list[EventView] = []

    @rx.event
    @loads
    async def load(self) -> None:
        """The newest events."""
        await self._read()

    @rx.event
    @acts
    async def choose_action(self, action: str) -> None:
        """Show one kind of event, or all."""
        self.chosen = action if action in LABELS else ""
        await self._read()

    def _page(self, viewer: Viewer, asked: Asked) -> Page[AuditRow]:
        return audit.page(application(), viewer, asked)

    def _put(self, page: Page[AuditRow], viewer: Viewer) -> None:
        self.rows = [event_view(row) for row in page.rows]


def event_view(row: AuditRow) -> EventView:
    """The event in the words of the page."""
    return EventView(
        row.id, row.at.isoformat(), row.actor or "Unknown user", row.label, row.subject, row.address, _detail(row)
    )


def _detail(row: AuditRow) -> str:
    """A device by its name, all else as it was recorded."""
    if row.action == Action.SIGNED_IN and row.detail:
        return device_name(row.detail)
    return row.detail[:1].upper() + row.detail[1:]
