"""The audit log."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.services import audit
from frameapp.services.application import application
from frameapp.services.audit import LABELS, PAGE, Action, AuditRow
from frameapp.ui.account.devices import device_name
from frameapp.ui.admin.list_state import SEARCH_ID
from frameapp.ui.session import PageState, acts, loads, require_admin

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


class AuditState(PageState, rx.State):
    """Events, newest first."""

    rows: list[EventView] = []
    search: str = ""
    action: str = "all"
    next_key: str = ""
    previous_key: str = ""
    _edges: list[int] = []  # what the pages up to this one were asked by

    @rx.var
    def narrowed(self) -> bool:
        """Whether a search or a filter hides events."""
        return bool(self.search) or self.action != "all"

    @rx.event
    @loads
    async def load(self) -> None:
        """The newest events."""
        await self._read([])

    @rx.event
    @acts
    async def find(self, text: str) -> None:
        """Search names, addresses and details."""
        self.search = text.strip()
        await self._read([])

    @rx.event
    @acts
    async def choose(self, action: str) -> None:
        """Show one kind of event, or all."""
        self.action = action if action in ACTIONS else "all"
        await self._read([])

    @rx.event
    @acts
    async def show_all(self) -> Any:
        """Everything again."""
        self.search, self.action = "", "all"
        await self._read([])
        return rx.set_value(SEARCH_ID, "")

    @rx.event
    @acts
    async def turn(self, where: str) -> None:
        """Older, newer, or the newest."""
        if where == "next" and self.rows and self.next_key:
            await self._read([*self._edges, self.rows[-1].id])
        else:
            await self._read(self._edges[:-1] if where == "previous" else [])

    async def _read(self, edges: list[int]) -> None:
        viewer = await require_admin(self)
        found = await asyncio.to_thread(
            audit.events,
            application(),
            viewer,
            search=self.search,
            action="" if self.action == "all" else self.action,
            before=edges[-1] if edges else 0,
            size=PAGE + 1,
        )
        self._edges = edges
        self.rows = [event_view(row) for row in found[:PAGE]]
        self.next_key = "next" if len(found) > PAGE else ""
        self.previous_key = "previous" if edges else ""


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
