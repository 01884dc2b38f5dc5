"""What heavy hands do to a server's workers: nobody's product fails for it, and nobody else waits for long."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frameapp.core.progress import Progress
from frameapp.models import FeedKind, OutputState, RunState
from frameapp.services import frames, runs
from frameapp.services.application import Application
from frameapp.services.storage_check import StorageCheck, storage_keeps
from tests.conftest import AttackFigure
from tests.jobs.workers import SECONDS, Worker, processed, redis_at, wait_for_end, wait_until
from tests.runs import Project, assert_consistent, make_project, outputs_of, run_of
from tests.shop import Gallery

SIDES = {"large": 7071, "plain": 1000, "tiny": 32}  # pixels
# Longer than a picture may take, than its host may be silent, and than the child's own alarm; then under `make attack`.
STOPPED_SECONDS, ALL_STOPPED_SECONDS = 13, 60
MEANWHILE = 20  # pictures of 50 megapixels: were batches counted, it would be two hundred


@lru_cache
def picture(side: int) -> bytes:
    """A square PNG of so many pixels a side; one of 50 megapixels is a second's work, and less than a megabyte."""
    line = np.linspace(0, 255, side, dtype=np.uint8)
    pixels = np.dstack(np.broadcast_arrays(line[None, :], line[:, None], line[None, :] ^ line[:, None]))
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", compress_level=1)
    return data.getvalue()


class HeavyShop(Gallery):
    """A shop that sells pictures of 50 megapixels, of one, or of next to none."""

    def picture(self, name: str) -> bytes:
        return picture(SIDES[name.partition("-")[0]])

    def sell_of(self, size: str, count: int) -> None:
        self.sell((f"sku {n}", self.named(f"{size}-{n}")) for n in range(count))


@pytest.fixture
def shop() -> Iterator[HeavyShop]:
    for side in SIDES.values():
        picture(side)  # drawn once, before many ask for it at once
    with HeavyShop() as host:
        yield host


