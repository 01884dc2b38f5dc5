"""The whole application on 600 products, as ``make bench`` runs it.

``python -m benchmarks.main`` serves the pictures from a process of its own, starts the real application (SQLite, the
embedded Redis, a worker per core, in a temporary data folder), and measures, one after the other:

- the first run of a new user's new frame: every picture is fetched, rendered and stored (``products_per_second``, from
  the click to the end), and beside it the ceiling: scaled decoding and encoding alone, the same pictures, in as many
  processes as cores; both ``ROUNDS`` times in turn; their medians count, since a machine is not equally fast for long;
- a second run without changes: the host's log proves that every address was asked once, and nothing was decoded;
- a run of another placement, watched by a browser: from a batch's commit to the page's DOM.

The last line of its output is one JSON object. ``PRODUCTS`` (600) and ``ROUNDS`` (3) set the numbers; ``BROWSER=0``
leaves the watched run and its browser out; ``KEEP_LOGS=folder`` keeps the processes' logs.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import truediv
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.ceiling import ceiling
from benchmarks.drawn import BOX, FRAME_SIDE, opaque_frame, sources
from benchmarks.memory import Peaks
from frameapp.core.design.recipe import Box, Encoder, Recipe
from frameapp.core.keys import digest_of
from frameapp.models import Feed, Frame, Run, RunState
from frameapp.services import accounts, runs, sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.settings import Settings
from frameapp.web.identity import cookie_name
from tests.browser import ARGUMENTS, find_browser

ROOT = Path(__file__).resolve().parents[1]
PRODUCTS = int(os.environ.get("PRODUCTS", "600"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
BROWSER = os.environ.get("BROWSER", "1") != "0"
RUN_SECONDS = 300


def main() -> None:
    """Measure, tell what is being measured, print the JSON object."""
    cores = os.cpu_count() or 1
    pictures = drawn_pictures()
    with tempfile.TemporaryDirectory(prefix="frameapp-bench-") as folder, host(pictures) as address:
        settings = bench_settings(Path(folder), cores)
        with served(settings) as pid, Peaks(pid, web_rss_mb="granian", worker_rss_mb="dramatiq") as memory:
            app = Application.from_settings(settings)
            speeds, ceilings = [], []
            for number in range(ROUNDS):
                viewer, frame_id, recipe = project(app, f"{address}/feed.xml", number)
                first = finished(app, runs.start(app, viewer, frame_id))
                assert (first.rendered, first.failed) == (PRODUCTS, 0), first
                speeds.append(PRODUCTS / seconds_of(first))
                ceilings.append(ceiling(pictures, PRODUCTS, recipe.encoder, cores))
                say(f"first run: {speeds[-1]:.1f} products a second, ceiling {ceilings[-1]:.1f}")
            log_of(address)
            second = finished(app, runs.start(app, viewer, frame_id))
            log = log_of(address)
            check_second(second, log)
            say(f"second run: {PRODUCTS / seconds_of(second):.1f} checks a second")
            delays = watched_run(app, viewer, frame_id, recipe) if BROWSER else []
            if delays:
                say(f"progress: {len(delays)} updates seen, median {statistics.median(delays):.0f} ms")
            app.database.dispose()
    result = {
        "products_per_second": round(statistics.median(speeds), 1),
        "progress_p95_ms": round(statistics.quantiles(delays, n=20)[-1]) if delays else None,
        **{name: round(peak) for name, peak in memory.peaks.items()},
        "second_run_checks_per_second": round(PRODUCTS / seconds_of(second), 1),
        "ceiling_products_per_second": round(statistics.median(ceilings), 1),
        "share_of_ceiling": round(statistics.median(map(truediv, speeds, ceilings)), 3),
    }
    print(json.dumps(result))


def say(line: str) -> None:
    """A line of the report."""
    print(line, flush=True)


def drawn_pictures() -> Path:
    """A folder of the drawn sources; drawn once per machine, since that takes a while."""
    folder = Path(tempfile.gettempdir()) / f"frameapp-bench-pictures-{os.getuid()}-1"
    if not folder.exists():
        say("drawing the source pictures, once")
        making = Path(tempfile.mkdtemp(prefix="frameapp-bench-drawing-"))
        for picture in sources():
            (making / picture.name).write_bytes(picture.data)
        making.rename(folder)
    return folder


def bench_settings(folder: Path, cores: int) -> Settings:
    """Settings of the measured application: a data folder and a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    allowed, secret = "127.0.0.0/8", "b" * 40
    return Settings(data_dir=folder, port=port, workers=cores, fetch_allow=allowed, secret=secret, _env_file=None)


