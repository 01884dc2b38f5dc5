"""A render child whose pictures misbehave on demand: the bytes of a source say how."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import numpy as np

from frameapp.adapters import render_child
from frameapp.core.design.recipe import Recipe
from frameapp.core.render import FrameImage, Rendered

real_render = render_child.render


def render(source: bytes, frame: FrameImage, recipe: Recipe) -> Rendered:
    """Crash, stall, take all memory or fail where the source says so; otherwise render it."""
    match source:
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
    return real_render(source, frame, recipe)


if __name__ == "__main__":
    render_child.render = render
    render_child.main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
