"""Frames with outputs, as a run leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from io import BytesIO

import sqlalchemy as sa
from PIL import Image

from frameapp.models import Feed, Frame, Output, OutputState, Product, utc_now
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application


@lru_cache
def picture(shade: int = 120) -> bytes:
    """A small JPEG of one colour."""
    buffer = BytesIO()
    Image.new("RGB", (400, 300), (shade % 256, 90, 160)).save(buffer, "JPEG")
    return buffer.getvalue()


def add_frame(
    app: Application, viewer: Viewer, name: str = "Summer sale", *, address: str = "https://shop.example/feed.xml"
) -> int:
    """A frame with a feed; its id."""
    with app.database.write() as session:
        feed = Feed(workspace_id=viewer.workspace_id, address=address)
        session.add(feed)
        session.flush()
        frame = Frame(
            workspace_id=viewer.workspace_id,
            feed_id=feed.id,
            name=name,
            secret="s",
            image_key="private/frames/x.png",
            image_digest="x",
            image_width=1080,
            image_height=1080,
            placed=True,
        )
        session.add(frame)
        session.flush()
        return frame.id


def add_outputs(
    app: Application, frame_id: int, product_ids: Sequence[str], *, failed: Sequence[int] = ()
) -> list[int]:
    """An output per product id, in that order, done with a stored picture but for the ``failed`` ones; their ids.

    Earlier outputs are older.
    """
    now, data = utc_now(), picture()
    keys = [f"public/{frame_id}/{number:064x}.jpg" for number in range(len(product_ids))]
    for number, key in enumerate(keys):
        if number not in failed:
            app.storage.put(key, data)
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        products = [
            Product(
                feed_id=frame.feed_id,
                product_key=f"{frame_id} {number}",
                product_id=product_id,
                position=number,
                title=f"Title {number}",
                image_link=f"https://shop.example/{number}.jpg",
                data={"price": "9.90 EUR"},
            )
            for number, product_id in enumerate(product_ids)
        ]
        session.add_all(products)
        session.flush()
        done = {"state": OutputState.DONE, "width": 400, "height": 300, "size_bytes": len(data), "format": "jpeg"}
        bad = {"state": OutputState.FAILED, "reason": "The picture has 0 bytes."}
        outputs = [
            Output(
                frame_id=frame_id,
                product_ref=product.id,
                product_id=product.product_id,
                position=number,
                updated_at=now + timedelta(seconds=number),
                rendered_at=None if number in failed else now,
                key="" if number in failed else keys[number],
                **(bad if number in failed else done),
            )
            for number, product in enumerate(products)
        ]
        session.add_all(outputs)
        session.flush()
        return [output.id for output in outputs]


def lose_picture(app: Application, output_id: int) -> None:
    """Delete an output's picture behind its back."""
    with app.database.read() as session:
        app.storage.delete(session.get_one(Output, output_id).key)


def set_state(app: Application, output_ids: Sequence[int], state: OutputState) -> None:
    """Give the outputs another state."""
    with app.database.write() as session:
        session.execute(sa.update(Output).where(sa.column("id").in_(output_ids)).values(state=state))
