"""Temporary files in a shared room."""

from __future__ import annotations

import errno
import os

import pytest

from frameapp.adapters.spool import Room
from frameapp.errors import TooLarge


def test_a_file_gets_half_of_the_room_and_leaves_some_to_the_next() -> None:
    room = Room(1_000)
    first, second = room.file(), room.file()
    first.write(bytes(500))
    with pytest.raises(TooLarge, match=r"no room"):
        first.write(b"x")
    second.write(bytes(250))
    with pytest.raises(TooLarge):
        second.write(b"x")
    assert room.used == 750
    first.close()
    second.write(bytes(250))
    second.close()
    second.close()
    assert room.used == 0


def test_a_file_that_begins_anew_gives_back_what_it_had() -> None:
    room = Room(1_000)
    file = room.file()
    file.write(b"one feed")
    file.seek(0)
    file.truncate()
    assert (file.size, room.used) == (0, 0)
    file.write(b"two")
    assert os.pread(file.fileno(), 10, 0) == b"two"
    file.close()
    with pytest.raises(ValueError, match="closed"):
        file.write(b"late")
    assert room.used == 0


def test_a_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        closed = False

        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    file = Room(1_000).file()
    file._file.close()
    monkeypatch.setattr(file, "_file", Full())
    with pytest.raises(TooLarge, match=r"no room"):
        file.write(b"x")
