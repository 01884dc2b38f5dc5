"""render a feed into a folder, on all cores, without a server"""

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from frameapp.adapters.fetch_order import web_address
from frameapp.adapters.render_process import Renderer
from frameapp.commands.design_file import add_market, counted, design_file, market_of, unknown_fields
from frameapp.commands.feed_file import opened_feed
from frameapp.core.design.recipe import Anchor, Box, Encoder, Fit, Layer, Recipe, check
from frameapp.core.design.stored import StoredDesign
from frameapp.core.feeds import FeedReader, FeedReport, summarise
from frameapp.core.feeds.links import absolute
from frameapp.core.keys import digest_of
from frameapp.core.render import FrameFacts, formats
from frameapp.core.values import inputs
from frameapp.errors import AddressRefused, Invalid
from frameapp.services.offline import (
    MANIFEST,
    Job,
    Row,
    State,
    Team,
    remove_unfinished,
    replaced_feed,
    rows,
    write_manifest,
    written_whole,
)
from frameapp.settings import Settings

AUTO = "auto"
FAILURES_TOLD = 5
SERVE_AS = "Only the response header gives the feed's encoding, {0}: serve the new feed with charset={0} too."
Choice = TypeVar("Choice", bound=StrEnum)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add("--feed", required=True, metavar="FILE|URL", help="a file, or an address on http or https")
    add("--design", metavar="FILE", type=Path, help="a design: a .frame file, a folder, or a design.json")
    add("--frame", metavar="IMAGE", type=Path,
        help=f"without a design, the frame image: {formats.listed(formats.frame_images())}")  # fmt: skip
    add("--placement", metavar="X,Y,W,H", type=_box, help="and the product box in frame image pixels")
    add("--fit", choices=_values(Fit), default=Fit.CONTAIN, help="default: %(default)s")
    add("--anchor", choices=_values(Anchor), default=Anchor.CENTER, help="default: %(default)s")
    add("--layer", choices=[*_values(Layer), AUTO], default=AUTO,
        help="place of the frame image; auto: above the product if it has a transparent window")  # fmt: skip
    add("--padding", metavar="COLOUR", default="", help="fills the rest of the product box, such as #ffffff")
    add("--trim", action="store_true", help="trim white and transparent borders from the pictures first")
    add("--format", choices=[known.name for known in formats.outputs()], default=formats.JPEG.name,
        help="default: %(default)s")  # fmt: skip
    add("--quality", metavar="N", type=int, default=Encoder().quality, help="1 to 100; default: %(default)s")
    add("--size", metavar="WxH|KEY", action="append", default=[],
        help="output size, 0 for a side that keeps the proportions; or sizes of the design")  # fmt: skip
    add_market(parser)
    add("--base-url", metavar="URL", type=_base_url, help="where DIR will be served; writes the feed with these links")
    add("--out", required=True, metavar="DIR", type=Path, help="the folder for pictures, manifest.csv and feed")
    add("--json", action="store_true", help="print the report as one JSON object")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Render the feed; 1 where some products were not rendered or read. Raises FrameappError for what to fix."""
    began = time.monotonic()
    job, fields = _of_design(settings, options) if options.design else (_of_frame(settings, options), ())
    with opened_feed(settings, options.feed) as (file, address, charset):
        start = file.tell()
        reader = FeedReader(file, base_url=address, charset=charset)
        report = summarise(reader)
        if options.base_url:
            reader.check_rewritable()
        feed = job.folder / f"feed.{reader.format.extension}"
        _keep(file, job.folder / MANIFEST, *[feed] * bool(options.base_url))
        with _writable(job.folder):
            for size in job.sizes:
                (job.folder / job.pictures_of(size)).mkdir(parents=True, exist_ok=True)
            file.seek(start)
            found = FeedReader(file, base_url=address, charset=charset)
            counts, failures, notes = _rendered(job, found, report, inputs(fields))
            if options.base_url:
                file.seek(start)
                with written_whole(feed) as out:
                    replaced_feed(
                        file,
                        out,
                        job.folder / MANIFEST,
                        feed_address=address,
                        base_url=options.base_url,
                        charset=charset,
                        size=job.sizes[0],
                    )
    seconds = time.monotonic() - began
    told = {
        "products": report.entries,
        "pictures": counts.total(),
        **{state.value: counts[state] for state in State},
        "seconds": round(seconds, 2),
        "products_per_second": round(counts[State.DONE] / len(job.sizes) / seconds, 1),
        "manifest": str(job.folder / MANIFEST),
        "feed": str(feed) if options.base_url else None,
        "warnings": [
            *report.warnings,
            *[SERVE_AS.format(charset)] * (bool(options.base_url) and reader.decoder.labelled),
            *unknown_fields(fields, report.fields),
            *counted(notes),
        ],
        "failures": [{"product_id": row.product_id, "reason": row.reason} for row in failures],
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) if options.json else as_text(told))
    sys.stdout.write("\n")
    return 0 if counts[State.DONE] == counts.total() and not reader.lost else 1


def as_text(told: dict[str, Any]) -> str:
    """The result for a person at a terminal."""
    lines = [
        f"Rendered    {told['done']:,} of {told['pictures']:,} pictures of {told['products']:,} products "
        f"in {told['seconds']:,} s, {told['products_per_second']:,} products a second",
        f"Manifest    {told['manifest']}",
    ]
    if told["feed"]:
        lines.append(f"Feed        {told['feed']}")
    lines += (f"Warning     {warning}" for warning in told["warnings"])
    if told["repeated"]:
        lines.append(f"Repeated    {told['repeated']:,}, not rendered: only the first product with an id counts")
    if told["failed"]:
        lines.append(f"Failed      {told['failed']:,}, the first:")
        lines += (
            f"            {failure['product_id'] or '(no id)'}: {failure['reason']}" for failure in told["failures"]
        )
    return "\n".join(lines)


Notes = dict[str, tuple[int, str]]


def _rendered(
    job: Job, reader: Iterable[Any], report: FeedReport, fields: Collection[str]
) -> tuple[Counter[State], list[Row], Notes]:
    """Render all products; how many pictures came to which state, the first failures, and the notes by kind.

    A note has how many products it is about and a sentence about the first one.
    """
    counts: Counter[State] = Counter()
    failures: list[Row] = []
    notes: Notes = {}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    _sweep(job)
    try:
        with Team(job, min(cores, report.entries)) as team:
            found = write_manifest(job.folder / MANIFEST, rows(reader, team, job.sizes, fields))
            for row in _shown(found, report.entries * len(job.sizes)):
                counts[row.state] += 1
                for kind, sentence in dict(reversed(row.notes)).items():
                    count, first = notes.get(kind, (0, f"{sentence} (first: {row.product_id})"))
                    notes[kind] = count + 1, first
                if row.state is State.FAILED and len(failures) < FAILURES_TOLD:
                    failures.append(row)
    finally:
        _sweep(job)
    return counts, failures, notes


def _sweep(job: Job) -> None:
    for folder in ("", *map(job.pictures_of, job.sizes)):
        remove_unfinished(job.folder / folder)


def _shown(found: Iterable[Row], total: int) -> Iterator[Row]:
    """The rows, with a progress bar on a terminal."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[failed]} failed"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as progress:
        task, failed = progress.add_task("", total=total, failed=0), 0
        for row in found:
            failed += row.state is State.FAILED
            progress.update(task, advance=1, failed=failed)
            yield row


