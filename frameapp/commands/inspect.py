"""report what a feed contains and what is missing"""

import argparse
import json
import sys
from dataclasses import asdict

from frameapp.commands.feed_file import opened_feed
from frameapp.core.feeds import FeedReader, FeedReport, summarise
from frameapp.core.feeds.formats import label
from frameapp.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--feed", required=True, metavar="FILE|URL", help="a file, or an address on http or https")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the report; 1 where some products cannot be rendered. Raises FeedError, FetchError and Invalid."""
    with opened_feed(settings, options.feed) as (file, address, charset):
        reader = FeedReader(file, base_url=address, charset=charset)
        report = summarise(reader)
    sys.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=2) if options.json else as_text(report))
    sys.stdout.write("\n")
    return 1 if report.missing_ids or report.missing_links or reader.lost else 0


def as_text(report: FeedReport) -> str:
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
    return "\n".join(lines)