@contextmanager
def host(pictures: Path, products: int = PRODUCTS) -> Iterator[str]:
    """The catalogue host's address."""
    command = [sys.executable, "-m", "benchmarks.host", str(pictures), str(products)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.stdin.close()
        process.wait(10)


@contextmanager
def served(settings: Settings) -> Iterator[int]:
    """``python -m frameapp serve`` until the end; the supervisor's process id once it is ready."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FRAMEAPP_", "REFLEX_"))}
    values = {"DATA_DIR": settings.data_dir, "PORT": settings.port, "WORKERS": settings.workers,
              "FETCH_ALLOW": settings.fetch_allow, "SECRET": settings.secret}  # fmt: skip
    environment = clean | {f"FRAMEAPP_{name}": str(value) for name, value in values.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "frameapp", "serve"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    try:
        for line in process.stdout:
            say(line.rstrip())
            if "ready" in line:
                break
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        logs = settings.data_path / "logs"
        if os.environ.get("KEEP_LOGS"):
            shutil.copytree(logs, os.environ["KEEP_LOGS"], dirs_exist_ok=True)


def project(app: Application, feed_address: str, number: int) -> tuple[Viewer, int, Recipe]:
    """A user with a placed frame of 1080 x 1080 pixels, JPEG out."""
    viewer = accounts.register(app, f"bench-{number}", "a long enough pass phrase")
    recipe = Recipe(Box(*BOX), encoder=Encoder())
    image = opaque_frame()
    key = f"private/frames/{digest_of(image)}.png"
    app.storage.put(key, image)
    with app.database.write() as session:
        feed = Feed(workspace_id=viewer.workspace_id, address=feed_address)
        session.add(feed)
        session.flush()
        frame = Frame(
            workspace_id=viewer.workspace_id, feed_id=feed.id, name="Bench", secret="secret", image_key=key,
            image_digest=digest_of(image), image_width=FRAME_SIDE, image_height=FRAME_SIDE,
            recipe=recipe.to_json(), placed=True,
        )  # fmt: skip
        session.add(frame)
        session.flush()
        return viewer, frame.id, recipe


def finished(app: Application, run_id: int) -> Run:
    """The run once it has ended."""
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        with app.database.read() as session:
            run = session.get_one(Run, run_id)
        if not RunState(run.state).active:
            return run
        time.sleep(0.5)  # its times are in the row; looking costs the processors that are measured
    raise TimeoutError(f"run {run_id} did not end: {run}")


def seconds_of(run: Run) -> float:
    """From the click to the end."""
    assert run.ended_at
    return (run.ended_at - run.created_at).total_seconds()


def log_of(address: str) -> dict[str, list[int]]:
    """What the host was asked since the last call."""
    with urllib.request.urlopen(f"{address}/log") as answer:  # noqa: S310
        log: dict[str, list[int]] = json.load(answer)
    return log


def check_second(run: Run, log: dict[str, list[int]]) -> None:
    """The proof: one request for the feed, one per picture, nothing decoded."""
    assert (run.unchanged, run.rendered, run.failed) == (PRODUCTS, 0, 0), run
    assert log.pop("/feed.xml") == [1, 0], "the feed answered 200, once"
    assert len(log) == PRODUCTS
    assert set(map(tuple, log.values())) == {(1, 1)}, "each picture's address was asked once"


def watched_run(app: Application, viewer: Viewer, frame_id: int, recipe: Recipe) -> list[float]:
    """Milliseconds from each commit to the page's DOM, over a run of another placement."""
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.recipe = replace(recipe, padding="#ffffff", box=replace(recipe.box, x=recipe.box.x + 1)).to_json()
    origin = f"http://localhost:{app.settings.port}"
    token = sessions.open_session(app, viewer)
    path = find_browser()
    assert path, "no Chromium: run python -m tests.browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": cookie_name(app.settings), "value": token, "url": origin}])
        page = context.new_page()
        page.goto(f"{origin}/frame_detail/{frame_id}")
        page.locator("#run-progress[data-active=false]").wait_for()
        runs.start(app, viewer, frame_id)
        delays = list(seen_delays(page))
        browser.close()
    return delays


def seen_delays(page: Page) -> Iterator[float]:
    """The delay of every version that the DOM shows, until the run is over."""
    card = page.locator("#run-progress")
    version, started = None, False
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        shown = card.get_attribute("data-version")
        now = time.time()
        committed = float(card.get_attribute("data-committed-at") or 0)
        active = card.get_attribute("data-active") == "true"
        if card.get_attribute("data-version") != shown:
            continue  # the page moved on while it was read
        started = started or active
        if started and shown != version:
            version = shown
            yield (now - committed) * 1000
        if started and not active:
            return
        time.sleep(0.005)
    raise TimeoutError("the page never showed the end of the run")


if __name__ == "__main__":
    main()
