"""What a picture costs: ours beside Pillow, libvips and sharp, on one thread, in one run.

``python -m benchmarks.core`` prints the versions, a line for each pipeline of each case, each target with the figure
and whether it holds, and on its last line a JSON list of ``{case, pipeline, ms_per_picture, ssim, bytes}``.
Environment: ``PICTURES`` (a folder of pictures instead of the drawn ones), ``ROUNDS`` (5), ``CASES`` (some of jpeg,
jpeg-frame-above, png, webp, design, design-3-sizes), ``SHARP`` (the folder where sharp-cli was installed, or its
command), ``SHEETS`` (a folder for pictures of the design by all pipelines side by side).

Each case puts every picture, contained, into a 900 x 800 box of a 1080 x 1080 frame. Time is the median over rounds; in
a round each pipeline takes each picture once, one after the other. Frames are decoded beforehand; sharp reads them from
a file without compression. SSIM is the mean over the pictures, of the whole output against a reference by Pillow: all
pixels decoded, LANCZOS, no encoding. The floor is the fastest scaled decode of the pipelines at hand plus our encoder.

The designs lay a price bar, texts and a logo on that (``offer.py``), with other texts for each picture of each round.
What evaluating a product's fields costs is a row of its own, ``values``; a peer's ``text`` is the SSIM of its bar and
pill beside ours. pyvips draws the design in two ways, sharp with one product's texts in each run of sharp-cli.
"""

from __future__ import annotations

import io
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

