"""Outputs of one frame: pages found by key, counts, neighbours. The caller has checked who owns the frame.

A page starts after (or ends before) a key, so its cost does not grow with its distance from the first one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db import paging
from frameapp.db.engine import Database
from frameapp.db.paging import Asked, Order, Page, one_of
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


_ORDERS = {
    OutputSort.FEED: Order(col(Output.id), col(Output.position)),
    OutputSort.PRODUCT: Order(col(Output.id), col(Output.product_sort)),
    OutputSort.NEWEST: Order(col(Output.id), col(Output.updated_at), descending=True),
}


def key_of(output: Output, sort: OutputSort) -> str:
    """Where the output stands in that order, as text that ``page`` takes back."""
    return paging.key_of([getattr(output, column.key) for column in _ORDERS[sort].columns])


def page(session: Session, selection: Selection, asked: Asked) -> Page[Output]:
    """One page of the selection, in the order ``asked.sort``."""
    query = sa.select(Output).where(*_conditions(selection))
    found = paging.page(session, query, _ORDERS[one_of(OutputSort, asked.sort or OutputSort.FEED)], asked)
    return replace(found, rows=[row[0] for row in found.rows])


def slice_of(session: Session, selection: Selection, *, start: int, length: int) -> list[Output]:
    """``length`` outputs in feed order, ``start`` counted past: for the one caller that must take a number."""
    query = select(Output).where(*_conditions(selection))
    query = query.order_by(col(Output.position), col(Output.id)).offset(start).limit(length)
    return list(session.exec(query).all())


def with_ids(session: Session, frame_id: int, ids: Sequence[int]) -> list[Output]:
    """The outputs with these ids, in their order. The frame is compared in Python: SQLite would scan all of it."""
    found = {row.id: row for row in session.exec(select(Output).where(col(Output.id).in_(ids)))}
    return [row for output_id in ids if (row := found.get(output_id)) and row.frame_id == frame_id]


def parts(database: Database, selection: Selection, size: int) -> Iterator[list[Output]]:
    """The selection in the feed's order, ``size`` at a time, each read in a session of its own."""
    after = ""
    while True:
        with database.read() as session:
            found = page(session, selection, Asked(after=after, size=size))
        if found.rows:
            yield found.rows
        if not (after := found.next_key):
            return


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
