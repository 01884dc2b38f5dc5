"""Pages by key: a page starts after (or ends before) a row, so all cost the same. What searches and orders may be."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session
from sqlmodel.sql.sqltypes import AutoString

from frameapp.errors import Invalid
from frameapp.models import UtcDateTime, name_key

LONGEST_SEARCH = 200
E = TypeVar("E", bound=StrEnum)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by: a column, then the id. Without a column by the id alone."""

    row_id: Any
    column: Any = None
    descending: bool = False

    @property
    def columns(self) -> list[Any]:
        """All of it, the most significant first."""
        return [self.row_id] if self.column is None else [self.column, self.row_id]


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a list: what it is narrowed to, its order, and the key that it starts after or ends before.

    ``owner_id`` is 0 for all users, ``chosen`` the word of a filter. ``last`` is the list's end.
    """

    search: str = ""
    owner_id: int = 0
    chosen: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""
    last: bool = False
    size: int = 50


FIRST = Asked()


@dataclass(frozen=True)
class Page(Generic[R]):
    """Rows in order, and the keys of the pages after and before them; empty where there is none."""

    rows: list[R]
    next_key: str
    previous_key: str


def page(session: Session, query: Any, order: Order, asked: Asked) -> Page[Any]:
    """One page of the query, which has the search and the filter already. Each row ends with its key's columns."""
    backwards, size = asked.last or bool(asked.before), asked.size
    falling = order.descending != backwards
    query = query.add_columns(*order.columns).limit(size + 1)
    if edge := asked.before or asked.after:
        here = sa.tuple_(*order.columns)
        there = sa.tuple_(*(sa.literal(v, c.type) for v, c in zip(_parse(edge, order), order.columns, strict=True)))
        query = query.where(here < there if falling else here > there)
    query = query.order_by(*(column.desc() if falling else column for column in order.columns))
    rows = list(session.execute(query).all())
    more = len(rows) > size
    shown = rows[:size][::-1] if backwards else rows[:size]
    has_next, has_previous = (bool(asked.before), more) if backwards else (more, bool(asked.after))
    columns = len(order.columns)
    return Page(
        shown,
        key_of(shown[-1][-columns:]) if shown and has_next else "",
        key_of(shown[0][-columns:]) if shown and has_previous else "",
    )


def key_of(values: Sequence[Any]) -> str:
    """Where the row with these values of its order's columns stands, as text that ``Asked`` takes back."""
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values], default=int)


def contains(search: str, *columns: Any) -> Any:
    """Whether one of the texts, which are folded as names are, contains the search."""
    escaped = name_key(search).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return sa.or_(*(column.like(f"%{escaped}%", escape="\\") for column in columns))


def clean_search(text: str) -> str:
    """A search as the database takes it."""
    return text.strip().replace("\0", "")[:LONGEST_SEARCH]


def page_start(start: int, total: int, size: int) -> int:
    """Where a page by number begins: at ``start``; beyond the last of ``total`` rows, where the last page does."""
    return max(0, min(start, max(0, total - 1) // size * size))


def one_of(words: type[E], word: str) -> E:
    """The word, where it is one of these. Raises Invalid."""
    try:
        return words(word)
    except ValueError as error:
        raise Invalid("This filter or order does not exist.") from error


def _parse(key: str, order: Order) -> list[Any]:
    try:
        values = json.loads(key)
        if not isinstance(values, list) or len(values) != len(order.columns):
            raise ValueError
        return [_value(value, column) for value, column in zip(values, order.columns, strict=True)]
    except (ValueError, TypeError) as error:
        raise Invalid("This page's address is not valid. Open the first page.") from error


def _value(value: Any, column: Any) -> Any:
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return str(value) if isinstance(column.type, sa.String | AutoString) else int(value)
