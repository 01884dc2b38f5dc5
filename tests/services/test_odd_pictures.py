"""Odd pictures in a run: what works, what is refused, and what kills or stalls the render child."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from frameapp.adapters.render_process import Renderer
from frameapp.models import OutputState, RunState
from frameapp.services import runs
from frameapp.services.application import Application
from frameapp.services.worker_context import Limits, WorkerContext
from tests.runs import assert_consistent, make_project, outputs_of
from tests.services.conftest import work_through
from tests.shop import Gallery
from tests.worst import WORST


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def rotated() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(Image.new("RGB", (400, 300), "teal"), "JPEG", exif=exif)


GOOD: dict[str, Callable[[], bytes]] = {
    "cmyk": lambda: encoded(Image.new("CMYK", (400, 300), (10, 200, 30, 0)), "JPEG"),
    "transparent": lambda: encoded(Image.new("RGBA", (400, 300), (200, 30, 30, 90)), "PNG"),
    "rotated": rotated,
    "gif": lambda: encoded(Image.new("P", (400, 300), 3), "GIF"),
    "webp": lambda: encoded(Image.new("RGB", (400, 300), "navy"), "WEBP"),
    "grey": lambda: encoded(Image.new("L", (400, 300), 80), "JPEG"),
}
BAD: dict[str, Callable[[], bytes]] = {
    "crash": lambda: b"crash",
    "stall": lambda: b"stall",
    "bug": lambda: b"bug",
    **{name: WORST[name][0] for name in ("empty", "text", "bomb", "huge")},
}


class Oddities(Gallery):
    """Serves the pictures above by name."""

    def picture(self, name: str) -> bytes:
        return {**GOOD, **BAD}[name]()


@pytest.fixture
def odd() -> Iterator[Oddities]:
    with Oddities() as host:
        yield host


async def test_odd_pictures_work_and_bad_ones_cost_only_themselves(working: Application, odd: Oddities) -> None:
    odd.sell([*((name, odd.named(name)) for name in (*GOOD, *BAD)), ("plain", odd.link(1))])
    project = make_project(working, address=odd.address)
    run_id = runs.start(working, project.viewer, project.frame_id)
    with Renderer(seconds=2, module="tests.adapters.unruly_child") as unruly:
        worker = WorkerContext(working, limits=Limits(flush=0.1), renderer=unruly)
        await work_through(worker, run_id)
        await worker.close()
    run = assert_consistent(working, run_id)
    outputs = {output.product_id: output for output in outputs_of(working, project.frame_id)}
    failed = {name: output.reason for name, output in outputs.items() if output.state == OutputState.FAILED}
    assert set(failed) == set(BAD), failed
    assert (run.state, run.rendered) == (RunState.DONE, len(GOOD) + 1)
    for name, reason in failed.items():
        assert reason.endswith("."), f"{name}: {reason}"
    assert "2 seconds" in failed["stall"]
    assert "25 MB" in failed["huge"]
