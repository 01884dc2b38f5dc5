"""The ZIP of outputs."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest

from frameapp.errors import Invalid, NotFound
from frameapp.services import archive
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from tests.outputs import add_frame, add_outputs, lose_picture, picture


@pytest.fixture
def viewer(app: Application) -> Viewer:
    return register(app, "ada", "a long enough pass phrase")


def opened(chunks: Iterator[bytes]) -> zipfile.ZipFile:
    made = zipfile.ZipFile(BytesIO(b"".join(chunks)))
    assert made.testzip() is None
    return made


def test_it_holds_each_picture_under_a_safe_name_of_its_own(app: Application, viewer: Viewer) -> None:
    frame_id = add_frame(app, viewer, "Summer / sale")
    add_outputs(app, frame_id, ["a/b", "A-B", "../x", "gone", "Größe 42"], failed=[3])
    made = archive.archive(app, viewer, frame_id)
    assert made.name == "Summer-sale.zip"
    file = opened(made.chunks)
    assert file.namelist() == ["a-b.jpg", "A-B-2.jpg", "x.jpg", "Größe-42.jpg"]
    assert file.read("x.jpg") == picture()


def test_it_is_of_the_named_or_of_the_matching_ones(app: Application, viewer: Viewer) -> None:
    frame_id = add_frame(app, viewer)
    ids = add_outputs(app, frame_id, ["x1", "y2", "x3"])
    foreign = add_outputs(app, add_frame(app, viewer, "Other"), ["z"])
    assert opened(archive.archive(app, viewer, frame_id, ids=[ids[2], ids[2], *foreign]).chunks).namelist() == [
        "x3.jpg"
    ]
    assert opened(archive.archive(app, viewer, frame_id, search="x").chunks).namelist() == ["x1.jpg", "x3.jpg"]
    assert opened(archive.archive(app, viewer, frame_id, state="failed").chunks).namelist() == []
    assert opened(archive.archive(app, viewer, frame_id, ids=[]).chunks).namelist() == []


def test_it_says_what_could_not_be_read(app: Application, viewer: Viewer) -> None:
    frame_id = add_frame(app, viewer)
    ids = add_outputs(app, frame_id, ["a", "b"])
    lose_picture(app, ids[0])
    file = opened(archive.archive(app, viewer, frame_id).chunks)
    assert file.namelist() == ["b.jpg", archive.MISSING_NAME]
    assert file.read(archive.MISSING_NAME).decode().splitlines()[1:] == ["a"]


def test_pages_of_rows_follow_each_other(app: Application, viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BATCH", 2)
    frame_id = add_frame(app, viewer)
    ids = add_outputs(app, frame_id, [f"p{number}" for number in range(5)])
    names = [f"p{number}.jpg" for number in range(5)]
    assert opened(archive.archive(app, viewer, frame_id).chunks).namelist() == names
    assert opened(archive.archive(app, viewer, frame_id, ids=ids).chunks).namelist() == names


def test_pictures_are_read_as_they_are_sent(app: Application, viewer: Viewer) -> None:
    frame_id = add_frame(app, viewer)
    ids = add_outputs(app, frame_id, ["a", "b"])
    chunks = archive.archive(app, viewer, frame_id).chunks
    begun = next(chunks)
    lose_picture(app, ids[1])
    assert opened(itertools.chain([begun], chunks)).namelist() == ["a.jpg", archive.MISSING_NAME]


def test_strangers_and_nonsense_are_refused(app: Application, viewer: Viewer) -> None:
    frame_id = add_frame(app, viewer)
    stranger = register(app, "eve", "a long enough pass phrase")
    with pytest.raises(NotFound):
        archive.archive(app, stranger, frame_id)
    with pytest.raises(Invalid):
        archive.archive(app, viewer, frame_id, state="lost")
    with pytest.raises(Invalid):
        archive.archive(app, viewer, frame_id, ids=range(archive.MOST_IDS + 1))
