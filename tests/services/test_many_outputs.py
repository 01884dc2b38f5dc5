"""A frame of 100,000 outputs: every page, order, search and count stays fast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.db.outputs import OutputSort
from frameapp.db.paging import Asked
from frameapp.models import Frame, Output, OutputState, Product
from frameapp.services import outputs
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from tests.effort import least_effort
from tests.outputs import add_frame

MANY = 100_000
SECONDS = 0.2  # of the processor: what a turn may cost; most need a tenth


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


def test_every_turn_is_fast(app: Application, viewer: Viewer, frame_id: int) -> None:
    def page(**options: object) -> outputs.OutputPage:
        return outputs.page(app, viewer, frame_id, Asked(size=100, **options))  # type: ignore[arg-type]

    deep = page(last=True).previous_key
    turns: dict[str, Callable[[], object]] = {
        "first": page,
        "last": lambda: page(last=True),
        "deep": lambda: page(before=deep),
        "by product": lambda: page(sort=OutputSort.PRODUCT, last=True),
        "newest": lambda: page(sort=OutputSort.NEWEST),
        "failed": lambda: page(chosen=OutputState.FAILED, last=True),
        "search": lambda: page(search="099999"),
        "counts": lambda: outputs.counts(app, viewer, frame_id, search="99"),
        "by number": lambda: outputs.slice_of(app, viewer, frame_id, start=99_000, length=100, search=""),
    }
    efforts = {name: least_effort(app, turn) for name, turn in turns.items()}
    slow = {name: round(seconds, 3) for name, seconds in efforts.items() if seconds > SECONDS}
    assert not slow
    assert outputs.counts(app, viewer, frame_id)[OutputState.FAILED] == MANY // 100
    ids = [row.id for row in page(before=deep).rows]
    parts, gone = iter((ids[:30], ids[30:60], ids[60:])), []
    assert least_effort(app, lambda: gone.append(outputs.delete(app, viewer, frame_id, next(parts)))) < SECONDS
    assert sum(gone) == 100
