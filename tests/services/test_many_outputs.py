"""A frame of 100,000 outputs: every page, order, search and count stays fast."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.db.outputs import OutputSort
from frameapp.models import Frame, Output, OutputState, Product
from frameapp.services import outputs
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from tests.outputs import add_frame

MANY = 100_000
SECONDS = 0.4  # of the fastest of three: what a turn may take on a busy machine; a quiet one needs a tenth


@pytest.fixture
def viewer(app: Application) -> Viewer:
    return register(app, "ada", "a long enough pass phrase")


@pytest.fixture
def frame_id(app: Application, viewer: Viewer) -> int:
    frame_id = add_frame(app, viewer)
    with app.database.write() as session:
        feed_id = session.get_one(Frame, frame_id).feed_id
        numbers = range(MANY)
        session.execute(
            sa.insert(Product),
            [{"feed_id": feed_id, "product_key": str(n), "product_id": f"SKU-{n:06}", "position": n} for n in numbers],
        )
        key = sa.literal("public/many/").concat(col(Product.product_id))
        state = sa.case((col(Product.position) % 100 == 0, OutputState.FAILED.value), else_=OutputState.DONE.value)
        known = sa.select(
            sa.literal(frame_id), col(Product.id), col(Product.product_id), col(Product.position), state, key
        )
        columns = ["frame_id", "product_ref", "product_id", "position", "state", "key"]
        session.execute(sa.insert(Output).from_select(columns, known.where(col(Product.feed_id) == feed_id)))
    return frame_id


def fastest(turn: Callable[[], object]) -> float:
    def once() -> float:
        start = time.perf_counter()
        turn()
        return time.perf_counter() - start

    return min(once() for _ in range(3))


def test_every_turn_is_fast(app: Application, viewer: Viewer, frame_id: int) -> None:
    def page(**options: object) -> outputs.OutputPage:
        return outputs.page(app, viewer, frame_id, size=100, **options)  # type: ignore[arg-type]

    deep = page(last=True).previous_key
    turns: dict[str, Callable[[], object]] = {
        "first": page,
        "last": lambda: page(last=True),
        "deep": lambda: page(before=deep),
        "by product": lambda: page(sort=OutputSort.PRODUCT, last=True),
        "newest": lambda: page(sort=OutputSort.NEWEST),
        "failed": lambda: page(state=OutputState.FAILED, last=True),
        "search": lambda: page(search="099999"),
        "counts": lambda: outputs.counts(app, viewer, frame_id, search="99"),
        "by number": lambda: outputs.slice_of(app, viewer, frame_id, start=99_000, length=100, search=""),
    }
    slow = {name: round(seconds, 3) for name, turn in turns.items() if (seconds := fastest(turn)) > SECONDS}
    assert not slow
    assert outputs.counts(app, viewer, frame_id)[OutputState.FAILED] == MANY // 100
    ids = [row.id for row in page(before=deep).rows]
    start = time.perf_counter()
    assert outputs.delete(app, viewer, frame_id, ids) == 100
    assert time.perf_counter() - start < 2 * SECONDS
