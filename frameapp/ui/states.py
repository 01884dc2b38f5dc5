"""The states of pages that are gone: kept for who may come back, and for no longer.

Reflex keeps every state for an hour after its last event (``redis_token_expiration``, which holds for states in memory
too). A page of a signed-in user that lost its connection finds what was typed within that time, as long as the user has
not left ``MOST_LEFT`` others behind since; what a stranger's connection leaves is dropped within seconds.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken

SWEEP_SECONDS = 2.0
STRANGERS_SECONDS = 5.0  # what a stranger's page may take to connect again
MOST_LEFT = 20  # states without a page, of a user


class States:
    """Knows which states have no page any more, whose they were and since when."""

    def __init__(self, app: rx.App) -> None:
        self._app = app
        self._left: dict[str, tuple[int | None, float]] = {}  # by client token: user, moment

    def left(self, token: str, user_id: int | None) -> None:
        """The page of this token has gone."""
        self._left[token] = (user_id, time.monotonic())

    @asynccontextmanager
    async def forgetting(self) -> AsyncIterator[None]:
        """Drop what may be dropped while the web process lives."""
        sweeping = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            sweeping.cancel()
            await asyncio.wait([sweeping])

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.forget()

    def forget(self) -> None:
        """Drop the states that nobody comes back for, by private parts of Reflex (docs/decisions/0006)."""
        manager: Any = self._app.state_manager
        if not isinstance(manager, StateManagerMemory):
            return
        connected = self._connected()
        gone = {key.rpartition("/")[0] for key in manager.states} - connected
        now = time.monotonic()
        for token in gone:  # one that never had a page is a stranger's
            self._left.setdefault(token, (None, now))
        self._left = {token: left for token, left in self._left.items() if token in gone}
        for token in self._overdue(now):
            key = BaseStateToken(ident=token, cls=rx.State)
            lock = manager._states_locks.get(key.lock_key)
            if lock is None or not lock.locked():
                manager._purge_token(key)
                del self._left[token]

    def _connected(self) -> set[str]:
        namespace = self._app.event_namespace
        return set(namespace.sid_to_token.values()) if namespace else set()

    def _overdue(self, now: float) -> list[str]:
        of_users: dict[int, list[tuple[float, str]]] = defaultdict(list)
        found = []
        for token, (user_id, since) in self._left.items():
            if user_id is not None:
                of_users[user_id].append((since, token))
            elif now - since > STRANGERS_SECONDS:
                found.append(token)
        for left in of_users.values():
            found += [token for _, token in sorted(left)[:-MOST_LEFT]]
        return found
