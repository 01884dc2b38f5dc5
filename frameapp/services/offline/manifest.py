"""What became of each product, in the feed's order, and the feed with the new pictures' addresses."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from frameapp.core.cells import from_cell, to_cell
from frameapp.core.design.upgrades import MAIN
from frameapp.core.feeds import Entry, rewrite
from frameapp.errors import FeedError
from frameapp.services.offline.files import written_whole

MANIFEST = "manifest.csv"


class State(StrEnum):
    """A product's state; a repeated one has the id of an earlier one, which counts."""

    DONE = "done"
    FAILED = "failed"
    REPEATED = "repeated"


class Row(NamedTuple):
    """A line of the manifest, but for the notes. ``file`` is a path in the folder, ``source`` the feed's image link."""

    product_id: str
    file: str
    source: str
    state: State
    reason: str
    size: str = MAIN
    notes: tuple[tuple[str, str], ...] = ()


def write_manifest(path: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """Write the rows as they come, and pass them on; the file is there once all of them are. Raises OSError.

    Cells are those of ``core.cells``, all quoted: whatever separator a spreadsheet takes, none of them is a formula.
    """
    with (
        written_whole(path) as raw,
        io.TextIOWrapper(raw, "utf-8", errors="surrogatepass", newline="") as file,
    ):
        lines = csv.writer(file, quoting=csv.QUOTE_ALL)
        lines.writerow(Row._fields[:-1])
        for row in rows:
            lines.writerow(map(to_cell, row[:-1]))
            yield row


def replaced_feed(
    stream: BinaryIO,
    out: BinaryIO,
    manifest: Path,
    *,
    feed_address: str,
    base_url: str,
    charset: str = "",
    size: str = MAIN,
) -> int:
    """Copy the feed with the links of a size's finished pictures, at ``base_url``; returns how many. Raises FeedError.

    ``base_url`` is percent-encoded already and may end with a slash or not; the pictures' paths are encoded here.
    The manifest was written from the same feed, so both are read side by side, in constant memory.
    """
    base = base_url.rstrip("/")
    csv.field_size_limit(sys.maxsize)  # ids may be of any length
    with manifest.open(encoding="utf-8", errors="surrogatepass", newline="") as file:
        lines = (line for line in csv.DictReader(file) if line["size"] == size)

        def link(entry: Entry) -> str | None:
            row = next(lines, None)
            if row is None or from_cell(row["product_id"]) != entry.product_id:
                raise FeedError("The feed changed while it was being rendered. Start again.")
            return f"{base}/{quote(from_cell(row['file']))}" if row["state"] == State.DONE else None

        return rewrite(stream, out, link, base_url=feed_address, charset=charset).replaced
