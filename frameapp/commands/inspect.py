"""report what a feed contains and what is missing"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from frameapp.adapters.render_process import Renderer
from frameapp.commands.design_file import add_market, counted, design_file, market_of, product_of, unknown_fields
from frameapp.commands.feed_file import opened_feed
from frameapp.core.design.content import content_of
from frameapp.core.design.stored import StoredDesign
from frameapp.core.feeds import FeedReader, FeedReport, summarise
from frameapp.core.feeds.formats import label
from frameapp.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--feed", required=True, metavar="FILE|URL", help="a file, or an address on http or https")
    parser.add_argument("--design", metavar="FILE", type=Path, help="also report what a design makes of the feed")
    add_market(parser)
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the report; 1 where some products cannot be rendered. Raises FeedError, FetchError and Invalid."""
    design = None
    with opened_feed(settings, options.feed) as (file, address, charset):
        start = file.tell()
        reader = FeedReader(file, base_url=address, charset=charset)
        report = summarise(reader)
        if options.design:
            file.seek(start)
            design = _of_design(options, FeedReader(file, base_url=address, charset=charset), report)
    found = asdict(report) | ({"design": asdict(design)} if design else {})
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if options.json else as_text(report, design))
    sys.stdout.write("\n")
    return 1 if report.missing_ids or report.missing_links or reader.lost else 0


@dataclass(frozen=True, slots=True)
class DesignReport:
    """What a design makes of a feed. ``never_seen`` are layers that no product shows.

    ``missing_characters`` are, by layer, those of the feed's texts that no font has.
    """

    fields: tuple[str, ...]
    never_seen: tuple[str, ...]
    missing_characters: dict[str, str]
    warnings: tuple[str, ...]


def _of_design(options: argparse.Namespace, reader: FeedReader, report: FeedReport) -> DesignReport:
    file, context = design_file(options.design), market_of(options)
    unseen = {layer.id for layer in file.design.layers}
    characters: dict[str, set[str]] = {}
    warnings: dict[str, tuple[int, str]] = {}
    for entry in reader:
        content = content_of(file.design, product_of(entry), context)
        unseen &= content.hidden
        for name, text in content.texts.items():
            characters.setdefault(name, set()).update(text)
        for kind, sentence in {one.kind: str(one) for one in reversed(content.warnings)}.items():
            count, first = warnings.get(kind, (0, f"{sentence} (first: {entry.product_id})"))
            warnings[kind] = count + 1, first
    with Renderer() as renderer:
        missing = renderer.missing(
            {name: "".join(sorted(found)) for name, found in characters.items()},
            design=StoredDesign.of(file.design),
            load_asset=file.assets.__getitem__,
        )
    fields = file.design.fields()
    return DesignReport(
        tuple(sorted(fields)),
        tuple(layer.id for layer in file.design.layers if layer.id in unseen),
        missing,
        (*unknown_fields(fields, report.fields), *counted(warnings)),
    )


def as_text(report: FeedReport, design: DesignReport | None = None) -> str:
    """The report for a person at a terminal."""
    lines = [
        f"Format      {label(report.format)}, {report.encoding}",
        f"Products    {report.entries:,}, {report.with_id:,} with an id, {report.duplicates:,} repeated",
        f"Pictures    {report.with_picture:,} image links, {report.additional_pictures:,} additional ones",
    ]
    if report.missing:
        lacking = ", ".join(f"{name} {count:,}" for name, count in report.missing.items())
        lines.append(f"Missing     {lacking}")
    lines += (f"Warning     {warning}" for warning in report.warnings)
    if design is not None:
        lines.append(f"Design      uses {', '.join(design.fields) or 'no fields'}")
        lines += (f"Never seen  {layer}" for layer in design.never_seen)
        lines += (f"No glyphs   {layer}: {found}" for layer, found in design.missing_characters.items())
        lines += (f"Warning     {warning}" for warning in design.warnings)
    return "\n".join(lines)
