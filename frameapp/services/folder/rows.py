"""A feed's entries -> one row each, in the feed's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from frameapp.core.feeds import Entry, SeenIds
from frameapp.services.folder.manifest import Row, State
from frameapp.services.folder.team import Team
from frameapp.services.folder.worker import Order

NO_ID = "The feed gives no id for this product."
NO_PICTURE = "The feed gives no picture for this product."
REPEATED = "An earlier product of the feed has the same id."


def rows(entries: Iterable[Entry], team: Team) -> Iterator[Row]:
    """Render the entries; memory is bounded by what the slowest picture holds up. Raises StartError."""
    seen = SeenIds()
    open_rows: dict[int, Row] = {}
    ended: dict[int, Row] = {}
    position = 0

    def orders() -> Iterator[Order]:
        for number, entry in enumerate(entries):
            row = _first_look(entry, seen)
            if row.state is State.DONE:
                open_rows[number] = row
                yield Order(number, entry.image_link)
            else:
                ended[number] = row

    def in_order() -> Iterator[Row]:
        nonlocal position
        while position in ended:
            yield ended.pop(position)
            position += 1

    for number, file, reason in team.answers(orders()):
        state = State.DONE if file else State.FAILED
        ended[number] = open_rows.pop(number)._replace(file=file, state=state, reason=reason)
        yield from in_order()
    yield from in_order()


def _first_look(entry: Entry, seen: SeenIds) -> Row:
    row = Row(entry.product_id, "", entry.image_link, State.DONE, "")
    if not entry.product_id:
        return row._replace(state=State.FAILED, reason=NO_ID)
    if not seen.add(entry.product_id):
        return row._replace(state=State.REPEATED, reason=REPEATED)
    if not entry.image_link:
        return row._replace(state=State.FAILED, reason=NO_PICTURE)
    return row
