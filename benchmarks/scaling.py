"""What a second core brings: the ``render`` command beside decoding and encoding alone, for ``make bench-render``.

``python -m benchmarks.scaling`` runs both on one core and on two, in turn, ``ROUNDS`` (3) times: the command, from its
start to its end, over a feed of ``PRODUCTS`` (1,200) products; and as many processes as cores that only fetch the same
pictures, decode them scaled and encode a canvas. The pictures come from a host of their own, which shares the cores.
The last line is one JSON object: medians of seconds, both scalings, and what share of the codecs' the command reaches.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.ceiling import fastest_decoder
from benchmarks.core import decoders
from benchmarks.drawn import BOX, opaque_frame
from benchmarks.main import ROOT, drawn_pictures, host, say
from frameapp.core.design.recipe import Box, Encoder, Recipe
from frameapp.core.render import Framing, load_frame
from frameapp.core.render.encode import encode

PRODUCTS = int(os.environ.get("PRODUCTS", "1200"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CORES = (1, 2)


def main() -> None:
    """Measure, tell the rounds, print the JSON object."""
    pictures = drawn_pictures()
    decoder = fastest_decoder([path.read_bytes() for path in sorted(pictures.glob("*.jpg"))[:10]])
    every_core = sorted(os.sched_getaffinity(0))
    seconds: dict[tuple[str, int], list[float]] = {}
    for number in range(ROUNDS):
        for cores in CORES:
            os.sched_setaffinity(0, every_core[:cores])  # what is started from here on shares these cores
            with host(pictures, PRODUCTS) as address:
                seconds.setdefault(("render", cores), []).append(rendered(address))
                seconds.setdefault(("codecs", cores), []).append(coded(address, cores, decoder))
        told = {f"{name} on {cores}": round(times[-1], 2) for (name, cores), times in seconds.items()}
        say(f"round {number + 1}: {told} seconds")
    medians = {key: statistics.median(times) for key, times in seconds.items()}
    scaling = {
        name: [one / two for one, two in zip(seconds[name, 1], seconds[name, 2], strict=True)]
        for name in ("render", "codecs")
    }
    shares = [ours / theirs for ours, theirs in zip(scaling["render"], scaling["codecs"], strict=True)]
    result = {
        **{f"{name}_seconds_on_{cores}": round(value, 2) for (name, cores), value in medians.items()},
        **{f"{name}_scaling": round(statistics.median(values), 3) for name, values in scaling.items()},
        "share_of_codecs_scaling": round(statistics.median(shares), 3),
    }
    print(json.dumps(result))


def rendered(address: str) -> float:
    """Seconds of the whole command."""
    with tempfile.TemporaryDirectory(prefix="frameapp-bench-") as folder:
        frame = Path(folder) / "frame.png"
        frame.write_bytes(opaque_frame())
        command = [
            sys.executable, "-m", "frameapp", "render", "--feed", f"{address}/feed.xml", "--frame", str(frame),
            "--placement", ",".join(map(str, BOX)), "--out", f"{folder}/out",
        ]  # fmt: skip
        environment = os.environ | {"FRAMEAPP_FETCH_ALLOW": "127.0.0.0/8", "FRAMEAPP_DATA_DIR": f"{folder}/data"}
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - began


def coded(address: str, processes: int, decoder: str) -> float:
    """Seconds that so many processes take to start, to fetch, to decode and to encode."""
    context = multiprocessing.get_context("spawn")
    shares = [range(start, PRODUCTS, processes) for start in range(processes)]
    began = time.perf_counter()
    workers = [context.Process(target=_work, args=(address, decoder, share)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    return time.perf_counter() - began


def _work(address: str, decoder: str, numbers: range) -> None:
    decode, canvas = decoders()[decoder], None
    encoder = Encoder()
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    for number in numbers:
        connection.request("GET", f"/picture/{number}.jpg")
        data = connection.getresponse().read()
        decode(data)
        if canvas is None:
            framing = Framing(load_frame(opaque_frame()), Recipe(Box(*BOX), encoder=encoder))
            canvas = framing.canvas(data)[0]
        encode(canvas, encoder)


if __name__ == "__main__":
    main()
