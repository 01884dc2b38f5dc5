"""The process that decodes strangers' pictures: started by ``Renderer``, imports nothing of ours but ``core``.

``python -m frameapp.adapters.render_child SOCKET_FD MEMORY_MB SECONDS``. It ends when the renderer's end of the socket
closes, and the kernel ends it by SIGALRM when one picture takes longer than it may, even inside C code.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from frameapp.adapters.heap import keep_memory
from frameapp.adapters.render_wire import WireClosed, receive, send, widen
from frameapp.core.render import FrameImage, inspect_frame, load_frame, render, thumbnail, trimmed
from frameapp.core.render.recipe import Recipe
from frameapp.errors import FrameappError

FRAMES_KEPT = 4

Answer = tuple[dict[str, Any], tuple[bytes, ...]]


class Child:
    """Answers one message after the other; keeps the last few frame images decoded."""

    def __init__(self) -> None:
        self._frames: OrderedDict[str, FrameImage] = OrderedDict()
        self._recipes: dict[str, Recipe] = {}

    def answer(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """The answer to one message; a failure is an answer too."""
        try:
            match head["do"]:
                case "frame":
                    return self._keep(head["frame"], load_frame(blobs[0]))
                case "render":
                    return self._render(head["frame"], head["recipe"], blobs[0])
                case "inspect":
                    return {"facts": asdict(inspect_frame(blobs[0]))}, ()
                case "thumbnail":
                    return {}, (thumbnail(blobs[0], head["longest"]),)
                case "trim":
                    return {}, (trimmed(blobs[0], head["longest"]),)
                case unknown:
                    raise ValueError(unknown)
        except MemoryError:
            return {"failed": "memory"}, ()
        except FrameappError as error:
            return {"failed": type(error).__name__, "sentence": str(error)}, ()
        except Exception:  # the boundary: the renderer logs the traceback and names the picture
            return {"failed": "bug", "traceback": traceback.format_exc()}, ()

    def _keep(self, digest: str, frame: FrameImage) -> Answer:
        self._frames[digest] = frame
        while len(self._frames) > FRAMES_KEPT:
            self._frames.popitem(last=False)
        return {}, ()

    def _render(self, digest: str, recipe: str, source: bytes) -> Answer:
        frame = self._frames.get(digest)
        if frame is None:
            return {"failed": "unknown frame"}, ()
        self._frames.move_to_end(digest)
        rendered = render(source, frame, self._recipe(recipe))
        facts = {
            "format": rendered.format,
            "width": rendered.width,
            "height": rendered.height,
            "pixels_digest": rendered.pixels_digest,
            "source": asdict(rendered.source),
        }
        return {"rendered": facts}, (rendered.data,)

    def _recipe(self, text: str) -> Recipe:
        if text not in self._recipes:
            if len(self._recipes) > 100:
                self._recipes.clear()
            self._recipes[text] = Recipe.from_json(json.loads(text))
        return self._recipes[text]


def limit_memory(megabytes: int) -> None:
    """Let allocations beyond that many MB fail, where the system can count them (not on macOS)."""
    if sys.platform == "linux":
        import resource

        size = megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def end_with_parent(descriptor: int) -> None:
    """End this process at once, whatever it is doing, when the other end of the socket closes."""
    poll = select.poll()
    poll.register(descriptor, 0)  # hang-ups are told unasked
    poll.poll()
    os._exit(0)


def main(descriptor: int, memory_mb: int, seconds: float) -> None:
    """Serve until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; the parent decides
    limit_memory(memory_mb)
    keep_memory()
    connection = socket.socket(fileno=descriptor)
    widen(connection)
    threading.Thread(target=end_with_parent, args=(descriptor,), daemon=True).start()
    child = Child()
    try:
        send(connection, {"ready": True})
        while True:
            head, blobs = receive(connection)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer, data = child.answer(head, blobs)
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(connection, answer, *data)
    except WireClosed:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
