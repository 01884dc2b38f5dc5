"""The overview: sums every quarter of a minute, activity every other second, while its page is open."""

import asyncio
import time
from dataclasses import dataclass

import reflex as rx

from frameapp.models import Process, StorageUsage
from frameapp.services.admin import overview
from frameapp.services.admin.overview import Fault, Figures, Pulse
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.session import PageState, acts, client_is_gone, loads, require_admin
from frameapp.ui.words import counted, duration, number, weight

PULSE_SECONDS = 2.0
FIGURES_SECONDS = 15.0


@dataclass(frozen=True)
class Tile:
    """A figure with its name and a line below."""

    name: str
    value: str
    more: str = ""


@dataclass(frozen=True)
class ProcessRow:
    """A process that is alive."""

    id: str
    kind: str
    place: str
    doing: str
    started_at: str


@dataclass(frozen=True)
class KindRow:
    """What the storage holds of a kind."""

    kind: str
    objects: str
    size: str


@dataclass(frozen=True)
class FaultRow:
    """Something that failed."""

    at: str
    frame_id: int
    frame: str
    owner: str
    what: str
    reason: str


class OverviewState(PageState, rx.State):
    """The installation at a glance."""

    sums: list[Tile] = []
    going: list[Tile] = []
    processes: list[ProcessRow] = []
    kinds: list[KindRow] = []
    counted_at: str = ""
    faults: list[FaultRow] = []

    @rx.event
    @loads
    async def load(self, admin: Viewer) -> None:
        """All of it, as it is now."""
        self._put_figures(await asyncio.to_thread(overview.figures, application(), admin))
        self._put_pulse(await asyncio.to_thread(overview.pulse, application(), admin))

    @rx.event(background=True)
    @acts
    async def follow(self, admin: Viewer) -> None:
        """Keep it up to date until the page is left."""
        figures_at = time.monotonic()
        while not client_is_gone(self):
            await asyncio.sleep(PULSE_SECONDS)
            admin = await require_admin(self)
            pulse = await asyncio.to_thread(overview.pulse, application(), admin)
            figures = None
            if time.monotonic() - figures_at > FIGURES_SECONDS:
                figures_at = time.monotonic()
                figures = await asyncio.to_thread(overview.figures, application(), admin)
            async with self:
                self._put_pulse(pulse)
                if figures is not None:
                    self._put_figures(figures)

    def _put_figures(self, found: Figures) -> None:
        self.sums = sum_tiles(found)
        self.kinds = [_kind_row(row) for row in found.storage if row.objects]
        self.counted_at = min((row.counted_at.isoformat() for row in found.storage), default="")

    def _put_pulse(self, found: Pulse) -> None:
        """Only what has changed goes to the page."""
        for name, value in (
            ("going", pulse_tiles(found)),
            ("processes", [_process_row(row) for row in found.processes]),
            ("faults", [_fault_row(row) for row in found.faults]),
        ):
            if getattr(self, name) != value:
                setattr(self, name, value)


def sum_tiles(found: Figures) -> list[Tile]:
    """The sums in words."""
    usage = found.usage
    states = [(usage.failed, "failed"), (usage.pending, "pending"), (usage.cancelled, "cancelled")]
    people = [counted(found.administrators, "administrator")]
    if found.deactivated:
        people.append(f"{number(found.deactivated)} deactivated")
    stored = weight(sum(row.size_bytes for row in found.storage)) if found.storage else "Not counted yet"
    return [
        Tile("Users", number(found.users), " · ".join(people)),
        Tile("Frames", number(usage.frames), counted(usage.products, "product")),
        Tile(
            "Outputs",
            number(usage.done),
            " · ".join(f"{number(count)} {word}" for count, word in states if count) or "none failed",
        ),
        Tile("Storage", stored, f"Database {weight(found.database_bytes)}"),
    ]


def pulse_tiles(found: Pulse) -> list[Tile]:
    """The current activity in words."""
    waiting = found.waiting_seconds
    oldest = f"Oldest: {duration(waiting)}" if waiting is not None else "Nothing waiting"
    left = counted(found.pending, "product") + " remaining" if found.pending else "Nothing to render"
    workers = [row for row in found.processes if row.kind == "worker"]
    busy = sum(1 for row in workers if row.doing not in ("idle", "starting"))
    return [
        Tile("Active runs", number(found.active), left),
        Tile("Queued runs", number(found.queued), oldest),
        Tile("Pictures per second", f"{found.rate:.1f}" if found.rate else "0", "Over all active runs"),
        Tile("Workers", number(len(workers)), f"{number(busy)} busy"),
    ]


def _process_row(row: Process) -> ProcessRow:
    doing = row.doing[:1].upper() + row.doing[1:]
    return ProcessRow(row.id, row.kind.capitalize(), f"{row.host} · {row.pid}", doing, row.started_at.isoformat())


def _kind_row(row: StorageUsage) -> KindRow:
    return KindRow(row.kind.capitalize(), number(row.objects), weight(row.size_bytes))


def _fault_row(row: Fault) -> FaultRow:
    what = f"Product {row.product_id}" if row.product_id else "Run failed"
    return FaultRow(row.at.isoformat(), row.frame_id, row.frame, row.owner, what, row.reason)
