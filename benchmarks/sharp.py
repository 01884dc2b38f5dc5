"""sharp under Node, driven by sharp-cli, so that no JavaScript is written here."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

from benchmarks.case import QUALITY, Case
from benchmarks.drawn import BOX, FRAME_SIDE, Drawn

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
        start = time.perf_counter()
        self._run(case, self.inputs[:1])
        middle = time.perf_counter()
        self._run(case, self.inputs)
        both = (time.perf_counter() - middle) - (middle - start)
        return both * 1000 / (len(self.inputs) - 1)

    def outputs(self, case: Case) -> list[bytes]:
        """The pictures of the last round of that case."""
        return [self._output(case, path.name).read_bytes() for path in self.inputs]

    def _output(self, case: Case, name: str) -> Path:
        return self.folder / case.name / f"{name}.{case.format.extension}"

    def _run(self, case: Case, inputs: list[Path]) -> None:
        frame, out = self.folder / f"{case.name}.tif", self._output(case, "{name}")
        if not frame.exists():
            Image.open(io.BytesIO(case.frame)).save(frame)
            out.parent.mkdir()
        quality = ["--quality", str(QUALITY)] if case.format.has_quality else []
        files = ["--input", *map(str, inputs), "--output", str(out)]
        line = [self.command, *files, "--format", case.format.name, "--autoOrient", *quality, *_steps(case, frame)]
        subprocess.run(line, check=True, env=_environment(), stdout=subprocess.DEVNULL)


def _steps(case: Case, frame: Path) -> list[str]:
    """Into the box, the box into the canvas, then the frame over it or under it."""
    clear = ["--background", "white" if case.above else "rgba(255,255,255,0)"]
    right, bottom = FRAME_SIDE - X - WIDTH, FRAME_SIDE - Y - HEIGHT
    return [
        *(("flatten", "white", "--") if case.above else ()),
        *("resize", str(WIDTH), str(HEIGHT), "--fit", "contain", *clear, "--"),
        *("extend", str(Y), str(bottom), str(X), str(right), *clear, "--"),
        *("composite", str(frame), "--blend", "over" if case.above else "dest-over"),
        *(("--", "removeAlpha") if case.format.alpha else ()),
    ]


def _environment() -> dict[str, str]:
    """One thread, and our own Node where there is no other."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    return {**os.environ, "PATH": path, "UV_THREADPOOL_SIZE": "1"}
