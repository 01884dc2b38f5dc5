"""sharp under Node, driven by sharp-cli, so that no JavaScript is written here."""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image

from benchmarks import typeset
from benchmarks.case import QUALITY, Case
from benchmarks.drawn import BOX, FRAME_SIDE, Drawn
from benchmarks.offer import BAR
from benchmarks.straight import branded

Texts = Mapping[str, str]

X, Y, WIDTH, HEIGHT = BOX
MISSING = (
    "sharp is not measured: `npm install sharp-cli` in some folder, outside this one, and say SHARP=that/folder"
    " (npm is in .venv/bin)"
)


def command() -> str | None:
    """sharp-cli's command: in the folder SHARP, SHARP itself, or on the PATH; None where it is nowhere."""
    told = os.environ.get("SHARP", "")
    if not told:
        return shutil.which("sharp")
    found = Path(told) / "node_modules" / ".bin" / "sharp" if Path(told).is_dir() else Path(told)
    if not found.is_file():
        sys.exit(f"SHARP={told} has no sharp-cli: `npm install sharp-cli` there.")
    return str(found.absolute())


def versions(command: str) -> str:
    """Which sharp, which libvips it brought along, and which sharp-cli."""
    modules = Path(command).resolve().parents[2]
    name = json.loads((modules / "sharp" / "package.json").read_text())["version"]
    brought = [json.loads(path.read_text())["version"] for path in modules.glob("@img/sharp-libvips-*/package.json")]
    told = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, env=_environment())
    libraries = f"libvips package {brought[0]}, " if brought else ""
    return f"sharp {name} ({libraries}sharp-cli {told.stdout.strip()})"


class Sharp:
    """One process a round; what a round over one picture costs is taken off.

    sharp-cli lays the frame on the product, all of the canvas blended; a program of one's own could lay the product on
    the frame, in less time.

    The frame lies there as a TIFF without compression, so that reading it anew for each picture costs next to nothing.
    """

    def __init__(self, command: str, pictures: list[Drawn], folder: Path) -> None:
        """``folder`` is an empty one to work in; at least two pictures."""
        self.command, self.folder = command, folder
        self.inputs = [folder / "in" / f"{number:05d}" for number in range(len(pictures))]
        (folder / "in").mkdir()
        for path, picture in zip(self.inputs, pictures, strict=True):
            path.write_bytes(picture.data)

    def round(self, case: Case) -> float:
        """Milliseconds a picture."""
        return self._cost(lambda inputs: self._run(case, inputs))

    def outputs(self, case: Case) -> list[bytes]:
        """The pictures of the last round of that case."""
        return [self._output(case.name, case.format.extension, path.name).read_bytes() for path in self.inputs]

    def offer_round(self, texts: list[Texts]) -> float:
        """Milliseconds a picture, with each of these products' texts on all of them: sharp-cli takes one SVG a run."""
        return statistics.fmean(self._cost(lambda inputs, of=of: self._run_offer(of, inputs)) for of in texts)  # type: ignore[misc]

    def offers(self, texts: list[Texts]) -> list[bytes]:
        """Each picture with the texts of its product."""
        for of, path in zip(texts, self.inputs, strict=True):
            self._run_offer(of, [path])
        return [self._output("offer", "jpg", path.name).read_bytes() for path in self.inputs]

    def _cost(self, run: Callable[[list[Path]], None]) -> float:
        start = time.perf_counter()
        run(self.inputs[:1])
        middle = time.perf_counter()
        run(self.inputs)
        both = (time.perf_counter() - middle) - (middle - start)
        return both * 1000 / (len(self.inputs) - 1)

    def _output(self, folder: str, extension: str, name: str) -> Path:
        return self.folder / folder / f"{name}.{extension}"

    def _run(self, case: Case, inputs: list[Path]) -> None:
        frame = self.folder / f"frame-{case.name}.tiff"
        if not frame.exists():
            Image.open(io.BytesIO(case.frame)).save(frame)
        quality = ["--quality", str(QUALITY)] if case.format.has_quality else []
        options = ["--format", case.format.name, *quality]
        self._call(inputs, self._output(case.name, case.format.extension, "{name}"), options, _steps(case, frame))

    def _run_offer(self, texts: Texts, inputs: list[Path]) -> None:
        """One ``composite``: the frame image below, then an SVG of the bar with its texts, then one of the pill."""
        frame = self.folder / "frame-offer.tiff"
        if not frame.exists():
            branded().save(frame)
        found = list(typeset.fitted(texts))
        overlays = [("dest-over", frame, (0, 0))]
        for one in [None, *(one for one in found if one.pill)]:
            box = BAR if one is None or one.pill is None else one.pill
            shown = [low for low in found if not low.pill] if one is None else [one]
            path = self.folder / ("bar.svg" if one is None else "pill.svg")
            path.write_bytes(typeset.svg(shown, box, bar=one is None))
            overlays.append(("over", path, box[:2]))
        places = [
            part for blend, _, (x, y) in overlays for part in ("--blend", blend, "--left", str(x), "--top", str(y))
        ]
        layers = ["composite", *(str(path) for _, path, _ in overlays), *places, "--", "removeAlpha"]
        options = ["--format", "jpeg", "--quality", str(QUALITY)]
        self._call(inputs, self._output("offer", "jpg", "{name}"), options, [*_placed(_CLEAR), *layers])

    def _call(self, inputs: list[Path], out: Path, options: list[str], steps: list[str]) -> None:
        out.parent.mkdir(exist_ok=True)
        files = ["--input", *map(str, inputs), "--output", str(out)]
        line = [self.command, *files, *options, "--autoOrient", *steps]
        subprocess.run(line, check=True, env=_environment(), stdout=subprocess.DEVNULL)


_CLEAR = "rgba(255,255,255,0)"


def _placed(clear: str) -> list[str]:
    """Into the box, and the box into the canvas."""
    right, bottom = FRAME_SIDE - X - WIDTH, FRAME_SIDE - Y - HEIGHT
    return [
        *("resize", str(WIDTH), str(HEIGHT), "--fit", "contain", "--background", clear, "--"),
        *("extend", str(Y), str(bottom), str(X), str(right), "--background", clear, "--"),
    ]


def _steps(case: Case, frame: Path) -> list[str]:
    """The product placed, then the frame over it or under it."""
    return [
        *(("flatten", "white", "--") if case.above else ()),
        *_placed("white" if case.above else _CLEAR),
        *("composite", str(frame), "--blend", "over" if case.above else "dest-over"),
        *(("--", "removeAlpha") if case.format.alpha else ()),
    ]


def _environment() -> dict[str, str]:
    """One thread, and our own Node where there is no other."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    return {**os.environ, "PATH": path, "UV_THREADPOOL_SIZE": "1"}
