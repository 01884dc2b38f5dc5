"""Feeds beside the bare parsers: ``python -m benchmarks.feeds [--entries N] [--rounds N]``.

Writes an RSS feed and the same catalogue as CSV, then reads and rewrites both, each contender in a process of its
own, all of them in turn in every round. The last line is a JSON object: seconds are medians of the processor's time,
ratios the medians of the rounds' ratios (1 is as fast as the bare parser, more is faster), memory is the peak of the
contender's process, its imports included, above that of an interpreter that has just begun.

- ``iterparse``: ``lxml.etree.iterparse`` over all end events, clearing each element.
- ``csv.reader``: the standard library's reader over an open text file; with ``csv.writer`` for rewriting.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from benchmarks import peak as peaks
from benchmarks.peak import MEGABYTE, peak
from frameapp.core.feeds import Entry, FeedReader, rewrite, summarise

COLUMNS = [
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "price",
    "sale_price",
    "availability",
    "brand",
    "gtin",
    "condition",
    "google_product_category",
    "item_group_id",
    "color",
]
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
    "<title>Catalogue</title>\n<link>https://shop.example.com</link>\n"
)
SENTENCE = "Weiches Hemd aus Baumwolle, lockerer Schnitt, vorgewaschen und für jeden Tag gemacht. "
ITEM = """<item>
  <g:id>{id}</g:id>
  <title>{title}</title>
  <description><![CDATA[{description}]]></description>
  <link>{link}</link>
  <g:image_link>{image_link}</g:image_link>
  <g:additional_image_link>{additional_image_link}</g:additional_image_link>
  <g:price>{price}</g:price>
  {sale}<g:availability>{availability}</g:availability>
  <g:brand>{brand}</g:brand>
  <g:gtin>{gtin}</g:gtin>
  <g:condition>{condition}</g:condition>
  <g:google_product_category>{google_product_category}</g:google_product_category>
  <g:item_group_id>{item_group_id}</g:item_group_id>
  <g:color>{color}</g:color>
</item>
"""


def products(count: int) -> Iterator[dict[str, str]]:
    """A catalogue; products differ in length, some have a sale price."""
    for number in range(count):
        price = 5 + number % 195
        picture = f"https://cdn.example.com/pictures/{number % 97:02d}/{number}"
        yield {
            "id": f"SKU-{number:08d}",
            "title": f"Hemd {number} blau & weiß",
            "description": SENTENCE * (2 + number % 5) + "<br>Größe M",
            "link": f"https://shop.example.com/p/{number}?utm_source=feed&utm_medium=cpc",
            "image_link": f"{picture}.jpg",
            "additional_image_link": f"{picture}-b.jpg",
            "price": f"{price}.90 EUR",
            "sale_price": f"{price - 1}.90 EUR" if number % 3 == 0 else "",
            "availability": "in stock",
            "brand": "Beispiel",
            "gtin": f"40{number:011d}",
            "condition": "new",
            "google_product_category": "Apparel & Accessories > Clothing > Shirts & Tops",
            "item_group_id": f"G-{number // 5}",
            "color": "blau",
        }


def write_rss(path: Path, count: int) -> None:
    """The catalogue as RSS: text escaped, descriptions in CDATA."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for product in products(count):
            texts = {
                name: value if name == "description" else value.replace("&", "&amp;").replace(">", "&gt;")
                for name, value in product.items()
            }
            sale = f"<g:sale_price>{texts['sale_price']}</g:sale_price>\n  " if product["sale_price"] else ""
            file.write(ITEM.format(**texts, sale=sale))
        file.write("</channel>\n</rss>\n")


