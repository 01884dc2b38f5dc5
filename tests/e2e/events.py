"""A client that is no browser: it calls the pages' events by name, with any payload, over Reflex's own WebSocket."""

from __future__ import annotations

import json
import uuid
from typing import Any

from simple_websocket import Client

NAMESPACE = "/_event"
PING_SECONDS = 1  # a message that comes together with the handshake's answer is only seen when more comes: a pong


class Caller:
    """A connection under somebody's cookie (https://socket.io/docs/v4/socket-io-protocol)."""

    def __init__(self, port: int, cookie: str) -> None:
        query = f"EIO=4&transport=websocket&token={uuid.uuid4()}"
        self._socket = Client(
            f"ws://localhost:{port}{NAMESPACE}/?{query}", headers={"Cookie": cookie}, ping_interval=PING_SECONDS
        )
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

    def answers(self, *, until: str = "", quiet: float = 2.0) -> str:
        """All that comes until ``until`` does, and then until nothing comes for ``quiet`` seconds, as one text."""
        found: list[str] = []
        awaited = until
        while (message := self._socket.receive(timeout=20 if awaited else quiet)) is not None:
            if message == "2":
                self._socket.send("3")  # the heartbeat
                continue
            found.append(message)
            if awaited in message:
                awaited = ""
        assert not awaited, f"{until} did not come"
        return "".join(found)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
