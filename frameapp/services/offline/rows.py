"""A feed's entries -> a row for each size, in the feed's order."""

from collections.abc import Collection, Iterable, Iterator

from frameapp.core.design.content import LINK, MORE_LINKS
from frameapp.core.design.upgrades import MAIN
from frameapp.core.feeds import Entry, SeenIds
from frameapp.errors import NO_PICTURE
from frameapp.services.offline.manifest import Row, State
from frameapp.services.offline.team import Team
from frameapp.services.offline.worker import Answer, Made, Order

AHEAD = 10_000  # rows that wait for an earlier picture; beyond, no further entry is read
NO_ID = "This product has no id in the feed."
REPEATED = "An earlier product in the feed has the same id."


def rows(
    entries: Iterable[Entry], team: Team, sizes: tuple[str, ...] = (MAIN,), fields: Collection[str] = ()
) -> Iterator[Row]:
    """Render the entries; a row per size, at most ``AHEAD`` products kept behind the slowest one. Raises StartError.

    ``fields`` are what the design uses of a product.
    """
    seen = SeenIds()
    open_rows: dict[int, Row] = {}
    ended: dict[int, list[Row]] = {}
    position = 0

    def orders() -> Iterator[Order | Answer | None]:
        for number, entry in enumerate(entries):
            while len(ended) >= AHEAD:
                yield None
            row = open_rows[number] = _first_look(entry, seen)
            if row.state is State.DONE:
                yield Order(number, row.source, _product(entry, fields))
            else:
                yield Answer(number, reason=row.reason)

    def in_order() -> Iterator[Row]:
        nonlocal position
        while position in ended:
            yield from ended.pop(position)
            position += 1

    for answer in team.answers(orders()):
        ended[answer.number] = _rows(open_rows.pop(answer.number), answer, sizes)
        yield from in_order()


def _rows(row: Row, answer: Answer, sizes: tuple[str, ...]) -> list[Row]:
    """The product's rows: its first one carries the notes."""
    made = answer.made or tuple(Made(size, reason=answer.reason) for size in sizes)
    found = [
        row._replace(
            size=one.size,
            file=one.file,
            state=State.FAILED if row.state is State.DONE and not one.file else row.state,
            reason=one.reason,
        )
        for one in made
    ]
    found[0] = found[0]._replace(notes=answer.notes)
    return found


def _product(entry: Entry, fields: Collection[str]) -> dict[str, str | list[str]]:
    product: dict[str, str | list[str]] = {name: entry.data[name] for name in fields if name in entry.data}
    return {**product, LINK: entry.image_link, MORE_LINKS: list(entry.additional_image_links)}


def _first_look(entry: Entry, seen: SeenIds) -> Row:
    row = Row(entry.product_id, "", entry.image_link, State.DONE, "")
    if not entry.product_id:
        return row._replace(state=State.FAILED, reason=NO_ID)
    if not seen.add(entry.product_id):
        return row._replace(state=State.REPEATED, reason=REPEATED)
    if not entry.image_link:
        return row._replace(state=State.FAILED, reason=NO_PICTURE)
    return row
