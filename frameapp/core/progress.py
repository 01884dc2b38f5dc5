"""A run as its readers see it: its state, its totals and its pace."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class RunState(StrEnum):
    """The states of a run; the first three are active."""

    QUEUED = "queued"
    PLANNING = "planning"
    RUNNING = "running"
    REVIEW = "review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def active(self) -> bool:
        """Whether work is left to do."""
        return self in ACTIVE_RUN_STATES


ACTIVE_RUN_STATES = (RunState.QUEUED, RunState.PLANNING, RunState.RUNNING)


class RunKind(StrEnum):
    """A full pass over the feed, or only the outputs that failed before."""

    FULL = "full"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Failure:
    """One product that failed, and why."""

    product_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A run with its totals at one commit: what every page, list and message shows of it.

    ``total = rendered + unchanged + failed + cancelled + pending``, "so far" until ``planned``. ``rate`` is rendered
    pictures a second, ``seconds_left`` None where nobody can tell. ``waiting`` says what an active run waits for,
    ``reason`` why it did not get to its end, ``notes`` what is amiss with the feed. Times are epoch seconds.
    """

    run_id: int
    frame_id: int
    version: int
    state: str
    processed: int
    total: int
    planned: bool
    rendered: int
    unchanged: int
    failed: int
    cancelled: int
    pending: int
    product_id: str
    rate: float
    seconds_left: float | None
    errors: tuple[Failure, ...]
    reason: str
    committed_at: float
    started_at: float | None
    ended_at: float | None
    waiting: str = ""
    workspace_id: int = 0
    kind: str = RunKind.FULL
    created_at: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether work is left to do."""
        return RunState(self.state).active

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it has not ended, or where it never began."""
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None

    @property
    def percent(self) -> float:
        """How much of the total has its result, 0 to 100."""
        return 100.0 * self.processed / self.total if self.total else (0.0 if self.active else 100.0)

    @property
    def moves(self) -> bool:
        """Whether it says how fast it goes."""
        return bool(self.rate) or self.seconds_left is not None

    @property
    def order(self) -> tuple[int, int]:
        """Grows with every commit of a run and with every run."""
        return (self.run_id, self.version)

    def to_json(self) -> str:
        """The progress as JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Progress:
        """What ``to_json`` wrote."""
        values = json.loads(text)
        values["errors"] = tuple(Failure(**error) for error in values["errors"])
        values["notes"] = tuple(values.get("notes", ()))
        return cls(**values)
