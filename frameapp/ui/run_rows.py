"""A run as a row of a list, in the words of the pages: of a frame, of a user, of all users."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import reflex as rx

from frameapp.core.progress import Progress, RunKind
from frameapp.ui.components.text import muted
from frameapp.ui.words import counted, duration, number


@dataclass(frozen=True)
class RunRow:
    """A run. ``counts`` is how far it got, ``outcome`` what became of its products; ``at`` and ``began`` are ISO."""

    run_id: int = 0
    frame_id: int = 0
    frame: str = ""
    owner: str = ""
    kind: str = ""
    state: str = ""
    active: bool = False
    percent: float = 0.0
    counts: str = ""
    failed: str = ""
    outcome: str = ""
    took: str = ""
    began: str = ""
    at: str = ""
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    notes_label: str = ""


def run_row(progress: Progress, frame: str = "", owner: str = "") -> RunRow:
    """The run in words."""
    return RunRow(
        run_id=progress.run_id,
        frame_id=progress.frame_id,
        frame=frame,
        owner=owner,
        kind="Retry" if progress.kind == RunKind.RETRY else "",
        state=progress.state,
        active=progress.active,
        percent=round(progress.percent, 1),
        counts=_counts(progress),
        failed=f"{number(progress.failed)} failed" if progress.failed else "",
        outcome=", ".join(outcome(progress)),
        took=duration(progress.seconds) if progress.seconds and progress.total else "",
        began=_iso(progress.created_at),
        at=_iso(progress.ended_at or progress.started_at or progress.committed_at),
        reason=progress.reason or progress.waiting,
        notes=list(progress.notes),
        notes_label=counted(len(progress.notes), "note") + " on the feed",
    )


def outcome(progress: Progress) -> list[str]:
    """``8 rendered``, ``1 unchanged``, ``1 failed``: what became of the products."""
    kinds = [
        (progress.rendered, "rendered"),
        (progress.unchanged, "unchanged"),
        (progress.failed, "failed"),
        (progress.cancelled, "cancelled"),
    ]
    return [f"{number(count)} {word}" for count, word in kinds if count]


def _counts(progress: Progress) -> str:
    if not progress.total:
        if progress.active:
            return "Reading the feed"
        return "" if progress.reason else "No products"
    if progress.active:
        return f"{number(progress.processed)} of {number(progress.total)}"
    return f"{number(progress.rendered + progress.unchanged)} of {number(progress.total)} ok"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def run_text(row: rx.Var[RunRow]) -> rx.Component:
    """How far the run got, how long it took, and its reason, in a line."""
    return muted(
        rx.cond(row.counts != "", row.counts, row.reason),
        rx.cond(row.failed != "", f" · {row.failed}", ""),
        rx.cond(row.took != "", f" · {row.took}", ""),
        rx.cond((row.counts != "") & (row.reason != ""), f" · {row.reason}", ""),
        as_="div",
        class_name="breaks",
    )


def run_notes(row: rx.Var[RunRow]) -> rx.Component:
    """What is amiss with the run's feed, folded; nothing where nothing is."""
    return rx.cond(
        row.notes.length() > 0,
        rx.el.details(
            rx.el.summary(rx.icon("chevron-right", size=14, aria_hidden="true"), row.notes_label),
            rx.el.ul(rx.foreach(row.notes, lambda note: rx.el.li(note))),
            class_name="disclosure run-notes",
        ),
    )
