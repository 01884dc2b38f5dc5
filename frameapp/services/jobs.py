"""The kinds of jobs that workers do: each is rung for, and the sweep rings again for the rows that wait for it.

A new kind is its bell, its work (under a lease: ``services.leases``) and a line in ``JOBS``.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from frameapp.adapters.doorbell import DELETE, PLAN, PUBLISH, RENDER, Bell
from frameapp.db import deletions as deletion_rows
from frameapp.db import generations as generation_rows
from frameapp.db import planning as plan_rows
from frameapp.db import work
from frameapp.services import deletions, generations, planning, rendering
from frameapp.services.worker_context import WorkerContext


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job."""

    bell: Bell
    waiting: Callable[[Session], Iterable[int]]
    """The ids of the rows that wait for a worker."""
    begin: Callable[[WorkerContext, int], Awaitable[object]]
    """Begin the work on a row, or take it over, if it still waits. What takes long goes on beside the actor."""


JOBS = [
    Job(PLAN, plan_rows.plans_to_ring, planning.begin),
    Job(RENDER, work.claimable_runs, rendering.work_on),
    Job(PUBLISH, generation_rows.to_ring, generations.begin),
    Job(DELETE, deletion_rows.to_ring, deletions.begin),
]
