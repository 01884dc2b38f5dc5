"""A run's progress in the words of the page."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from frameapp.core.progress import Progress
from frameapp.models import RunState
from frameapp.ui.run_rows import outcome
from frameapp.ui.words import counted, duration, number


@dataclass(frozen=True)
class Failure:
    """A product that failed and why."""

    product_id: str
    reason: str


@dataclass(frozen=True)
class RunView:
    """What the progress card shows: one var, so that a message is one small change."""

    run_id: int = 0
    version: int = 0
    committed_at: str = ""
    state: str = ""
    active: bool = False
    percent: float = 0.0
    headline: str = ""
    product_id: str = ""
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)
    failures_label: str = ""
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    waiting: str = ""
    ended_at: str = ""


def run_view(progress: Progress) -> RunView:
    """The view of this progress."""
    state = RunState(progress.state)
    return RunView(
        run_id=progress.run_id,
        version=progress.version,
        committed_at=f"{progress.committed_at:.3f}",
        state=state.value,
        active=state.active,
        percent=round(progress.percent, 1),
        headline=headline(progress),
        product_id=progress.product_id if state.active else "",
        failed=progress.failed,
        failures=[Failure(error.product_id, error.reason) for error in progress.errors],
        reason=progress.reason,
        notes=list(progress.notes),
        waiting=progress.waiting if state.active else "",
        failures_label=_failures_label(progress),
        ended_at=datetime.fromtimestamp(progress.ended_at, UTC).isoformat() if progress.ended_at else "",
    )


def _failures_label(progress: Progress) -> str:
    shown = len(progress.errors)
    if shown < progress.failed:
        return f"The last {number(shown)} of {counted(progress.failed, 'failure')}"
    return counted(progress.failed, "failure")


def headline(progress: Progress) -> str:
    """``640 of 1,204 · 6 failed · 48/s · 12 s left``, or how the run ended."""
    state = RunState(progress.state)
    if state is RunState.QUEUED:
        return "Waiting for a worker"
    if state.active and not progress.total:
        return waits_for(progress.waiting) or "Reading the feed"
    parts = _counts(progress) if state.active else _ending(progress)
    return " · ".join(parts)


def waits_for(waiting: str) -> str:
    """The sentence of what a run waits for, in few words: ``Waiting for storage``."""
    return waiting.partition(":")[0]


def _counts(progress: Progress) -> list[str]:
    so_far = "" if progress.planned else " so far"
    parts = [f"{number(progress.processed)} of {number(progress.total)}{so_far}"]
    if progress.failed:
        parts.append(f"{number(progress.failed)} failed")
    if progress.waiting:
        return [*parts, waits_for(progress.waiting)]
    if progress.rate:
        parts.append(f"{progress.rate:.0f}/s" if progress.rate >= 1 else f"{progress.rate:.1f}/s")
    if progress.planned and progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return parts


def _ending(progress: Progress) -> list[str]:
    parts = outcome(progress)
    if not parts and progress.state != RunState.FAILED:  # one that failed on its feed did not see whether it has any
        parts.append("No products")
    if progress.seconds is not None:
        parts.append(f"took {duration(progress.seconds)}")
    return parts
