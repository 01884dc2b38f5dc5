"""Slots for one kind of work in a worker: so many in all, and so many of one workspace. One event loop's."""

from __future__ import annotations

import asyncio
from collections import Counter, deque


class Slots:
    """``total`` in all, of which one workspace gets ``share`` at most, so that nobody takes all."""

    def __init__(self, total: int, share: int) -> None:
        self._total = total
        self._share = share
        self._held: Counter[int] = Counter()
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    def take(self, workspace_id: int) -> Slot | None:
        """A slot for the workspace; None where it has its share, or all are taken."""
        return Slot(self, workspace_id) if self._begin(workspace_id) else None

    async def wait(self, workspace_id: int) -> None:
        """Hold a slot, once it is the workspace's turn: those that may have one get it in the order of asking."""
        if self._begin(workspace_id):
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((workspace_id, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came with the cancellation
                self.give_back(workspace_id)
            raise

    def give_back(self, workspace_id: int) -> None:
        """Hold one slot less, and hand it on."""
        self._held[workspace_id] -= 1
        self._held += Counter()  # drops the zeros
        for place in list(self._waiting):
            waiting, turn = place
            if turn.done():
                self._waiting.remove(place)
            elif self._begin(waiting):
                self._waiting.remove(place)
                turn.set_result(None)

    def _begin(self, workspace_id: int) -> bool:
        if self._held.total() >= self._total or self._held[workspace_id] >= self._share:
            return False
        self._held[workspace_id] += 1
        return True


class Slot:
    """A held slot, which may be exchanged for one of another kind of work."""

    def __init__(self, slots: Slots, workspace_id: int) -> None:
        self._slots: Slots | None = slots
        self._workspace_id = workspace_id

    async def exchange(self, slots: Slots) -> None:
        """Hold one of these; the present one is given back when it has come."""
        if self._slots is not slots:
            await slots.wait(self._workspace_id)
            self.give_back()
            self._slots = slots

    def give_back(self) -> None:
        """Hold it no longer; a second time does nothing."""
        if self._slots is not None:
            self._slots.give_back(self._workspace_id)
            self._slots = None
