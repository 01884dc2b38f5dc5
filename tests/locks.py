"""Who waits for a file's lock, as Linux tells it."""

from __future__ import annotations

from pathlib import Path


def waiting(path: Path) -> int:
    """How many wait for the lock (flock) of this file or folder."""
    wanted = str(path.stat().st_ino)
    blocked = [line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
    return sum(fields[6].rpartition(":")[2] == wanted for fields in blocked)
