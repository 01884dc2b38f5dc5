"""The logs of supervised processes. They write into a pipe, so a log rotates while they run and no line is lost."""

import itertools
import os
import threading
from pathlib import Path
from typing import IO

LOG_LIMIT = 10_000_000  # bytes; a log that reaches it is kept as `NAME.log.1`
KEPT = 2  # earlier ones
CHUNK = 65_536


class Log:
    """One process's log file, through its restarts."""

    def __init__(self, path: Path, *, limit: int = LOG_LIMIT) -> None:
        self.path = path
        self._limit = limit
        self._file: IO[bytes] | None = None
        self._size = 0
        self._lost = 0  # bytes that the disk did not take
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None

    def pipe(self) -> int:
        """The end of a new pipe for a process to write into; the caller closes its own copy once that has begun."""
        self.write(b"")  # the file is there from the start
        reading, writing = os.pipe()
        self._reader = threading.Thread(target=self._follow, args=(reading,), name=self.path.name, daemon=True)
        self._reader.start()
        return writing

    def close(self, *, seconds: float = 2) -> None:
        """Close the file once all is written that an ended process said; who writes later opens it again."""
        if self._reader:
            self._reader.join(seconds)
        with self._lock:
            self._close()

    def tail(self) -> str:
        """The last words of a process that has ended."""
        self.close()
        return self.path.read_text(errors="replace")[-3000:] if self.path.exists() else ""

    def write(self, data: bytes) -> None:
        """Add to the log; where it is full, its last line ends in it and the next one begins a new log."""
        with self._lock:
            try:
                if self._lost:
                    self._add(f"[{self._lost} bytes are missing here: the log could not be written]\n".encode())
                    self._lost = 0
                data = self._rotated(data)
                self._add(data)
            except OSError:  # a full disk must not stop what logs
                self._lost += len(data)

    def _rotated(self, data: bytes) -> bytes:
        """What of the data is for the present file, which may be a new one."""
        if self._file and self._size + len(data) > self._limit:
            end, newline, rest = data.partition(b"\n")
            self._add(end + newline)
            if newline or self._size > 2 * self._limit:
                self._rotate()
            return rest
        return data

    def _rotate(self) -> None:
        self._close()
        names = [self.path, *(self.path.with_name(f"{self.path.name}.{number}") for number in range(1, KEPT + 1))]
        for newer, older in reversed(list(itertools.pairwise(names))):
            if newer.exists():
                newer.replace(older)

    def _close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _add(self, data: bytes) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._file = os.fdopen(descriptor, "ab", buffering=0)
            self._size = self.path.stat().st_size
        view = memoryview(data)
        while view:
            written = self._file.write(view) or 0
            self._size += written
            view = view[written:]

    def _follow(self, reading: int) -> None:
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            while data := pipe.read(CHUNK):
                self.write(data)
