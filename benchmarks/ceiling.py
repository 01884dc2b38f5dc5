"""What decoding and encoding alone reach on all cores: the ceiling of the whole application."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

from benchmarks.core import decoders
from benchmarks.drawn import BOX, opaque_frame
from frameapp.core.design.recipe import Box, Encoder, Recipe
from frameapp.core.render import Framing, load_frame
from frameapp.core.render.encode import encode

CANVASES = 8


def ceiling(folder: Path, count: int, encoder: Encoder, processes: int) -> float:
    """Products a second of the fastest scaled decode plus our encoder, ``count`` pictures in so many processes."""
    files = sorted(folder.glob("*.jpg"))
    name = fastest_decoder([path.read_bytes() for path in files[:10]])
    shares = [[files[n % len(files)] for n in range(start, count, processes)] for start in range(processes)]
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    done = context.Semaphore(0)
    workers = [context.Process(target=_work, args=(name, share, encoder, ready, go, done)) for share in shares]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    for _ in workers:
        done.acquire()
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join()
    return count / seconds


def fastest_decoder(pictures: list[bytes]) -> str:
    """Which of the decoders at hand takes the least time over these pictures."""
    times = {}
    for name, decode in decoders().items():
        began = time.perf_counter()
        for picture in pictures:
            decode(picture)
        times[name] = time.perf_counter() - began
    return min(times, key=lambda name: times[name])


def _work(name: str, files: list[Path], encoder: Encoder, ready, go, done) -> None:  # type: ignore[no-untyped-def]
    decode = decoders()[name]
    pictures = {path: path.read_bytes() for path in files}
    framing = Framing(load_frame(opaque_frame()), Recipe(Box(*BOX), encoder=encoder))
    canvases = [framing.canvas(pictures[path])[0] for path in files[:CANVASES]]
    ready.release()
    go.wait()
    for number, path in enumerate(files):
        decode(pictures[path])
        encode(canvases[number % len(canvases)], encoder)
    done.release()
