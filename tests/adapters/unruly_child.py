"""A render child whose pictures misbehave on demand: the bytes of a source say how."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import numpy as np

from frameapp.adapters import render_child
from frameapp.core.render.source import Source
from frameapp.core.render.steps.scene import Pictures

real_source = Pictures.source


def source(pictures: Pictures, key: str) -> Source:
    """Crash, stall, take all memory or fail where the picture says so; otherwise open it."""
    match pictures.files[key]:
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"stall":
            time.sleep(3600)
        case b"memory":
            hoard: list[Any] = []
            while True:
                hoard.append(np.empty(50_000_000, np.uint8))  # asked for, and not touched: that would take seconds
        case b"bug":
            raise KeyError("a bug")
    return real_source(pictures, key)


if __name__ == "__main__":
    Pictures.source = source  # type: ignore[method-assign]
    render_child.main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