os.environ.update(dict.fromkeys(("VIPS_CONCURRENCY", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

from PIL import Image, JpegImagePlugin

from benchmarks import libvips, offer, sharp, straight, typeset
from benchmarks.case import CASES, MAIN, Case
from benchmarks.drawn import Drawn, sources
from benchmarks.offer import BAR, OFFERS, ONE, TEXTS, OfferCase
from benchmarks.sharp import Sharp
from benchmarks.ssim import ssim
from benchmarks.targets import Row, verdicts
from frameapp.core.design.content import MAIN_PICTURE
from frameapp.core.render import Framing, load_frame
from frameapp.core.render.designs import DesignRenderer
from frameapp.core.render.encode import encode
from frameapp.core.render.facts import Rendered
from frameapp.core.render.geometry import contained
from frameapp.core.render.source import Source
from frameapp.core.render.steps.scene import Assets

Pipeline = Callable[[bytes], bytes]
OfferPeer = Callable[[bytes, Mapping[str, str]], bytes]

_CHROMA = {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}


def ours(case: Case) -> Pipeline:
    """The core's render function."""
    framing = Framing(load_frame(case.frame), case.recipe)
    return lambda data: framing.render(data).data


def pipelines(case: Case) -> dict[str, Pipeline]:
    """The pipelines that run in this process."""
    found = {"ours": ours(case), "pillow": straight.pillow(case)}
    return {**found, "pyvips": libvips.libvips(case)} if libvips.at_hand() else found


def decoders() -> dict[str, Callable[[bytes], object]]:
    """Scaled decoding alone, by each pipeline at hand."""
    box = MAIN.recipe.box
    found: dict[str, Callable[[bytes], object]] = {
        "ours": lambda data: Source(data).decode(lambda width, height: contained(width, height, box.width, box.height)),
        "pillow": straight.decode,
    }
    return {**found, "libvips": libvips.decode} if libvips.at_hand() else found


def encoding(case: Case, pictures: list[Drawn]) -> Callable[[int], object]:
    """Our encoder alone, over the finished canvases."""
    framing = Framing(load_frame(case.frame), case.recipe)
    canvases = [framing.canvas(picture.data) for picture in pictures]

    def run(number: int) -> object:
        canvas, transparent = canvases[number % len(canvases)]
        return encode(canvas, case.recipe.encoder, transparent=transparent)

    return run


def measure(case: Case, pictures: list[Drawn], rounds: int, node: Sharp | None) -> list[Row]:
    """The rows of one case, the floor after the pipelines."""
    runs = pipelines(case)
    made = {name: [run(picture.data) for picture in pictures] for name, run in runs.items()}
    by_sharp = (lambda: node.round(case)) if node else None
    times = timed(steps(runs, case, pictures), len(pictures), rounds, by_sharp)
    if node:
        made["sharp"] = node.outputs(case)
    middle = {name: statistics.median(values) for name, values in times.items()}
    truths = [straight.reference(case, picture.data) for picture in pictures]
    rows = [Row(case.name, name, round(middle[name], 2), *_judged(files, truths)) for name, files in made.items()]
    fastest = min(value for name, value in middle.items() if name.startswith("decode "))
    return [*rows, Row(case.name, "floor", round(fastest + middle["encode"], 2))]


def steps(runs: dict[str, Pipeline], case: Case, pictures: list[Drawn]) -> dict[str, Callable[[int], object]]:
    """What is timed, by the number of the step: the pipelines, each decode, our encoder."""
    over_bytes: dict[str, Callable[[bytes], object]] = {
        **runs,
        **{f"decode {name}": run for name, run in decoders().items()},
    }
    found: dict[str, Callable[[int], object]] = {
        name: lambda number, run=run: run(pictures[number % len(pictures)].data)  # type: ignore[misc]
        for name, run in over_bytes.items()
    }
    return {**found, "encode": encoding(case, pictures)}


def timed(
    steps: dict[str, Callable[[int], object]], count: int, rounds: int, by_sharp: Callable[[], float] | None
) -> dict[str, list[float]]:
    """Milliseconds a picture of each step in each round, the steps in turn on each picture.

    Steps are given running numbers from ``count`` on, so that each call can have texts of its own.
    """
    times: dict[str, list[float]] = {name: [] for name in [*steps, *(["sharp"] if by_sharp else [])]}
    for turn in range(1, rounds + 1):
        spent = dict.fromkeys(steps, 0.0)
        for number in range(count):
            for name, step in steps.items():
                start = time.perf_counter()
                step(turn * count + number)
                spent[name] += time.perf_counter() - start
        for name, seconds in spent.items():
            times[name].append(seconds * 1000 / count)
        if by_sharp:
            times["sharp"].append(by_sharp())
    return times


def measure_offer(case: OfferCase, pictures: list[Drawn], rounds: int, node: Sharp | None) -> list[Row]:
    """The rows of one design; peers draw the one in one size."""
    of, count = offer.design(case), len(pictures)
    contents = [offer.content(number, of) for number in range(count * (rounds + 1))]
    renderer = DesignRenderer(of, Assets(offer.assets()))

    def ours(number: int) -> list[bytes]:
        made = renderer.render({MAIN_PICTURE: pictures[number % count].data}, contents[number])
        return [one.data for one in made.values() if isinstance(one, Rendered)]

    def drawn(peer: OfferPeer) -> Callable[[int], bytes]:
        return lambda number: peer(pictures[number % count].data, contents[number].texts)

    runs = {name: drawn(peer) for name, peer in offer_peers().items()} if case is ONE else {}
    made = {name: [run(number) for number in range(count)] for name, run in runs.items()}
    first = [ours(number)[0] for number in range(count)]
    texts = [one.texts for one in contents[:count]]
    by_sharp = (lambda: node.offer_round(texts[:2])) if node and case is ONE else None
    values = {"values": lambda number: offer.content(number, of)}
    times = timed({"ours": ours, **runs, **values}, count, rounds, by_sharp)
    if node and by_sharp:
        made["sharp"] = node.offers(texts)
    middle = {name: round(statistics.median(found), 2) for name, found in times.items()}
    truths = [straight.offer_reference(picture.data, found) for picture, found in zip(pictures, texts, strict=True)]
    rows = [Row(case.name, "ours", middle.pop("ours"), *_judged(first, truths))]
    for name, files in made.items():
        rows.append(Row(case.name, name, middle.pop(name), *_judged(files, truths), text=_texts_alike(files, first)))
    if case is ONE and os.environ.get("SHEETS"):
        write_sheets(Path(os.environ["SHEETS"]), {"ours": first, **made})
    return [*rows, *(Row(case.name, name, value) for name, value in middle.items())]


def offer_peers() -> dict[str, OfferPeer]:
    """The peers that run in this process."""
    found: dict[str, OfferPeer] = {"pillow": straight.offer()}
    if libvips.at_hand():
        vips = libvips.Offer()
        found |= {"pyvips": vips.composited, "pyvips-tiles": vips.tiled}
    return found


def _texts_alike(files: list[bytes], ours: list[bytes]) -> float:
    """The mean SSIM of the bar and of the discount's box, whether there is one or not."""
    boxes = [BAR, *(text.box for text in TEXTS if text.pill)]
    alike = [
        ssim(Image.open(io.BytesIO(one)).crop(area), Image.open(io.BytesIO(other)).crop(area))
        for one, other in zip(files, ours, strict=True)
        for x, y, width, height in boxes
        for area in [(x, y, x + width, y + height)]
    ]
    return round(statistics.fmean(alike), 4)


def write_sheets(folder: Path, made: dict[str, list[bytes]], count: int = 8) -> None:
    """The first pictures, those of all pipelines side by side, for the eye."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(min(count, *map(len, made.values()))):
        images = [Image.open(io.BytesIO(files[number])) for files in made.values()]
        sheet = Image.new("RGB", (sum(image.width for image in images), images[0].height))
        for at, image in enumerate(images):
            sheet.paste(image, (sum(one.width for one in images[:at]), 0))
        sheet.save(folder / f"{number:02d}-{'-'.join(made)}.png")


def _judged(files: list[bytes], truths: list[Image.Image]) -> tuple[float, int, str]:
    """Mean SSIM, mean bytes, chroma subsampling."""
    alike = [ssim(Image.open(io.BytesIO(data)), truth) for data, truth in zip(files, truths, strict=True)]
    chroma = " and ".join(sorted({chroma_of(data) for data in files}))
    return round(statistics.fmean(alike), 5), round(statistics.fmean(map(len, files))), chroma


def chroma_of(data: bytes) -> str:
    """A JPEG's chroma subsampling as ``4:2:0``; empty for PNG, which has none, and for WebP, which has one alone."""
    image = Image.open(io.BytesIO(data))
    if image.format != "JPEG":
        return ""
    return _CHROMA.get(JpegImagePlugin.get_sampling(image), "other")


def pictures_of(folder: str) -> list[Drawn]:
    """The pictures in a folder, or the drawn ones. What one of the pipelines refuses is left out, and said."""
    if not folder:
        return sources()
    files = [Drawn(path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir()) if path.is_file()]
    refused = {file.name: reason for file in files if (reason := refusal(file.data))}
    for name, reason in refused.items():
        print(f"left out: {name} ({reason})")
    found = [file for file in files if file.name not in refused]
    if not found:
        sys.exit(f"There are no pictures in {folder}.")
    return found if len(found) > 1 else found * 2  # sharp's time is told from rounds over one and over all


def refusal(data: bytes) -> str:
    """Which pipeline cannot take the picture; empty where all can."""
    for name, run in pipelines(MAIN).items():
        try:
            run(data)
        except Exception as error:  # whatever a peer raises on a stranger's file
            return f"{name}: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
    return ""


def versions(node: str | None) -> str:
    """What was measured with what."""
    names = ["Pillow", "numpy", "simplejpeg", "cykooz-resizer", "zlib-ng"]
    parts = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)]
    parts += [libvips.versions()] if libvips.at_hand() else []
    parts += [sharp.versions(node)] if node else []
    return ", ".join(parts)


def main() -> None:
    """Measures all cases and prints them."""
    if hasattr(os, "sched_setaffinity"):  # one processor for all, for libraries with threads of their own too
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    fonts = tempfile.TemporaryDirectory()
    os.environ["FONTCONFIG_FILE"] = str(typeset.font_settings(Path(fonts.name)))
    node = sharp.command()
    print(versions(node))
    if not libvips.at_hand():
        print("pyvips is not measured: `pip install pyvips[binary]` brings it.")
    if not node:
        print(sharp.MISSING)
    pictures = pictures_of(os.environ.get("PICTURES", ""))
    rounds = int(os.environ.get("ROUNDS", "5"))
    print(f"{len(pictures)} pictures, {rounds} rounds", flush=True)
    wanted = os.environ.get("CASES", "").replace(",", " ").split()
    rows: list[Row] = []
    for case in (*CASES, *OFFERS):
        if wanted and case.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            peer = Sharp(node, pictures, Path(folder)) if node else None
            if isinstance(case, OfferCase):
                of_case = measure_offer(case, pictures, rounds, peer)
            else:
                of_case = measure(case, pictures, rounds, peer)
        print(*of_case, sep="\n", flush=True)
        rows += of_case
    print("targets", *verdicts(rows), sep="\n")
    print(json.dumps([row.to_json() for row in rows]))


if __name__ == "__main__":
    main()
