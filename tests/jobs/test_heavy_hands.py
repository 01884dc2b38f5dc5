"""What heavy hands do to a server's workers: nobody's product fails for it, and nobody else waits for long."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frameapp.models import OutputState, RunState
from frameapp.services import runs
from frameapp.services.application import Application
from tests.conftest import AttackFigure
from tests.jobs.workers import SECONDS, Worker, processed, redis_at, wait_for_end, wait_until
from tests.runs import Project, assert_consistent, outputs_of
from tests.shop import Gallery

STOPPED_SECONDS = 13  # longer than a picture may take, than its host may be silent, and than the child's own alarm


@lru_cache(maxsize=1)
def heavy() -> bytes:
    """A PNG of 50 megapixels: about a second's work for the decoder, and less than a megabyte."""
    line = np.linspace(0, 255, 7071, dtype=np.uint8)
    pixels = np.dstack(np.broadcast_arrays(line[None, :], line[:, None], line[None, :] ^ line[:, None]))
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", compress_level=1)
    return data.getvalue()


class HeavyShop(Gallery):
    """A shop that also sells pictures of 50 megapixels."""

    def picture(self, name: str) -> bytes:
        return heavy()

    def sell_heavy(self, count: int) -> None:
        self.sell((f"sku {n}", self.named(str(n))) for n in range(count))


@pytest.fixture
def shop() -> Iterator[HeavyShop]:
    heavy()  # drawn once, before many ask for it at once
    with HeavyShop() as host:
        yield host


def stand_still(pids: list[int]) -> None:
    """Stop the processes for a while."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(STOPPED_SECONDS)
    for pid in pids:
        with suppress(ProcessLookupError):  # a child that was late is killed
            os.kill(pid, signal.SIGCONT)


@pytest.mark.attack
@pytest.mark.usefixtures("scheduling")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_processes_that_are_stopped_in_mid_run_cost_no_product(
    working: Application, project: Project, shop: HeavyShop, valkey: Path, attack_figure: AttackFigure
) -> None:
    shop.sell_heavy(12)
    with redis_at(valkey), Worker(working) as worker:
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, run_id) >= 1, SECONDS, "nothing is rendered")
        stand_still(worker.pids())  # worker and render child
        known = processed(working, run_id)
        wait_until(lambda: processed(working, run_id) > known, SECONDS, "it does not go on")
        stand_still(worker.pids()[-1:])  # the render child alone
        wait_for_end(working, run_id, worker)
        assert b"is tried again alone" in worker.log.read_bytes()
    run = assert_consistent(working, run_id)
    attack_figure("7 worker and render child stopped in mid-run", f"{run.failed} of {run.total} failed", "none")
    assert (run.state, run.rendered, run.failed) == (RunState.DONE, 12, 0)
    assert all(output.state == OutputState.DONE for output in outputs_of(working, project.frame_id))
