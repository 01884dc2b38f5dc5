"""What a picture costs: ours beside Pillow, libvips and sharp, on one thread, in one run.

``python -m benchmarks.core`` prints a table and, on its last line, a JSON list of ``{case, pipeline, ms_per_picture,
ssim, bytes}``. Environment: ``PICTURES`` (a folder of pictures instead of the drawn ones), ``ROUNDS`` (5), ``CASES``
(some of jpeg, jpeg-frame-above, png, webp), ``SHARP`` (the path of sharp-cli's command where it is not on the PATH).

Each case puts every picture, contained, into a 900 x 800 box of a 1080 x 1080 frame. Time is the median over rounds; in
a round each pipeline takes each picture once, one after the other. Frames are decoded beforehand, by sharp each time.
SSIM is the mean over the pictures, of the whole output against a reference by Pillow: all pixels decoded, LANCZOS, no
encoding. The floor is the fastest scaled decode of the pipelines at hand plus our encoder.
"""

from __future__ import annotations

import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

os.environ.update(dict.fromkeys(("VIPS_CONCURRENCY", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

from PIL import Image

from benchmarks.drawn import BOX, FRAME_SIDE, Drawn, frame_with_hole, opaque_frame, sources
from benchmarks.ssim import ssim
from frameapp.core.render import Box, Encoder, Format, Layer, Recipe, load_frame, render
from frameapp.core.render.compose import compose, smallest
from frameapp.core.render.encode import encode
from frameapp.core.render.geometry import contained
from frameapp.core.render.source import Source

X, Y, WIDTH, HEIGHT = BOX
QUALITY = 85

Pipeline = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Case:
    """One way of framing: which frame, on which side of the product, and what comes out."""

    name: str
    format: Format
    above: bool = False

    @property
    def frame(self) -> bytes:
        """The frame image as a file."""
        return frame_with_hole() if self.above else opaque_frame()

    @property
    def recipe(self) -> Recipe:
        """The case as our recipe."""
        layer = Layer.ABOVE if self.above else Layer.BELOW
        return Recipe(Box(*BOX), layer=layer, encoder=Encoder(self.format, QUALITY))


CASES = (
    Case("jpeg", Format.JPEG),
    Case("jpeg-frame-above", Format.JPEG, above=True),
    Case("png", Format.PNG),
    Case("webp", Format.WEBP),
)


@dataclass
class Row:
    """A line of the result."""

    case: str
    pipeline: str
    ms_per_picture: float
    ssim: float | None
    bytes: int | None


def target(width: int, height: int) -> tuple[int, int, int, int]:
    """Where a picture of that size lands: x, y, width, height."""
    w, h = contained(width, height, WIDTH, HEIGHT)
    return X + (WIDTH - w) // 2, Y + (HEIGHT - h) // 2, w, h


def ours(case: Case) -> Pipeline:
    """The core's render function."""
    frame, recipe = load_frame(case.frame), case.recipe
    return lambda data: render(data, frame, recipe).data


def pillow(case: Case) -> Pipeline:
    """Pillow, straight: draft, LANCZOS, paste, save."""
    frame = Image.open(io.BytesIO(case.frame))
    frame.load()
    save = {"quality": QUALITY} if case.format is not Format.PNG else {}

    def run(data: bytes) -> bytes:
        image = Image.open(io.BytesIO(data))
        x, y, w, h = target(*image.size)
        image.draft("RGB", (w, h))
        canvas = pillow_canvas(image.convert("RGB").resize((w, h), Image.Resampling.LANCZOS), (x, y), frame, case)
        out = io.BytesIO()
        canvas.save(out, case.format.value, **save)
        return out.getvalue()

    return run


def pillow_canvas(product: Image.Image, place: tuple[int, int], frame: Image.Image, case: Case) -> Image.Image:
    """The product and the frame on one canvas."""
    canvas = Image.new("RGB", frame.size, "white") if case.above else frame.copy()
    canvas.paste(product, place)
    if case.above:
        canvas.paste(frame, (0, 0), frame)
    return canvas


def libvips(case: Case) -> Pipeline:
    """libvips through pyvips: thumbnail, insert, save."""
    import pyvips  # type: ignore[import-untyped]

    pyvips.cache_set_max(0)
    frame = pyvips.Image.new_from_buffer(case.frame, "").copy_memory()
    white = (pyvips.Image.black(FRAME_SIDE, FRAME_SIDE, bands=3) + 255).cast("uchar").copy(interpretation="srgb")
    white = white.copy_memory()

    def run(data: bytes) -> bytes:
        image = pyvips.Image.thumbnail_buffer(data, WIDTH, height=HEIGHT)
        x, y = X + (WIDTH - image.width) // 2, Y + (HEIGHT - image.height) // 2
        if case.above:
            image = white.insert(image, x, y).composite2(frame, "over").flatten()
        else:
            image = frame.insert(image, x, y)
        match case.format:
            case Format.JPEG:
                return bytes(image.jpegsave_buffer(Q=QUALITY))
            case Format.WEBP:
                return bytes(image.webpsave_buffer(Q=QUALITY))
            case Format.PNG:
                return bytes(image.pngsave_buffer())

    return run


class Sharp:
    """sharp under Node, by sharp-cli: one process a round; what an almost empty round costs is taken off."""

    def __init__(self, command: str, pictures: list[Drawn], folder: Path) -> None:
        self.command, self.folder = command, folder
        self.inputs = [folder / "in" / f"{number:03d}.jpg" for number in range(len(pictures))]
        (folder / "in").mkdir()
        for path, picture in zip(self.inputs, pictures, strict=True):
            path.write_bytes(picture.data)

    def round(self, case: Case) -> float:
        """Milliseconds a picture."""
        few = self.inputs[:1]
        start = time.perf_counter()
        self._run(case, few)
        middle = time.perf_counter()
        self._run(case, self.inputs)
        both = (time.perf_counter() - middle) - (middle - start)
        return both * 1000 / (len(self.inputs) - len(few))

    def outputs(self, case: Case) -> list[bytes]:
        """The pictures of the last round of that case."""
        return [next((self.folder / case.name).glob(f"{path.stem}.*")).read_bytes() for path in self.inputs]

    def _run(self, case: Case, inputs: list[Path]) -> None:
        frame, out = self.folder / f"{case.name}.png", self.folder / case.name
        frame.write_bytes(case.frame)
        out.mkdir(exist_ok=True)
        clear = ["--background", "rgba(255,255,255,0)" if not case.above else "white"]
        right, bottom = FRAME_SIDE - X - WIDTH, FRAME_SIDE - Y - HEIGHT
        quality = [] if case.format is Format.PNG else ["--quality", str(QUALITY)]
        command = [
            *(
                self.command,
                "--input",
                *map(str, inputs),
                "--output",
                str(out),
                "--format",
                case.format.value,
                *quality,
            ),
            *("resize", str(WIDTH), str(HEIGHT), "--fit", "contain", *clear, "--"),
            *("extend", str(Y), str(bottom), str(X), str(right), *clear, "--"),
            *("composite", str(frame), "--blend", "over" if case.above else "dest-over"),
            *(("--", "removeAlpha") if case.format is not Format.JPEG else ()),
        ]
        environment = {**os.environ, "UV_THREADPOOL_SIZE": "1"}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def reference(case: Case, data: bytes) -> Image.Image:
    """What the case looks like with all pixels decoded, LANCZOS and no encoding."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    x, y, w, h = target(*image.size)
    frame = Image.open(io.BytesIO(case.frame))
    return pillow_canvas(image.resize((w, h), Image.Resampling.LANCZOS), (x, y), frame, case)


def decoders() -> dict[str, Callable[[bytes], object]]:
    """Scaled decoding alone, by each pipeline at hand."""
    recipe = CASES[0].recipe

    def by_pillow(data: bytes) -> Image.Image:
        image = Image.open(io.BytesIO(data))
        image.draft("RGB", target(*image.size)[2:])
        image.load()
        return image

    def by_libvips(data: bytes) -> object:
        import pyvips

        opened = pyvips.Image.new_from_buffer(data, "", access="sequential")
        _, _, w, h = target(opened.width, opened.height)
        shrink = next(s for s in (8, 4, 2, 1) if s == 1 or (opened.width // s >= w and opened.height // s >= h))
        options = {"shrink": shrink} if shrink > 1 else {}
        return pyvips.Image.new_from_buffer(data, "", access="sequential", **options).copy_memory()

    found: dict[str, Callable[[bytes], object]] = {
        "ours": lambda data: Source(data).decode(lambda width, height: smallest(width, height, recipe)),
        "pillow": by_pillow,
    }
    return {**found, "libvips": by_libvips} if has_pyvips() else found


def has_pyvips() -> bool:
    """Whether pyvips and its library are at hand."""
    try:
        import pyvips  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def measure(case: Case, pictures: list[Drawn], rounds: int, sharp: Sharp | None) -> list[Row]:
    """The rows of one case, the floor after the pipelines."""
    pipelines = {"ours": ours(case), "pillow": pillow(case)}
    if has_pyvips():
        pipelines["pyvips"] = libvips(case)
    made = {name: [run(picture.data) for picture in pictures] for name, run in pipelines.items()}
    steps: dict[str, Callable[[int], object]] = {
        name: lambda number, run=run: run(pictures[number].data)  # type: ignore[misc]
        for name, run in pipelines.items()
    }
    steps |= {
        f"decode {name}": lambda number, run=run: run(pictures[number].data)  # type: ignore[misc]
        for name, run in decoders().items()
    }
    steps["encode"] = encoding(case, pictures)
    times: dict[str, list[float]] = {name: [] for name in [*steps, *(["sharp"] if sharp else [])]}
    for _ in range(rounds):
        spent = dict.fromkeys(steps, 0.0)
        for number in range(len(pictures)):
            for name, step in steps.items():
                start = time.perf_counter()
                step(number)
                spent[name] += time.perf_counter() - start
        for name, seconds in spent.items():
            times[name].append(seconds * 1000 / len(pictures))
        if sharp:
            times["sharp"].append(sharp.round(case))
    if sharp:
        made["sharp"] = sharp.outputs(case)
    middle = {name: statistics.median(values) for name, values in times.items()}
    truths = [reference(case, picture.data) for picture in pictures]
    rows = [Row(case.name, name, round(middle[name], 2), *_judged(files, truths)) for name, files in made.items()]
    fastest = min(value for name, value in middle.items() if name.startswith("decode "))
    return [*rows, Row(case.name, "floor", round(fastest + middle["encode"], 2), None, None)]


def encoding(case: Case, pictures: list[Drawn]) -> Callable[[int], object]:
    """Our encoder alone, over the finished canvases."""
    frame, recipe = load_frame(case.frame), case.recipe
    canvases = [compose(Source(picture.data).decode(), frame, recipe) for picture in pictures]
    return lambda number: encode(canvases[number][0], recipe.encoder, transparent=canvases[number][1])


def _judged(files: list[bytes], truths: list[Image.Image]) -> tuple[float, int]:
    alike = [ssim(Image.open(io.BytesIO(data)), truth) for data, truth in zip(files, truths, strict=True)]
    return round(statistics.fmean(alike), 5), round(statistics.fmean(map(len, files)))


def pictures_of(folder: str) -> list[Drawn]:
    """The pictures in a folder, or the drawn ones."""
    if not folder:
        return sources()
    return [Drawn(path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir()) if path.is_file()]


def versions(sharp: str | None) -> str:
    """What was measured with what."""
    names = ["Pillow", "numpy", "simplejpeg", "cykooz-resizer", "zlib-ng"]
    parts = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)]
    if has_pyvips():
        import pyvips

        library = ".".join(str(pyvips.version(part)) for part in range(3))
        parts.append(f"pyvips {version('pyvips')} (libvips {library})")
    if sharp:
        package = Path(sharp).resolve().parents[2] / "sharp" / "package.json"
        found = f"sharp {json.loads(package.read_text())['version']}" if package.is_file() else "sharp"
        command = subprocess.run([sharp, "--version"], capture_output=True, text=True, check=True)
        parts.append(f"{found} (sharp-cli {command.stdout.strip()})")
    return ", ".join(parts)


def main() -> None:
    """Measures all cases and prints them."""
    if hasattr(os, "sched_setaffinity"):  # one processor for all, for libraries with threads of their own too
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pictures = pictures_of(os.environ.get("PICTURES", ""))
    rounds = int(os.environ.get("ROUNDS", "5"))
    command = os.environ.get("SHARP") or shutil.which("sharp")
    print(versions(command))
    print(f"{len(pictures)} pictures, {rounds} rounds")
    rows: list[Row] = []
    wanted = os.environ.get("CASES", "").replace(",", " ").split()
    for case in CASES:
        if wanted and case.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            sharp = Sharp(command, pictures, Path(folder)) if command else None
            rows += measure(case, pictures, rounds, sharp)
        for row in rows:
            if row.case == case.name:
                alike = f"SSIM {row.ssim:.5f}, {row.bytes:7} bytes" if row.ssim is not None else ""
                print(f"{row.case:18}{row.pipeline:10}{row.ms_per_picture:9.2f} ms  {alike}", flush=True)
    print(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