def _of_frame(settings: Settings, options: argparse.Namespace) -> Job:
    """A frame image with a placement."""
    if options.frame is None or options.placement is None:
        raise Invalid("Give a --design, or a --frame and its --placement.", field="design")
    frame = _read(options.frame)
    with Renderer() as renderer:
        facts = renderer.inspect_frame(frame)
    recipe = _recipe(options, facts)
    check(recipe, facts.width, facts.height)
    image = digest_of(frame)
    return Job(settings, StoredDesign.of_recipe(recipe, image), {image: frame}, options.out.absolute())


def _of_design(settings: Settings, options: argparse.Namespace) -> tuple[Job, tuple[str, ...]]:
    """A design file, and the feed's fields that it uses."""
    if options.frame is not None or options.placement is not None:
        raise Invalid("A --design has its own images and boxes: leave out --frame and --placement.", field="design")
    file = design_file(options.design)
    design = file.design
    sizes = tuple(design.size(key).key for key in dict.fromkeys(options.size)) or tuple(one.key for one in design.sizes)
    job = Job(
        settings,
        StoredDesign.of(design),
        file.assets,
        options.out.absolute(),
        sizes=sizes,
        context=market_of(options),
    )
    return job, design.fields()


def _recipe(options: argparse.Namespace, facts: FrameFacts) -> Recipe:
    layer = options.layer
    if layer == AUTO:
        layer = facts.window.layer if facts.window else Layer.BELOW
    try:
        width, height = _size(options.size[-1]) if options.size else (0, 0)
    except argparse.ArgumentTypeError as error:
        raise Invalid(f"The size {error}.", field="size") from error
    return Recipe(
        box=options.placement,
        fit=Fit(options.fit),
        anchor=Anchor(options.anchor),
        layer=Layer(layer),
        padding=options.padding,
        trim=options.trim,
        encoder=Encoder(formats.output(options.format), options.quality),
        output_width=width,
        output_height=height,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"The frame image {path} cannot be opened: {error.strerror}.", field="frame") from error


def _keep(feed: BinaryIO, *written: Path) -> None:
    """Raises Invalid where the feed is one of the files that will be written."""
    for path in written:
        if path.exists() and os.path.samestat(os.fstat(feed.fileno()), path.stat()):
            raise Invalid(f"The feed {path} would be overwritten; choose another folder for --out.", field="out")


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Invalid(f"The folder {folder} cannot be written: {error.strerror}.", field="out") from error


def _values(choices: type[StrEnum]) -> list[str]:
    return [choice.value for choice in choices]


def _base_url(text: str) -> str:
    """The address in the characters that addresses may have, its host in IDNA."""
    try:
        address = absolute(str(web_address(text.strip(), "base URL")), "")
    except AddressRefused:
        address = ""
    if not address or "?" in address or "#" in address:
        example = "https://cdn.example.com/framed"
        raise argparse.ArgumentTypeError(f"{text!r} must be an http or https address without ? and #, as {example}")
    return address


def _numbers(pattern: str, example: str) -> Callable[[str], tuple[int, ...]]:
    def parse(text: str) -> tuple[int, ...]:
        found = re.fullmatch(pattern, text.strip(), re.ASCII)
        if not found:
            raise argparse.ArgumentTypeError(f"{text!r} must look like {example}")
        return tuple(map(int, found.groups()))

    return parse


def _box(text: str) -> Box:
    return Box(*_numbers(r"(\d{1,6}), ?(\d{1,6}), ?(\d{1,6}), ?(\d{1,6})", "90,90,900,800")(text))


_size = _numbers(r"(\d{1,6})x(\d{1,6})", "1080x1080")