def write_csv(path: Path, count: int) -> None:
    """The catalogue as CSV, quoted where it must be."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(products(count))


def iterparse(source: Path, _target: Path) -> None:
    """The XML peer."""
    for _, element in etree.iterparse(str(source), events=("end",)):
        element.clear()


def csv_reader(source: Path, _target: Path) -> None:
    """The CSV peer."""
    with source.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass


def csv_writer(source: Path, target: Path) -> None:
    """The CSV peer that writes: reader to writer, one column replaced."""
    at = COLUMNS.index("image_link")
    with source.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for row in csv.reader(file):
            row[at] = f"https://out.example.com/{row[0]}.jpg"
            writer.writerow(row)


def parse(source: Path, _target: Path) -> None:
    """Ours."""
    with source.open("rb") as file:
        for _entry in FeedReader(file):
            pass


def report(source: Path, _target: Path) -> None:
    """Ours, with duplicates found and fields counted."""
    with source.open("rb") as file:
        summarise(FeedReader(file))


def parse_and_rewrite(source: Path, target: Path) -> None:
    """Ours, every image link replaced."""

    def link(entry: Entry) -> str:
        return f"https://out.example.com/{entry.product_id}.jpg"

    with source.open("rb") as file, target.open("wb") as out:
        rewrite(file, out, link)


CONTENDERS: dict[str, Callable[[Path, Path], None]] = {
    function.__name__: function
    for function in (iterparse, csv_reader, csv_writer, parse, report, parse_and_rewrite)
}  # fmt: skip
RUNS = (
    ("xml", "iterparse"),
    ("xml", "parse"),
    ("xml", "parse_and_rewrite"),
    ("xml", "report"),
    ("csv", "csv_reader"),
    ("csv", "parse"),
    ("csv", "csv_writer"),
    ("csv", "parse_and_rewrite"),
    ("csv", "report"),
)
RATIOS = {
    "xml_parse": ("xml iterparse", "xml parse"),
    "xml_rewrite": ("xml iterparse", "xml parse_and_rewrite"),
    "csv_parse": ("csv csv_reader", "csv parse"),
    "csv_rewrite": ("csv csv_writer", "csv parse_and_rewrite"),
}


def contend(name: str, source: Path, target: Path) -> dict[str, float]:
    """One contender's processor seconds and megabytes, measured in this process."""
    start = time.process_time()
    CONTENDERS[name](source, target)
    return {"seconds": time.process_time() - start, "megabytes": peak()}


def bare_interpreter() -> float:
    """The peak of an interpreter that has just begun, in megabytes."""
    return float(subprocess.check_output([sys.executable, peaks.__file__]))


def measure(name: str, source: Path, target: Path) -> dict[str, float]:
    """``contend`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.feeds", "--contend", name, str(source), str(target)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    result: dict[str, float] = json.loads(ended.stdout)
    return result


def compare(folder: Path, entries: int, rounds: int) -> dict[str, object]:
    """All contenders in turn, ``rounds`` times."""
    sources = {"xml": folder / "feed.xml", "csv": folder / "feed.csv"}
    write_rss(sources["xml"], entries)
    write_csv(sources["csv"], entries)
    start = bare_interpreter()
    taken: dict[str, list[dict[str, float]]] = {f"{kind} {name}": [] for kind, name in RUNS}
    for number in range(rounds):
        for kind, name in RUNS:
            result = measure(name, sources[kind], folder / "out")
            result["megabytes"] -= start
            taken[f"{kind} {name}"].append(result)
            seconds, megabytes = result["seconds"], result["megabytes"]
            print(f"round {number + 1}  {kind} {name:18} {seconds:7.2f} s {megabytes:7.1f} MB", flush=True)
    medians = {name: statistics.median(run["seconds"] for run in runs) for name, runs in taken.items()}
    ratios = {
        name: statistics.median(a["seconds"] / b["seconds"] for a, b in zip(taken[peer], taken[ours], strict=True))
        for name, (peer, ours) in RATIOS.items()
    }
    return {
        "entries": entries,
        "xml_mb": round(sources["xml"].stat().st_size / MEGABYTE, 1),
        "csv_mb": round(sources["csv"].stat().st_size / MEGABYTE, 1),
        **{f"{name}_ratio": round(ratio, 2) for name, ratio in ratios.items()},
        "interpreter_mb": round(start, 1),
        "peak_mb": round(max(r["megabytes"] for n, runs in taken.items() if not is_peer(n) for r in runs), 1),
        "seconds": {name: round(value, 2) for name, value in medians.items()},
        "memory_mb": {name: round(max(r["megabytes"] for r in runs), 1) for name, runs in taken.items()},
        "python": sys.version.split()[0],
        "lxml": etree.__version__,
        "cores": os.cpu_count(),
    }


def is_peer(name: str) -> bool:
    """Whether a run is of a bare parser."""
    return name.split()[1] in ("iterparse", "csv_reader", "csv_writer")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feeds", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--entries", type=int, default=1_000_000, help="products; default: %(default)s, about 1.1 GB")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contend", nargs=3, metavar=("NAME", "SOURCE", "TARGET"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contend:
        name, source, target = options.contend
        print(json.dumps(contend(name, Path(source), Path(target))))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(compare(Path(folder), options.entries, options.rounds)))


if __name__ == "__main__":
    main()
