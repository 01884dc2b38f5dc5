"""A design that a command is given: a ``.frame`` file, a folder, or the ``design.json`` in one."""

import argparse
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from frameapp.core.design.content import LINK, MORE_LINKS
from frameapp.core.design.files import DESIGN, MAX_BYTES, DesignFile, gather, unpack
from frameapp.core.feeds import Entry
from frameapp.core.values import COMPUTED, Context
from frameapp.core.values.fields import SALE_DATES, SALE_PRICE
from frameapp.core.values.nearest import meant, nearest
from frameapp.errors import Invalid


def design_file(path: Path) -> DesignFile:
    """The design there, with its assets. Raises Invalid."""
    folder = path.parent if path.name == DESIGN else path
    try:
        if folder.is_dir():
            names = [found.relative_to(folder).as_posix() for found in sorted(folder.rglob("*")) if found.is_file()]
            return gather(names, lambda name, most: _read(folder / name, most))
        return unpack(_read(path, MAX_BYTES))
    except OSError as error:
        raise Invalid(f"The design {path} cannot be opened: {error.strerror}.", field="design") from error


def add_market(parser: argparse.ArgumentParser) -> None:
    """The options that say whose market a design's texts are written for, and when."""
    add = parser.add_argument
    add("--locale", metavar="NAME", default="en_US", help="how a design writes prices and dates; default: %(default)s")
    add("--currency", metavar="CODE", default="", help="of prices that have none, such as EUR")
    add("--time-zone", metavar="NAME", default="UTC", help="of dates that have none; default: %(default)s")
    add("--at", metavar="MOMENT", type=_moment, help="the moment of sales and conditions; default: now")


def market_of(options: argparse.Namespace) -> Context:
    """What these options say. Raises Invalid."""
    return Context(options.locale, options.currency, _zone(options.time_zone), options.at or datetime.now(UTC))


def product_of(entry: Entry) -> dict[str, str | list[str]]:
    """A feed's entry as designs see it: all fields, the image links absolute."""
    return {**entry.data, LINK: entry.image_link, MORE_LINKS: list(entry.additional_image_links)}


def counted(notes: Mapping[str, tuple[int, str]]) -> list[str]:
    """Notes by kind, how many products each is about and a sentence about the first, as sentences."""
    return [f"{count:,} {'product' if count == 1 else 'products'}: {first}" for count, first in notes.values()]


def unknown_fields(used: Collection[str], known: Collection[str]) -> list[str]:
    """A sentence for each field that a design uses and the feed has not, naming the one that may be meant.

    A feed without sales is one like others, so it may lack a sale's fields.
    """
    sentences = []
    for name in sorted(set(used) - set(known) - COMPUTED.keys() - {SALE_PRICE, SALE_DATES}):
        likely = meant(name, nearest(name, known))
        sentences.append(f"The design uses the field {name}, which the feed does not have.{likely}")
    return sentences


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Invalid(f"The file {path} is too large.", field="design")
    return data


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid(
            f"There is no time zone {name!r}. Use a name such as Europe/Athens.", field="time-zone"
        ) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} must look like 2026-11-27T09:00+02:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
