"""Deleting an account: a worker takes it to its end, wherever an earlier one was cut."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from frameapp.db import deletions as rows
from frameapp.errors import Conflict, Invalid
from frameapp.models import AccountDeletion, Feed, Product
from frameapp.services import accounts, audit, deletions, frames, sessions, sweeping, users
from frameapp.services.accounts import Viewer
from frameapp.services.admin import users as listing
from frameapp.services.application import Application
from frameapp.services.leases import ATTEMPTS, Lost
from frameapp.services.worker_context import WorkerContext
from tests.adapters.test_doorbell import waiting
from tests.jobs.workers import SECONDS
from tests.services.test_users import side_by_side

PASSWORD = "correct horse battery"


class Cut(BaseException):
    """The process dies here."""


@pytest.fixture
def admin(working: Application) -> Viewer:
    return replace(accounts.register(working, "root", PASSWORD), address="192.0.2.1")


@pytest.fixture
def anna(working: Application, admin: Viewer) -> Viewer:
    """A user with two frames of one feed, and a feed that no frame uses."""
    anna = accounts.register(working, "anna", PASSWORD)
    for _ in range(2):
        frames.create_sample(working, anna)
    with working.database.write() as session:
        feed = Feed(workspace_id=anna.workspace_id, kind="address", address="https://shop.example/feed.xml")
        session.add(feed)
        session.flush()
        session.add(Product(feed_id=feed.id, product_key="k", product_id="SKU"))
    return anna


@pytest.fixture
def before(working: Application, admin: Viewer) -> dict[str, int]:
    """The rows there were before anna came."""
    return rows_of(working)


def rows_of(app: Application) -> dict[str, int]:
    with app.database.read() as session:
        tables = [table for table in SQLModel.metadata.tables.values() if table.name != "audit_event"]
        return {table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


def lapse(app: Application) -> None:
    with app.database.write() as session:
        session.execute(sa.update(AccountDeletion).values(lease_until=None))


def log_of(app: Application, admin: Viewer) -> list[tuple[str, str, str, str]]:
    kinds = {"account.deactivated", "account.deletion", "account.deleted", "frame.deleted"}
    found = [row for row in audit.page(app, admin).rows if row.action in kinds]
    return [(row.actor, row.label, row.subject, row.address) for row in reversed(found)]


async def test_a_worker_deletes_everything_and_nothing_of_others(
    working: Application, worker: WorkerContext, admin: Viewer, before: dict[str, int], anna: Viewer
) -> None:
    token = sessions.open_session(working, anna)
    users.delete(working, admin, anna.user_id)
    assert sessions.viewer_of(working, token) is None
    with pytest.raises(Conflict, match="anna is being deleted"):
        users.activate(working, admin, anna.user_id)
    assert [row.deleting for row in listing.page(working, admin).rows] == [True, False]
    assert listing.get(working, admin, anna.user_id).deleting
    await asyncio.gather(*(deletions.delete(worker, anna.user_id) for _ in range(3)))
    assert rows_of(working) == before
    assert not [item.key for item in working.storage.objects("") if f"/{anna.workspace_id}/" in item.key]
    root, address = "root", "192.0.2.1"
    assert log_of(working, admin) == [
        (root, "Account deactivated", "anna", address),
        (root, "Account deletion requested", "anna", address),
        (root, "Frame deleted", "Sample frame", address),
        (root, "Frame deleted", "Sample frame 2", address),
        (root, "Account deleted", "anna", address),
    ]


async def test_it_is_rung_for_until_it_is_done(
    working: Application, worker: WorkerContext, admin: Viewer, anna: Viewer
) -> None:
    client = redis.Redis.from_url(working.settings.resolved_redis_url)
    users.delete(working, admin, anna.user_id)
    users.delete(working, admin, anna.user_id)
    assert waiting(client, "plan") == [[anna.user_id, 0]]
    client.flushall()  # the message is lost
    sweeping.sweep(working)
    assert waiting(client, "plan") == [[anna.user_id, 0]]
    assert await deletions.begin(worker, anna.user_id)
    await asyncio.wait_for(asyncio.gather(*worker.plans), SECONDS)
    client.flushall()
    sweeping.sweep(working)
    assert waiting(client, "plan") == []


# Each step, and whether its process dies before or after it.
STEPS = [
    (frames.runs, "cancel"),
    (frames.cards, "delete_outputs"),
    (frames, "delete"),
    (rows, "some_frames"),
    (rows, "locked_feed"),
    (rows, "delete_products"),
    (deletions, "_finish"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
async def test_what_a_dead_worker_left_is_resumed(
    working: Application,
    worker: WorkerContext,
    admin: Viewer,
    before: dict[str, int],
    anna: Viewer,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    after: bool,
) -> None:
    whole = getattr(module, name)

    def cut(*args: Any, **kwargs: Any) -> Any:
        if after:
            whole(*args, **kwargs)
        raise Cut

    users.delete(working, admin, anna.user_id)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, cut)
        with pytest.raises(Cut):
            await deletions.delete(worker, anna.user_id)
    lapse(working)
    await deletions.delete(worker, anna.user_id)
    assert rows_of(working) == before
    deleted = [entry[1:3] for entry in log_of(working, admin)]
    assert deleted.count(("Account deleted", "anna")) == 1
    assert sorted(set(deleted)) == sorted(deleted)


async def test_it_is_never_given_up(
    working: Application, worker: WorkerContext, admin: Viewer, anna: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("A fault of ours.")

    users.delete(working, admin, anna.user_id)
    with monkeypatch.context() as patch:
        patch.setattr(frames, "delete", broken)
        for _ in range(ATTEMPTS + 2):
            await deletions.delete(worker, anna.user_id)
            lapse(working)
    assert rows_of(working)["frame"] == 2
    await deletions.delete(worker, anna.user_id)
    assert rows_of(working)["account"] == 1


async def test_a_worker_that_was_taken_over_deletes_no_more(
    working: Application, worker: WorkerContext, admin: Viewer, anna: Viewer
) -> None:
    users.delete(working, admin, anna.user_id)
    with working.database.write() as session:
        stale = rows.take(session, anna.user_id, 45)
    assert stale is not None
    lapse(working)
    with working.database.write() as session:
        assert rows.take(session, anna.user_id, 45) is not None
    with pytest.raises(Lost):
        deletions._finish(working, stale, by=admin, shared=False)
    assert rows_of(working)["account"] == 2
    over = threading.Event()
    over.set()
    with pytest.raises(Lost):
        deletions._delete_all(working, stale, over)
    assert rows_of(working)["frame"] == 2


async def test_the_account_goes_although_somebody_deletes_its_frames(
    working: Application, worker: WorkerContext, admin: Viewer, anna: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event of the user's, or of a page that was open, may still be at work."""
    whole = rows.some_frames

    def found(session: Session, workspace_id: int) -> list[int]:
        frame_ids = list(whole(session, workspace_id))
        for frame_id in frame_ids[:1]:
            frames.delete(working, anna, frame_id)
        return frame_ids

    users.delete(working, admin, anna.user_id)
    monkeypatch.setattr(rows, "some_frames", found)
    await deletions.delete(worker, anna.user_id)
    assert rows_of(working)["account"] == 1


def test_two_administrators_ask_at_once(working: Application, admin: Viewer, anna: Viewer) -> None:
    other = accounts.register(working, "bert", PASSWORD, is_admin=True)
    both = [admin, other]
    assert side_by_side(2, lambda number: users.delete(working, both[number], anna.user_id)) == [None, None]
    assert rows_of(working)["account_deletion"] == 1


def test_ones_own_account_asks_for_the_password(working: Application, admin: Viewer, anna: Viewer) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.confirm(working, anna, "not it")
    assert caught.value.field == "password"
    accounts.confirm(working, anna, PASSWORD)
    users.delete_own(working, anna)
    with pytest.raises(Invalid, match="deactivated"):
        accounts.check_password(working, "anna", PASSWORD)
