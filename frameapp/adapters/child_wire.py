"""The messages between a process and its child: a JSON head and blobs of bytes, over one socket.

A message is ``length of head`` (4 bytes, big endian), the head, then the blobs; the head's ``blobs`` lists their
lengths. Nothing of it can carry code: a child that a hostile file took over can only send values.
"""

import json
import socket
import struct
import time
from typing import Any

HEAD = struct.Struct(">I")
MAX_HEAD = 1_000_000
MAX_BLOB = 512_000_000
BUFFER = 1_000_000


class WireClosed(Exception):
    """The other end is gone, or sent what is no message."""


def widen(connection: socket.socket) -> None:
    """Make the socket's buffers hold a whole picture where the system allows it."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)


def send(connection: socket.socket, head: dict[str, Any], *blobs: bytes, deadline: float | None = None) -> None:
    """Send one message. Raises TimeoutError after ``deadline`` (monotonic seconds), WireClosed where nobody reads."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}, separators=(",", ":")).encode()
    try:
        for part in (HEAD.pack(len(text)) + text, *blobs):
            _wait_until(connection, deadline)
            connection.sendall(part)
    except TimeoutError:
        raise
    except OSError as error:
        raise WireClosed from error


def receive(connection: socket.socket, *, deadline: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
    """The next message: its head and its blobs. Raises TimeoutError and WireClosed as ``send`` does."""
    try:
        (length,) = HEAD.unpack(_exactly(connection, HEAD.size, deadline))
        if length > MAX_HEAD:
            raise WireClosed
        head = json.loads(_exactly(connection, length, deadline))
        lengths = head["blobs"]
        if sum(lengths) > MAX_BLOB or any(length < 0 for length in lengths):
            raise WireClosed
        return head, [bytes(_exactly(connection, length, deadline)) for length in lengths]
    except TimeoutError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WireClosed from error


def _exactly(connection: socket.socket, length: int, deadline: float | None) -> bytearray:
    data = bytearray(length)
    view, filled = memoryview(data), 0
    while filled < length:
        _wait_until(connection, deadline)
        count = connection.recv_into(view[filled:])
        if count == 0:
            raise WireClosed
        filled += count
    return data


def _wait_until(connection: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