def stand_still(pids: list[int], seconds: float) -> None:
    """Stop the processes for so long."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in pids:
        with suppress(ProcessLookupError):  # a child that was late is killed
            os.kill(pid, signal.SIGCONT)


@pytest.mark.attack
@pytest.mark.usefixtures("scheduling")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_processes_that_are_stopped_in_mid_run_cost_no_product(
    working: Application, project: Project, shop: HeavyShop, valkey: Path, attack_figure: AttackFigure
) -> None:
    shop.sell_of("large", 12)
    seconds = ALL_STOPPED_SECONDS if attack_figure.full else STOPPED_SECONDS
    with redis_at(valkey), Worker(working) as worker:
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, run_id) >= 1, SECONDS, "nothing is rendered")
        stand_still(worker.pids(), seconds)  # worker and render child
        known = processed(working, run_id)
        wait_until(lambda: processed(working, run_id) > known, SECONDS, "it does not go on")
        stand_still(worker.pids()[-1:], seconds)  # the render child alone
        wait_for_end(working, run_id, worker)
        assert b"is tried again alone" in worker.log.read_bytes()
    run = assert_consistent(working, run_id)
    name = f"7 worker and render child stopped for {seconds} s in mid-run"
    attack_figure(name, f"{run.failed} of {run.total} failed", "none", held=run.failed == 0)
    assert (run.state, run.rendered, run.failed) == (RunState.DONE, 12, 0)
    assert all(output.state == OutputState.DONE for output in outputs_of(working, project.frame_id))


class Disk:
    """A file system of its own for the storage's folder, where this process may mount one; else a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
        self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self) -> None:
        """Let nothing more be written: to the last byte."""
        if not self.mounted:
            self._obstruct()
            return
        with (self.folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))

    def protect(self) -> None:
        """Let nothing be written: read-only, once nobody has a file of it open to write into."""
        if not self.mounted:
            self._obstruct()
            return
        wait_until(lambda: self._remounted("ro"), SECONDS, "it cannot be made read-only")

    def free(self) -> None:
        """Let it be written again."""
        if self.mounted:
            assert self._remounted("rw")
            (self.folder / "ballast").unlink(missing_ok=True)
            return
        for name in ("cache", "public"):
            (self.folder / name).unlink()
            if (self.folder / f"{name}-aside").exists():
                (self.folder / f"{name}-aside").rename(self.folder / name)

    def _obstruct(self) -> None:
        """Put files where folders would be."""
        for name in ("cache", "public"):
            if (self.folder / name).exists():
                (self.folder / name).rename(self.folder / f"{name}-aside")
            (self.folder / name).touch()

    def _remounted(self, how: str) -> bool:
        command = ["mount", "-o", f"remount,{how}", str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def end(self) -> None:
        """Unmount it."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(app: Application) -> Iterator[Disk]:
    assert app.storage.folder
    disk = Disk(app.storage.folder)
    yield disk
    disk.end()


@pytest.mark.attack
@pytest.mark.usefixtures("scheduling")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "why"),
    [(Disk.fill, "the disk is full"), (Disk.protect, "it cannot be written")],
    ids=["full", "read-only"],
)
def test_a_run_whose_storage_takes_nothing_says_that_it_waits(
    working: Application,
    disk: Disk,
    project: Project,
    shop: HeavyShop,
    valkey: Path,
    attack_figure: AttackFigure,
    fault: Callable[[Disk], None],
    why: str,
) -> None:
    def seen() -> Progress:
        found = runs.snapshot(working, project.viewer, project.frame_id)
        assert found
        return found

    shop.sell([(f"sku {n}", shop.link(n, "good" if n < 10 else "gated")) for n in range(40)])
    shop.gate.clear()
    with redis_at(valkey), Worker(working) as worker:
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, run_id) == 10, SECONDS, "nothing is rendered")
        assert working.storage_check.answer().result(SECONDS)
        fault(disk)
        shop.gate.set()
        wait_until(lambda: seen().waiting != "", SECONDS, "it does not say that it waits")
        waiting = seen()
        assert not StorageCheck(lambda: storage_keeps(working.storage)).answer().result(SECONDS)
        disk.free()
        wait_for_end(working, run_id, worker)
    run = run_of(working, run_id)
    said = waiting.waiting.partition(".")[0]
    attack_figure(
        f"8 storage in mid-run: {why}",
        f"“{said}”, rate {waiting.rate:g}, {run.failed} failed",
        "waits for storage, no rate, none failed",
        held=said.startswith("Waiting for storage: ") and not (waiting.rate or waiting.seconds_left or run.failed),
    )
    assert said.endswith(why) or not disk.mounted
    assert seen().waiting == ""
    assert (run.state, run.rendered, run.failed) == (RunState.DONE, 40, 0)


class DrippingShop(HeavyShop):
    """Feeds of the kind ``drip`` come a byte every ten seconds, until the gate opens."""

    dripping = 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if "kind=drip" not in handler.path:
            super().answer(handler)
            return
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        self.dripping += 1
        handler.close_connection = True
        with suppress(OSError):
            while not self.gate.wait(10):
                handler.wfile.write(b" ")


@pytest.mark.attack
@pytest.mark.usefixtures("scheduling")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_feeds_that_drip_hold_up_nobody_else(working: Application, valkey: Path, attack_figure: AttackFigure) -> None:
    with DrippingShop() as shop, redis_at(valkey), Worker(working) as worker:
        shop.gate.clear()
        heavy_hand = make_project(working, name="heavy", address=shop.feed_url(0, kind="drip"))
        copies = [frames.duplicate(working, heavy_hand.viewer, heavy_hand.frame_id) for _ in range(7)]
        other = make_project(working, name="other", kind=FeedKind.SAMPLE)
        dripping = [runs.start(working, heavy_hand.viewer, frame) for frame in (heavy_hand.frame_id, *copies)]
        wait_until(lambda: shop.dripping >= 2, SECONDS, "nobody reads the feeds")
        run_id = runs.start(working, other.viewer, other.frame_id)
        wait_for_end(working, run_id, worker)
        run = run_of(working, run_id)
        assert run.started_at
        waited = (run.started_at - run.created_at).total_seconds()
        held = [run_of(working, number).state for number in dripping].count(RunState.PLANNING)
    assert (run.state, run.rendered, held) == (RunState.DONE, 60, 2)
    name, figure = "14 eight runs on feeds that drip, another's run", f"queued for {waited:.1f} s"
    attack_figure(name, figure, "at most 30 s", held=waited <= 30, clock=True)


@pytest.mark.attack
@pytest.mark.usefixtures("scheduling")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", ["plain", "tiny"])
def test_pictures_of_50_megapixels_hold_up_nobody_else(
    working: Application, project: Project, shop: HeavyShop, valkey: Path, attack_figure: AttackFigure, size: str
) -> None:
    def seconds(run_id: int) -> float:
        wait_for_end(working, run_id, worker)
        run = run_of(working, run_id)
        assert run.ended_at
        assert (run.state, run.rendered) == (RunState.DONE, 60)
        return (run.ended_at - run.created_at).total_seconds()

    small = [make_project(working, name=name, address=shop.feed_url(60, name=name)) for name in ("alone", "beside")]
    shop.sell_of(size, 60)
    with redis_at(valkey), Worker(working) as worker:
        worker.wait_until_ready()
        alone = seconds(runs.start(working, small[0].viewer, small[0].frame_id))
        shop.sell_of("large", 300)
        heavy_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, heavy_id) >= 8, SECONDS, "nothing is rendered")
        shop.sell_of(size, 60)
        before = run_of(working, heavy_id)
        beside = seconds(runs.start(working, small[1].viewer, small[1].frame_id))
        after = run_of(working, heavy_id)
        runs.cancel(working, project.viewer, project.frame_id)
    name, meanwhile = f"15 60 {size} products beside 300 of 50 megapixels", after.rendered - before.rendered
    bound = 2.5 * alone + after.picture_seconds
    attack_figure(name, f"{meanwhile} of the 300 meanwhile", f"{MEANWHILE}", held=meanwhile <= MEANWHILE)
    figure = f"{beside:.2f} s, alone {alone:.2f} s, a picture {after.picture_seconds:.2f} s"
    attack_figure(name, figure, f"2.5 times, and a picture: {bound:.2f} s", held=beside <= bound, clock=True)
