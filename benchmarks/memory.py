"""Peaks of resident memory of a process's descendants, read from /proc (Linux)."""

from __future__ import annotations

import threading
from pathlib import Path

PAGE_MB = 4096 / 1_000_000
EVERY_SECONDS = 0.25


def descendants(pid: int) -> list[int]:
    """The process ids below ``pid``."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split() if int(child) not in found]
            except OSError:
                continue
    return found[1:]


def command_of(pid: int) -> str:
    """The command line, empty where the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def resident_mb(pid: int) -> float:
    """Resident memory in MB, 0 where the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
    except OSError:
        return 0.0


class Peaks:
    """Watches the children of the supervisor whose command holds a word, each with all processes below it."""

    def __init__(self, supervisor: int, **words: str) -> None:
        self.words = words
        self.peaks = dict.fromkeys(words, 0.0)
        self._supervisor = supervisor
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peaks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            for task in Path(f"/proc/{self._supervisor}/task").glob("*/children"):
                for child in map(int, task.read_text().split()):
                    command = command_of(child)
                    for name, word in self.words.items():
                        if word in command:
                            total = sum(resident_mb(pid) for pid in (child, *descendants(child)))
                            self.peaks[name] = max(self.peaks[name], total)
