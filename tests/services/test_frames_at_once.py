"""Frames that share a feed, deleted, copied and made at the same moment: nothing is left over, nothing is refused."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from sqlmodel import select

from frameapp.db import feeds as feed_rows
from frameapp.errors import NotFound
from frameapp.models import Feed, Frame, Product, Run, RunState
from frameapp.services import frames, limits
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from tests.runs import add_run
from tests.services.test_frames import PASSWORD, make

MEET_SECONDS = 1.0  # for which one waits for the other to get as far, where nothing keeps it from that


@pytest.fixture
def anna(app: Application) -> Viewer:
    return register(app, "anna", PASSWORD)


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """``meet(owner, name)``: two calls of this function return together, where nothing keeps the second from it."""

    def patch(owner: Any, name: str) -> None:
        whole, together = getattr(owner, name), threading.Barrier(2)

        def met(*args: Any, **kwargs: Any) -> Any:
            found = whole(*args, **kwargs)
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(MEET_SECONDS)
            return found

        monkeypatch.setattr(owner, name, met)

    return patch


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each comes to; "gone" where there was nothing any more."""

    def one(work: Callable[[], object]) -> object:
        try:
            return work()
        except NotFound:
            return "gone"

    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result() for done in [threads.submit(one, work) for work in works]]


def count(app: Application, table: type) -> int:
    with app.database.read() as session:
        return len(session.exec(select(table)).all())


def test_a_feed_goes_with_the_last_of_two_frames_deleted_at_once(
    app: Application, anna: Viewer, meet: Callable[[Any, str], None]
) -> None:
    first, second = make(app, anna), make(app, anna)
    with app.database.write() as session:
        feed_id = session.get_one(Frame, first).feed_id
        session.add(Product(feed_id=feed_id, product_key="k", product_id="SKU"))
    meet(feed_rows, "frames_of_feed")
    assert at_once(lambda: frames.delete(app, anna, first), lambda: frames.delete(app, anna, second)) == [None, None]
    assert (count(app, Frame), count(app, Feed), count(app, Product)) == (0, 0, 0)


def test_a_frame_deleted_twice_at_once_is_gone_once(
    app: Application, anna: Viewer, meet: Callable[[Any, str], None]
) -> None:
    frame_id = make(app, anna)
    meet(frames, "owned_frame")
    done = at_once(lambda: frames.delete(app, anna, frame_id), lambda: frames.delete(app, anna, frame_id))
    assert sorted(map(str, done)) == ["None", "gone"]
    assert (count(app, Frame), count(app, Feed)) == (0, 0)


def test_a_frame_made_or_copied_while_the_last_one_of_its_feed_goes_has_a_feed(
    app: Application, anna: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deletion begins between the look-up of the feed, or of the frame, and the new frame's row."""
    frame_id = make(app, anna)
    with ThreadPoolExecutor(1) as threads:

        def deleting_after(whole: Callable[..., Any]) -> Callable[..., Any]:
            def found(*args: Any, **kwargs: Any) -> Any:
                row = whole(*args, **kwargs)
                wait([threads.submit(frames.delete, app, anna, frame_id)], MEET_SECONDS)
                return row

            return found

        with monkeypatch.context() as patch:
            patch.setattr(feed_rows, "same_feeds", deleting_after(feed_rows.same_feeds))
            made = make(app, anna)
        frame_id = made
        with monkeypatch.context() as patch:
            patch.setattr(limits, "refuse_frame", deleting_after(limits.refuse_frame))  # what a copy asks next
            copied = frames.duplicate(app, anna, made)
    assert frames.get(app, anna, copied).feed.address
    assert (count(app, Frame), count(app, Feed)) == (1, 1)


def test_a_run_that_is_written_twice_while_its_frame_goes(app: Application, anna: Viewer) -> None:
    """The second writing in a transaction asks for the frame (its foreign key): who deletes waits for the run first."""
    frame_id = make(app, anna)
    run_id = add_run(app, frame_id, RunState.DONE)
    with ThreadPoolExecutor(1) as threads:
        with app.database.write() as session:
            run = session.get_one(Run, run_id, with_for_update=True)
            run.version += 1
            session.flush()
            deleting = threads.submit(frames.delete, app, anna, frame_id)
            wait([deleting], MEET_SECONDS)
            run.version += 1
            session.flush()
        deleting.result()
    assert (count(app, Frame), count(app, Run)) == (0, 0)
