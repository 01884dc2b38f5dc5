"""The renderer: one child process, replaced when a picture breaks it."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frameapp.adapters.render_process import Renderer, picture_of
from frameapp.core.design.content import Content
from frameapp.core.design.recipe import Box, Recipe
from frameapp.core.design.stored import StoredDesign
from frameapp.core.render import Rendered, inspect_frame, load_frame, render, trimmed
from frameapp.errors import PictureError, StartError, TookTooLong

RECIPE = Recipe(Box(20, 20, 160, 120))


def picture(width: int, height: int, mode: str = "RGB", colour: object = (200, 30, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height), colour).save(buffer, "PNG")  # type: ignore[arg-type]
    return buffer.getvalue()


SOURCE = picture(300, 200)
FRAME = picture(200, 160, "RGBA", (10, 20, 200, 255))


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(seconds=3, memory_mb=800, module="tests.adapters.unruly_child") as renderer:
        yield renderer


def ask(renderer: Renderer, source: bytes = SOURCE, load: Callable[[], bytes] = lambda: FRAME) -> bytes:
    return rendered(renderer, source, load).data


def rendered(
    renderer: Renderer,
    source: bytes = SOURCE,
    load: Callable[[], bytes] = lambda: FRAME,
    image: str = "f1" * 32,
    recipe: Recipe = RECIPE,
) -> Rendered:
    design = StoredDesign.of_recipe(recipe, image)
    return picture_of(renderer.render({"0": source}, Content(), design=design, load_asset=lambda _: load()), "main")


def test_the_child_renders_what_core_renders(renderer: Renderer) -> None:
    assert rendered(renderer) == render(SOURCE, load_frame(FRAME), RECIPE)
    assert renderer.inspect_frame(FRAME) == inspect_frame(FRAME)
    assert Image.open(io.BytesIO(renderer.thumbnail(SOURCE, 64))).size == (64, 43)
    assert renderer.trimmed(SOURCE, 64) == trimmed(SOURCE, 64)


def test_the_frame_image_is_asked_for_once(renderer: Renderer) -> None:
    asked: list[int] = []

    def load() -> bytes:
        asked.append(1)
        return FRAME

    for x in (20, 20, 30, 20, 10):  # moved as in a preview, too
        rendered(renderer, load=load, image="f2" * 32, recipe=replace(RECIPE, box=Box(x, 20, 160, 120)))
    assert len(asked) == 1


def test_a_damaged_picture_has_a_sentence(renderer: Renderer) -> None:
    before = renderer.child_pid
    with pytest.raises(PictureError, match=r"\.$"):
        ask(renderer, b"no picture")
    assert renderer.child_pid == before


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"crash", "The picture crashes the decoder"),
        (b"stall", "The picture took longer than 3 seconds to render."),
        pytest.param(
            b"memory",
            "The picture needs too much memory",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="no address space limit there"),
        ),
    ],
)
def test_an_unruly_picture_fails_alone(
    renderer: Renderer, source: bytes, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    ask(renderer)
    before = renderer.child_pid
    with pytest.raises(PictureError, match=sentence):
        ask(renderer, source)
    assert ask(renderer)
    assert renderer.child_pid != before


def test_a_bug_is_logged_and_the_picture_fails(renderer: Renderer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(PictureError, match=r"The picture cannot be rendered\."):
        ask(renderer, b"bug")
    assert "KeyError: 'a bug'" in caplog.text


def test_a_child_killed_from_outside_costs_no_picture(renderer: Renderer) -> None:
    ask(renderer)
    assert renderer.child_pid is not None
    os.kill(renderer.child_pid, signal.SIGKILL)
    assert ask(renderer)


def test_a_child_that_was_stopped_with_us_is_late_and_did_not_crash(caplog: pytest.LogCaptureFixture) -> None:
    with Renderer(module="tests.adapters.unruly_child") as renderer:
        ask(renderer)
        assert renderer.child_pid is not None
        child = renderer.child_pid
        threading.Timer(0.5, os.kill, (child, signal.SIGALRM)).start()  # as its own alarm does, before we look
        with pytest.raises(TookTooLong):
            ask(renderer, b"stall")


def test_many_threads_may_share_it(renderer: Renderer) -> None:
    expected = ask(renderer)
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(ask(renderer))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_a_closed_renderer_has_no_child() -> None:
    renderer = Renderer()
    ask(renderer)
    pid = renderer.child_pid
    renderer.close()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(StartError):
        ask(renderer)


def test_a_child_that_cannot_start_says_why() -> None:
    with Renderer(module="frameapp.no_such_module") as renderer, pytest.raises(StartError, match="no_such_module"):
        ask(renderer)


@pytest.mark.parametrize("source", [SOURCE, b"stall"])
def test_the_child_ends_when_its_parent_is_killed(source: bytes) -> None:
    script = (
        "import sys, threading\n"
        "from tests.adapters.test_render_process import ask, SOURCE\n"
        "from frameapp.adapters.render_process import Renderer\n"
        "renderer = Renderer(module='tests.adapters.unruly_child')\n"
        "ask(renderer)\n"
        "print(renderer.child_pid, flush=True)\n"
        f"ask(renderer, {source!r})\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()
    deadline = time.monotonic() + 120
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_largest_picture_of_16_bits_fits_into_the_memory() -> None:
    levels = np.full((7000, 7000), 40_000, np.uint16)
    data = io.BytesIO()
    Image.fromarray(levels).save(data, "PNG", compress_level=1)
    with Renderer(seconds=240) as renderer:
        assert renderer.thumbnail(data.getvalue(), 96)
