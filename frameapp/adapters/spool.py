"""Temporary files that share a bounded room on the disk."""

from __future__ import annotations

import errno
import tempfile
import threading

from frameapp.errors import TooLarge

FULL = "There is no room to read so large a feed at the moment. Try again in a few minutes."
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class Room:
    """``size`` bytes for all files together. A file may grow as long as it is not larger than what is left beside it.

    So one file gets half of the room at most, and even the largest leave some of it to the next.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.used = 0
        self.lock = threading.Lock()

    def file(self) -> Spooled:
        """A new, empty file."""
        return Spooled(self)


class Spooled:
    """A file without a name, gone when it is closed, of ``size`` bytes. Any thread may write to it."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (closed by ``close``)
        self.size = 0
        self._turn = threading.Lock()  # a descriptor that is closed under a write may be another file's by then

    def write(self, data: bytes) -> int:
        """Append; the number of bytes written. Raises TooLarge where the room, or the disk, is full."""
        with self._turn:
            self._take(len(data))
            try:
                view = memoryview(data)
                while view:
                    view = view[self._file.write(view) :]
            except OSError as error:
                raise TooLarge(FULL) if error.errno in NO_SPACE else error from None
        return len(data)

    def tell(self) -> int:
        """The position in bytes."""
        return self._file.tell()

    def seek(self, position: int) -> int:
        """Go there."""
        return self._file.seek(position)

    def truncate(self) -> int:
        """Cut it off at the present position, which is given back to the room."""
        with self._room.lock:
            self._grow(self._file.tell() - self.size)
        return self._file.truncate()

    def fileno(self) -> int:
        """The descriptor, for a child."""
        return self._file.fileno()

    def close(self) -> None:
        """Give all of it back. Freeing gigabytes takes a while."""
        with self._turn, self._room.lock:
            if not self._file.closed:
                self._grow(-self.size)
                self._file.close()

    def _take(self, count: int) -> None:
        with self._room.lock:
            if self._file.closed:
                raise ValueError("The file is closed.")
            if self.size + count > self._room.size - self._room.used - count:
                raise TooLarge(FULL)
            self._grow(count)

    def _grow(self, by: int) -> None:
        self.size += by
        self._room.used += by
