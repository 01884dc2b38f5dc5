"""The inside of a child process: limits, then one answer after the other until the other end is gone.

``python -m MODULE SOCKET_FD MEMORY_MB SECONDS``. The kernel ends it by SIGALRM when one message takes longer than
SECONDS, even inside C code.
"""

import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from frameapp.adapters.child_wire import WireClosed, receive, send, widen
from frameapp.errors import FrameappError

Answer = tuple[dict[str, Any], tuple[bytes, ...]]
Tell = Callable[[dict[str, Any]], None]
Answerer = Callable[[dict[str, Any], list[bytes], Tell], Answer]


def serve(answer: Answerer, descriptor: int, memory_mb: int, seconds: float) -> None:
    """Answer until the other end closes; ``answer`` gets the head, the blobs, and what sends progress."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; the parent decides
    limit_memory(memory_mb)
    connection = socket.socket(fileno=descriptor)
    widen(connection)
    threading.Thread(target=end_with_parent, args=(descriptor,), daemon=True).start()
    try:
        send(connection, {"ready": True})
        while True:
            head, blobs = receive(connection)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            found, data = _answered(answer, head, blobs, lambda said: send(connection, said))
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(connection, found, *data)
    except WireClosed:
        return


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


def _answered(answer: Answerer, head: dict[str, Any], blobs: list[bytes], tell: Tell) -> Answer:
    """The answer to one message; a failure is an answer too."""
    try:
        return answer(head, blobs, tell)
    except MemoryError:
        return {"failed": "memory"}, ()
    except FrameappError as error:
        return {"failed": type(error).__name__, "sentence": str(error)}, ()
    except WireClosed:
        raise
    except Exception:  # the boundary: the other end logs the traceback and names the file
        return {"failed": "bug", "traceback": traceback.format_exc()}, ()
