"""A feed rendered into a folder: bad pictures and dead workers cost only themselves."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from frameapp.core.design.recipe import Box, Encoder, Recipe
from frameapp.core.design.stored import StoredDesign
from frameapp.core.feeds import Entry, FeedReader
from frameapp.core.keys import digest_of
from frameapp.core.render import formats
from frameapp.errors import StartError
from frameapp.services.offline import Job, Row, State, Team, remove_unfinished, rows
from frameapp.services.offline.rows import AHEAD
from frameapp.services.offline.team import GIVEN_UP
from frameapp.settings import Settings
from tests.core.render import pictures
from tests.services.test_odd_pictures import BAD, GOOD, Oddities

RECIPE = Recipe(Box(20, 20, 160, 160), encoder=Encoder(formats.JPEG, 80))


class DeadlyShop(Oddities):
    """Whoever asks for the picture ``deadly`` is killed, and with it all of ``team``: nobody knows who asked."""

    team: Team | None = None
    deaths = 0

    def answer(self, handler: object) -> None:  # type: ignore[override]
        path = handler.path  # type: ignore[attr-defined]
        if path == "/odd/deadly":
            assert self.team
            self.deaths += 1
            for pid in self.team.pids:
                with suppress(ProcessLookupError):  # it was replaced meanwhile
                    os.kill(pid, signal.SIGKILL)
            return
        super().answer(handler)  # type: ignore[arg-type]


@pytest.fixture
def shop() -> Iterator[DeadlyShop]:
    with DeadlyShop() as host:
        yield host


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "pictures").mkdir()
    frame = pictures.saved(pictures.quarters(200, 200), "PNG")
    settings = Settings(data_dir=tmp_path / "data", fetch_allow="127.0.0.0/8", _env_file=None)
    return Job(settings, StoredDesign.of_recipe(RECIPE, digest_of(frame)), {digest_of(frame): frame}, tmp_path)


def rendered(job: Job, shop: DeadlyShop, size: int = 2) -> list[Row]:
    entries = list(FeedReader(io.BytesIO(shop.document)))
    with Team(job, size) as team:
        shop.team = team
        found = list(rows(entries, team))
    assert [row.product_id for row in found] == [entry.product_id for entry in entries]
    for row in found:
        assert (job.folder / row.file).is_file() == (row.state is State.DONE)
        assert bool(row.reason) == (row.state is not State.DONE)
    if shop.deaths:
        remove_unfinished(job.folder / "pictures")  # of those who were killed while they wrote
    assert not [path for path in (job.folder / "pictures").iterdir() if path.name.startswith(".")]
    return found


def states(found: list[Row]) -> dict[str, State]:
    return {row.product_id: row.state for row in found}


def test_unruly_pictures_fail_alone(job: Job, shop: DeadlyShop) -> None:
    unruly = replace(job, seconds=2, module="tests.adapters.unruly_child")
    shop.sell([*((name, shop.named(name)) for name in (*BAD, *GOOD)), ("plain", shop.link(1))])
    found = states(rendered(unruly, shop))
    assert {name for name, state in found.items() if state is State.FAILED} == set(BAD)
    assert {name for name, state in found.items() if state is State.DONE} == {*GOOD, "plain"}


def test_what_a_feed_lacks_is_told_in_its_place(job: Job, shop: DeadlyShop) -> None:
    shop.sell([("a", shop.link(1)), ("", shop.link(2)), ("b", ""), ("a", shop.link(3)), ("c", shop.link(4))])
    found = rendered(job, shop)
    assert [row.state for row in found] == [
        State.DONE, State.FAILED, State.FAILED, State.REPEATED, State.DONE
    ]  # fmt: skip
    assert shop.asked() == 2


def test_a_deadly_order_is_given_up_and_costs_no_other(job: Job, shop: DeadlyShop) -> None:
    shop.sell([(f"sku {n}", shop.link(n)) for n in range(30)])
    shop.document = shop.document.replace(shop.link(7).encode(), shop.named("deadly").encode())
    found = rendered(job, shop)
    (failed,) = (row for row in found if row.state is State.FAILED)
    assert (failed.product_id, failed.reason) == ("sku 7", GIVEN_UP)
    assert shop.deaths == 3


def test_an_order_that_is_deadly_at_once_is_no_worker_that_cannot_start(job: Job, shop: DeadlyShop) -> None:
    shop.sell([("sku", shop.named("deadly"))])
    assert [row.reason for row in rendered(job, shop)] == [GIVEN_UP]
    assert shop.deaths == 3


def test_killed_workers_cost_nothing(job: Job, shop: DeadlyShop) -> None:
    shop.sell_numbered(60, "gated")
    shop.gate.clear()
    entries = list(FeedReader(io.BytesIO(shop.document)))
    with Team(job, 2) as team:

        def kill() -> None:
            while shop.asked() < 8:
                if shop.gate.wait(0.02):
                    return
            os.kill(team.pids[0], signal.SIGKILL)
            shop.gate.set()

        killer = threading.Thread(target=kill)
        killer.start()
        found = list(rows(entries, team))
        killer.join()
    assert {row.state for row in found} == {State.DONE}


def test_workers_are_deaf_for_ctrl_c_from_their_first_moment(job: Job, shop: DeadlyShop) -> None:
    shop.sell_numbered(3)
    with Team(job, 2) as team:
        pids = team.pids
        for pid in pids:
            os.kill(pid, signal.SIGINT)
        found = list(rows(FeedReader(io.BytesIO(shop.document)), team))
        assert team.pids == pids
    assert {row.state for row in found} == {State.DONE}


def test_few_entries_wait_behind_a_slow_picture(job: Job, shop: DeadlyShop) -> None:
    """A million products without a link, or with one id, are no million rows in memory."""
    shop.gate.clear()
    taken = 0

    def entries() -> Iterator[Entry]:
        nonlocal taken
        for taken in range(1, 3 * AHEAD):
            yield Entry(f"sku {taken}", shop.link(1, "gated") if taken == 3 else "", (), "", {}, taken)

    def open_gate() -> None:
        while taken <= AHEAD:
            time.sleep(0.02)
        time.sleep(0.2)
        most.append(taken)
        shop.gate.set()

    most: list[int] = []
    with Team(job, 1) as team:
        found = rows(entries(), team)
        next(found)
        assert taken == 1
        opener = threading.Thread(target=open_gate)
        opener.start()
        assert Counter(row.state for row in found) == {State.DONE: 1, State.FAILED: 3 * AHEAD - 3}
        opener.join()
    assert most[0] <= AHEAD + 4


def test_no_worker_outlives_its_team(job: Job) -> None:
    with Team(job, 2) as team:
        pids = team.pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_renderer_that_cannot_start_ends_everything(job: Job, shop: DeadlyShop) -> None:
    shop.sell_numbered(5)
    broken = replace(job, module="frameapp.no_such_module")
    with pytest.raises(StartError, match="does not start"):
        rendered(broken, shop)


def test_a_folder_that_cannot_be_written_ends_everything(job: Job, shop: DeadlyShop) -> None:
    shop.sell_numbered(5)
    (job.folder / "pictures").rmdir()
    with pytest.raises(StartError, match="cannot be written"):
        rendered(job, shop)
