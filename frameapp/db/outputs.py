"""Outputs of one frame: pages found by key, counts, neighbours. The caller has checked who owns the frame.

A page starts after (or ends before) a key, so its cost does not grow with its distance from the first one.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db.engine import Database
from frameapp.errors import Invalid
from frameapp.models import ACTIVE_RUN_STATES, PRODUCT_SORT_LENGTH, Output, OutputState, Product, Run


class OutputSort(StrEnum):
    """The orders that outputs are shown in."""

    FEED = "feed"
    PRODUCT = "product"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which outputs of a frame: those whose product id contains ``search``, in ``state`` (empty: all)."""

    frame_id: int
    search: str = ""
    state: str = ""


_SORT_COLUMNS: dict[OutputSort, Any] = {
    OutputSort.FEED: col(Output.position),
    OutputSort.PRODUCT: col(Output.product_sort),
    OutputSort.NEWEST: col(Output.updated_at),
}


def key_of(output: Output, sort: OutputSort) -> str:
    """Where the output stands in that order, as text that ``page`` takes back."""
    value = {
        OutputSort.FEED: output.position,
        OutputSort.PRODUCT: output.product_sort,
        OutputSort.NEWEST: output.updated_at.isoformat(),
    }[sort]
    return json.dumps([value, output.id])


def page(
    session: Session,
    selection: Selection,
    sort: OutputSort,
    *,
    after: str = "",
    before: str = "",
    last: bool = False,
    size: int,
) -> list[Output]:
    """Up to ``size`` outputs in order: the first ones, those after or before a key, or the last ones."""
    backwards = last or bool(before)
    column, output_id = _SORT_COLUMNS[sort], col(Output.id)
    query = select(Output).where(*_conditions(selection))
    if edge := after or before:
        value, edge_id = _parse(edge, sort)
        here, there = sa.tuple_(column, output_id), sa.tuple_(sa.literal(value, column.type), sa.literal(edge_id))
        query = query.where(here < there if (sort is OutputSort.NEWEST) != backwards else here > there)
    if (sort is OutputSort.NEWEST) != backwards:
        query = query.order_by(column.desc(), output_id.desc())
    else:
        query = query.order_by(column, output_id)
    rows = list(session.exec(query.limit(size)).all())
    return rows[::-1] if backwards else rows


def slice_of(session: Session, selection: Selection, *, start: int, length: int) -> list[Output]:
    """``length`` outputs in feed order, ``start`` counted past: for the one caller that must take a number."""
    query = select(Output).where(*_conditions(selection))
    query = query.order_by(col(Output.position), col(Output.id)).offset(start).limit(length)
    return list(session.exec(query).all())


def with_ids(session: Session, frame_id: int, ids: Sequence[int]) -> list[Output]:
    """The frame's outputs among these ids, in the order of the ids.

    Whose they are is asked in Python: with a condition on the frame, SQLite scans all of its outputs.
    """
    found = {row.id: row for row in session.exec(select(Output).where(col(Output.id).in_(ids)))}
    return [row for output_id in ids if (row := found.get(output_id)) and row.frame_id == frame_id]


def parts(database: Database, selection: Selection, size: int) -> Iterator[list[Output]]:
    """The selection in the feed's order, ``size`` at a time, each read in a session of its own."""
    after = ""
    while True:
        with database.read() as session:
            found = page(session, selection, OutputSort.FEED, after=after, size=size)
        if not found:
            return
        yield found
        after = key_of(found[-1], OutputSort.FEED)


def counts(session: Session, selection: Selection) -> dict[str, int]:
    """How many outputs are in each state, among those that match the search."""
    query = select(Output.state, sa.func.count()).where(*_conditions(selection)).group_by(col(Output.state))
    found = dict(session.exec(query).all())
    return {state.value: found.get(state.value, 0) for state in OutputState}


def any_picture(session: Session, selection: Selection) -> bool:
    """Whether one of the selection has a picture, be it the last good one."""
    query = select(Output.id).where(*_conditions(selection), col(Output.key) > "")
    return session.exec(query.limit(1)).first() is not None


def titles(session: Session, outputs: Sequence[Output]) -> dict[int, str]:
    """The titles of the outputs' products, by ``product_ref``."""
    refs = {output.product_ref for output in outputs}
    return dict(session.exec(select(Product.id, Product.title).where(col(Product.id).in_(refs))).all())


def has_active_run(session: Session, frame_id: int) -> bool:
    """Whether a run of the frame is in progress."""
    query = select(Run.id).where(Run.frame_id == frame_id, col(Run.state).in_(ACTIVE_RUN_STATES))
    return session.exec(query).first() is not None


def _conditions(selection: Selection) -> list[Any]:
    conditions: list[Any] = [col(Output.frame_id) == selection.frame_id]
    if selection.state:
        conditions.append(col(Output.state) == selection.state)
    if selection.search:
        conditions.append(_contains(selection.search))
    return conditions


def _contains(search: str) -> Any:
    """Whether the product id contains the text, whatever its case. The short, lowered id answers for nearly all."""
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = sa.func.lower(f"%{escaped}%")
    long_id = sa.func.length(col(Output.product_id)) > PRODUCT_SORT_LENGTH
    return sa.or_(
        col(Output.product_sort).like(pattern, escape="\\"),
        sa.and_(long_id, sa.func.lower(col(Output.product_id)).like(pattern, escape="\\")),
    )


def _parse(key: str, sort: OutputSort) -> tuple[Any, int]:
    try:
        value, output_id = json.loads(key)
        return _value(value, sort), int(output_id)
    except (ValueError, TypeError) as error:
        raise Invalid("This page's address is not valid. Open the first page.") from error


def _value(value: Any, sort: OutputSort) -> Any:
    if sort is OutputSort.NEWEST:
        return datetime.fromisoformat(value)
    return int(value) if sort is OutputSort.FEED else str(value)
