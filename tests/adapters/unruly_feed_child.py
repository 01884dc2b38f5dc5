"""A feed's child that misbehaves on demand: the beginning of the feed says how."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import numpy as np

from frameapp.adapters import feed_child
from frameapp.adapters.child_main import Answer, Tell, serve


def answer(head: dict[str, Any], blobs: list[bytes], tell: Tell) -> Answer:
    """Crash, stall, take all memory or fail where the feed says so; otherwise read it."""
    tell({"progress": 1})
    match os.pread(head["file"], 10, 0):
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"stall":
            time.sleep(3600)
        case b"memory":
            np.empty(3_000_000_000, np.uint8)
        case b"bug":
            raise KeyError("a bug")
    return feed_child.answer(head, blobs, tell)


if __name__ == "__main__":
    serve(answer, int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
