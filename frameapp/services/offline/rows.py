"""A feed's entries -> one row each, in the feed's order."""

from collections.abc import Iterable, Iterator

from frameapp.core.feeds import Entry, SeenIds
from frameapp.errors import NO_PICTURE
from frameapp.services.offline.manifest import Row, State
from frameapp.services.offline.team import Team
from frameapp.services.offline.worker import Answer, Order

AHEAD = 10_000  # rows that wait for an earlier picture; beyond, no further entry is read
NO_ID = "This product has no id in the feed."
REPEATED = "An earlier product in the feed has the same id."


def rows(entries: Iterable[Entry], team: Team) -> Iterator[Row]:
    """Render the entries; at most ``AHEAD`` are kept, behind the slowest picture. Raises StartError."""
    seen = SeenIds()
    open_rows: dict[int, Row] = {}
    ended: dict[int, Row] = {}
    position = 0

    def orders() -> Iterator[Order | Answer | None]:
        for number, entry in enumerate(entries):
            while len(ended) >= AHEAD:
                yield None
            row = open_rows[number] = _first_look(entry, seen)
            yield Order(number, row.source) if row.state is State.DONE else Answer(number, reason=row.reason)

    def in_order() -> Iterator[Row]:
        nonlocal position
        while position in ended:
            yield ended.pop(position)
            position += 1

    for number, file, reason in team.answers(orders()):
        row = open_rows.pop(number)
        state = State.FAILED if row.state is State.DONE and not file else row.state
        ended[number] = row._replace(file=file, state=state, reason=reason)
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
