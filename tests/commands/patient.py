"""``frameapp render`` where neither a busy machine nor a slow host costs a product: each may take minutes.

Its workers, which are started anew, import this module with their job, and so have its limits too.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from frameapp.__main__ import main
from frameapp.adapters import fetch
from frameapp.commands import render
from frameapp.services.offline import Job

SECONDS = 300.0

fetch.PICTURES = replace(fetch.PICTURES, connect=SECONDS, read=SECONDS, total=SECONDS)
fetch.FEEDS = replace(fetch.FEEDS, connect=SECONDS, read=SECONDS)


@dataclass(frozen=True, slots=True)
class PatientJob(Job):
    """A job whose pictures may take long."""

    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class UnrulyJob(PatientJob):
    """One whose pictures may make the decoder crash, fail or take all memory."""

    module: str = "tests.adapters.unruly_child"


@dataclass(frozen=True, slots=True)
class HastyJob(UnrulyJob):
    """One whose pictures may hang the decoder, too."""

    seconds: float = 3


def render_by(job: type[Job]) -> int:
    """The command's exit status, with its pictures made as this kind of job."""
    render.Job = job  # type: ignore[misc]
    return main(sys.argv[1:])
