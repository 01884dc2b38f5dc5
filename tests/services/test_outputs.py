"""Outputs: pages by key, counts, refreshing in place, deleting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from frameapp.db.outputs import OutputSort
from frameapp.db.paging import Asked
from frameapp.errors import Invalid, NotFound
from frameapp.models import Output, OutputState, Product, Run, RunState
from frameapp.services import outputs
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from frameapp.services.outputs import OutputPage
from tests.outputs import add_frame, add_outputs, set_state

IDS = ["b-2", "A-1", "c_3", "b%4", "long" * 60 + "-END", "ü-5", "b-2"]  # the last one on another row


@pytest.fixture
def viewer(app: Application) -> Viewer:
    return register(app, "ada", "a long enough pass phrase")


@pytest.fixture
def frame_id(app: Application, viewer: Viewer) -> int:
    return add_frame(app, viewer)


def every_page(turn: Callable[..., OutputPage], *, size: int) -> tuple[list[int], list[int]]:
    """The ids from first to last page, and from last to first."""
    page, forwards = turn(size=size), []
    while True:
        forwards += [row.id for row in page.rows]
        if not page.next_key:
            break
        page = turn(size=size, after=page.next_key)
    page, backwards = turn(size=size, last=True), []
    while True:
        backwards = [row.id for row in page.rows] + backwards
        if not page.previous_key:
            break
        page = turn(size=size, before=page.previous_key)
    return forwards, backwards


@pytest.mark.parametrize("sort", list(OutputSort))
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_hold_every_output_once_in_both_directions(
    app: Application, viewer: Viewer, frame_id: int, sort: str, size: int
) -> None:
    ids = add_outputs(app, frame_id, IDS, failed=[2])
    add_outputs(app, add_frame(app, viewer, "Other"), ["b-2"])

    def turn(**more: object) -> OutputPage:
        return outputs.page(app, viewer, frame_id, Asked(sort=sort, **more))  # type: ignore[arg-type]

    forwards, backwards = every_page(turn, size=size)
    assert forwards == backwards
    assert sorted(forwards) == sorted(ids)
    if sort == OutputSort.FEED:
        assert forwards == ids
    if sort == OutputSort.NEWEST:
        assert forwards == ids[::-1]
    if sort == OutputSort.PRODUCT:
        assert forwards[:2] == [ids[1], ids[3]] or forwards[0] == ids[1]


def test_keys_lead_on_only_where_something_follows(app: Application, viewer: Viewer, frame_id: int) -> None:
    add_outputs(app, frame_id, IDS[:4])
    first = outputs.page(app, viewer, frame_id, Asked(size=2))
    assert (first.previous_key, bool(first.next_key)) == ("", True)
    second = outputs.page(app, viewer, frame_id, Asked(size=2, after=first.next_key))
    assert (bool(second.previous_key), second.next_key) == (True, "")
    back = outputs.page(app, viewer, frame_id, Asked(size=2, before=second.previous_key))
    assert back == first
    assert outputs.page(app, viewer, frame_id, Asked(size=2, last=True)) == second


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("b-2", [0, 6]),
        ("B-", [0, 6]),
        ("%", [3]),
        ("_", [2]),
        ("-end", [4]),  # past what the index holds
        ("a-1", [1]),
        ("nothing", []),
        ("\\", []),
        ("  c_3  ", [2]),
        ("\0", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_search_is_for_a_part_of_the_product_id(
    app: Application, viewer: Viewer, frame_id: int, search: str, found: list[int]
) -> None:
    ids = add_outputs(app, frame_id, IDS)
    page = outputs.page(app, viewer, frame_id, Asked(search=search))
    assert [row.id for row in page.rows] == [ids[index] for index in found]
    assert sum(outputs.counts(app, viewer, frame_id, search=search).values()) == len(found)
    rows, total, matching = outputs.slice_of(app, viewer, frame_id, start=0, length=100, search=search)
    assert ([row.id for row in rows], total, matching) == ([ids[index] for index in found], 7, len(found))


def test_a_state_is_filtered_and_counted(app: Application, viewer: Viewer, frame_id: int) -> None:
    ids = add_outputs(app, frame_id, IDS, failed=[1, 3])
    set_state(app, ids[:1], OutputState.PENDING)
    assert outputs.counts(app, viewer, frame_id) == {"pending": 1, "done": 4, "failed": 2, "cancelled": 0}
    page = outputs.page(app, viewer, frame_id, Asked(chosen="failed", sort="newest"))
    assert [row.id for row in page.rows] == [ids[3], ids[1]]
    assert page.rows[0].reason == "The picture has 0 bytes."


def test_a_refreshed_page_keeps_its_rows_in_their_places(app: Application, viewer: Viewer, frame_id: int) -> None:
    ids = add_outputs(app, frame_id, [f"p{number}" for number in range(7)], failed=[2])
    shown = [ids[3], ids[2], ids[4]]
    page = outputs.refreshed(app, viewer, frame_id, shown, Asked(size=3))
    assert [row.id for row in page.rows] == shown
    assert page.previous_key
    assert page.next_key


def test_a_refreshed_page_is_filled_up_from_what_follows(app: Application, viewer: Viewer, frame_id: int) -> None:
    ids = add_outputs(app, frame_id, [f"p{number}" for number in range(5)])
    outputs.delete(app, viewer, frame_id, [ids[1]])
    page = outputs.refreshed(app, viewer, frame_id, ids[:3], Asked(size=3))
    assert [row.id for row in page.rows] == [ids[0], ids[2], ids[3]]
    assert outputs.refreshed(app, viewer, frame_id, [], Asked(size=2)).rows[0].id == ids[0]
    assert outputs.refreshed(app, viewer, frame_id, [ids[1]], Asked(search="p4")).rows[0].id == ids[4]


@pytest.mark.wild(
    "picture links",
    source="https://github.com/lukesnowden/google-shopping-feed/issues/24",
    given="several `additional_image_link` of a product",
    right="in the side sheet each has a line of its own",
)
def test_several_additional_links_are_shown_in_lines(app: Application, viewer: Viewer, frame_id: int) -> None:
    (output_id,) = add_outputs(app, frame_id, ["x1"])
    links = ["https://img.example.com/1b.jpg", "https://img.example.com/1,c.jpg"]
    with app.database.write() as session:
        product = session.exec(select(Product)).one()
        product.data = {**product.data, "additional_image_link": links}
    shown = outputs.detail(app, viewer, output_id).data["additional_image_link"]
    assert shown == "https://img.example.com/1b.jpg\nhttps://img.example.com/1,c.jpg"


def test_an_output_is_looked_at_with_its_neighbours(app: Application, viewer: Viewer, frame_id: int) -> None:
    ids = add_outputs(app, frame_id, ["x1", "y2", "x3", "x4"], failed=[3])
    detail = outputs.detail(app, viewer, ids[2], Asked(search="x"))
    assert (detail.previous_id, detail.next_id) == (ids[0], ids[3])
    assert outputs.detail(app, viewer, ids[2], Asked(chosen="done", search="x")).next_id == 0
    assert detail.data == {"price": "9.90 EUR"}
    assert detail.image_link == "https://shop.example/2.jpg"


def test_deleting_takes_outputs_and_pictures_that_nothing_else_names(
    app: Application, viewer: Viewer, frame_id: int
) -> None:
    ids = add_outputs(app, frame_id, ["a", "b", "c"])
    with app.database.write() as session:
        first, second, third = (session.get_one(Output, output_id) for output_id in ids)
        second.key = first.key  # the same pixels have the same address
        shared, own = first.key, third.key
    assert outputs.delete(app, viewer, frame_id, [ids[0], ids[2]]) == 2
    assert app.storage.exists(shared)
    assert not app.storage.exists(own)
    assert [row.id for row in outputs.page(app, viewer, frame_id).rows] == [ids[1]]
    assert outputs.delete(app, viewer, frame_id, ids) == 1
    assert not app.storage.exists(shared)


def test_deleting_in_mid_run_keeps_the_totals_and_leaves_the_pictures_to_the_sweep(
    app: Application, viewer: Viewer, frame_id: int
) -> None:
    ids = add_outputs(app, frame_id, ["a", "b"])
    with app.database.write() as session:
        run = Run(workspace_id=viewer.workspace_id, frame_id=frame_id, state=RunState.RUNNING, total=2, rendered=1)
        session.add(run)
        session.flush()
        pending = session.get_one(Output, ids[0])
        pending.state, pending.run_id, key, run_id = OutputState.PENDING, run.id, pending.key, run.id
    outputs.delete(app, viewer, frame_id, ids[:1])
    with app.database.read() as session:
        assert session.get_one(Run, run_id).total == 1
    assert app.storage.exists(key)


def test_everything_that_matches_is_deleted(app: Application, viewer: Viewer, frame_id: int) -> None:
    add_outputs(app, frame_id, [f"x{number}" for number in range(5)] + ["y"], failed=[0, 1])
    assert list(outputs.deleting(app, viewer, frame_id, search="x", state="done")) == [3]
    assert outputs.counts(app, viewer, frame_id) == {"pending": 0, "done": 1, "failed": 2, "cancelled": 0}


def test_those_that_are_still_there_are_told(app: Application, viewer: Viewer, frame_id: int) -> None:
    ids = add_outputs(app, frame_id, ["a", "b", "c"])
    outputs.delete(app, viewer, frame_id, ids[:1])
    assert outputs.present(app, viewer, frame_id, ids) == ids[1:]


def test_a_deletion_goes_part_by_part_and_no_further_than_asked(
    app: Application, viewer: Viewer, frame_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "DELETE_BATCH", 2)
    ids = add_outputs(app, frame_id, [f"x{number}" for number in range(5)])
    parts = outputs.deleting(app, viewer, frame_id, ids=ids)
    assert next(parts) == 2
    assert outputs.counts(app, viewer, frame_id)["done"] == 3
    assert list(parts) == [2, 1]


def test_a_picture_is_looked_for_where_a_zip_would_be_made(app: Application, viewer: Viewer, frame_id: int) -> None:
    add_outputs(app, frame_id, ["x1", "x2", "y1"], failed=[1])
    asked = [{}, {"state": "done"}, {"state": "failed"}, {"search": "x"}, {"search": "x2"}, {"search": "z"}]
    found = [outputs.any_picture(app, viewer, frame_id, **chosen) for chosen in asked]
    assert found == [True, True, False, True, False, False]


def test_strangers_find_nothing(app: Application, viewer: Viewer, frame_id: int) -> None:
    ids = add_outputs(app, frame_id, ["a"])
    stranger = register(app, "eve", "a long enough pass phrase")
    mine = add_frame(app, stranger)
    for attempt in (
        lambda: outputs.page(app, stranger, frame_id),
        lambda: outputs.counts(app, stranger, frame_id),
        lambda: outputs.refreshed(app, stranger, frame_id, ids),
        lambda: outputs.slice_of(app, stranger, frame_id, start=0, length=1, search=""),
        lambda: outputs.detail(app, stranger, ids[0]),
        lambda: outputs.picture(app, stranger, ids[0]),
        lambda: outputs.delete(app, stranger, frame_id, ids),
        lambda: list(outputs.deleting(app, stranger, frame_id)),
        lambda: outputs.any_picture(app, stranger, frame_id),
        lambda: outputs.present(app, stranger, frame_id, ids),
        lambda: outputs.picture(app, viewer, ids[0], frame_id=mine),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert outputs.delete(app, stranger, mine, ids) == 0
    assert outputs.present(app, stranger, mine, ids) == []
    assert outputs.refreshed(app, stranger, mine, ids).rows == []
    assert outputs.counts(app, viewer, frame_id)["done"] == 1


@pytest.mark.parametrize("wrong", [{"sort": "size"}, {"chosen": "lost"}, {"after": "x"}, {"after": '["x", 1]'}])
def test_what_no_page_of_ours_asks_is_refused(
    app: Application, viewer: Viewer, frame_id: int, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        outputs.page(app, viewer, frame_id, Asked(**wrong))  # type: ignore[arg-type]
