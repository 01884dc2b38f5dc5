"""A client that is no browser: it calls the pages' events by name, with any payload, over Reflex's own WebSocket."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMESPACE = "/_event"


class Caller:
    """A connection under somebody's cookie (https://socket.io/docs/v4/socket-io-protocol)."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.answers(until="0{", quiet=0)
        self._socket.send(f"40{NAMESPACE},")
        self.answers(until=f"40{NAMESPACE}", quiet=0)

    def call(self, name: str, path: str, payload: dict[str, Any]) -> None:
        """Call the event by its full name, as the page at ``path`` would."""
        event = {
            "name": name,
            "payload": payload,
            "router_data": {"pathname": path, "asPath": path, "query": {}},
            "token": "",
        }
        self._socket.send(f"42{NAMESPACE},{json.dumps(['event', event])}")

    def leave(self) -> None:
        """Close the connection, as a tab that is closed does."""
        self._socket.close()

    def answers(self, *, until: str = "", quiet: float = 2.0) -> str:
        """All that comes until ``until`` does, and then until nothing comes for ``quiet`` seconds, as one text."""
        found: list[str] = []
        awaited = until
        while True:
            try:
                message = self._socket.recv(timeout=120 if awaited else quiet, decode=True)
            except TimeoutError:
                break
            if message == "2":
                self._socket.send("3")  # the heartbeat
                continue
            found.append(message)
            if awaited in message:
                awaited = ""
        assert not awaited, f"{until} did not come"
        return "".join(found)


@contextmanager
def calling(port: int, cookie: str) -> Iterator[Caller]:
    """A caller under that Cookie header, until the end of the block."""
    address = f"ws://localhost:{port}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    with connect(address, additional_headers={"Cookie": cookie}, proxy=None, max_size=None) as socket:
        yield Caller(socket)
