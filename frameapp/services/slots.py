"""A worker's slots for one kind of work: a workspace holds one while its job is done."""

from __future__ import annotations

import sys

from frameapp.services.turns import Turns


class Slots(Turns):
    """``total`` in all, of which one workspace gets ``share`` at most. One event loop's."""

    def __init__(self, total: int, share: int) -> None:
        super().__init__(in_all=total, each=share, waiting=sys.maxsize, full="")

    def take(self, workspace_id: int) -> Slot | None:
        """A slot for the workspace; None where it has its share, or all are taken."""
        return Slot(self, workspace_id) if self.enter(workspace_id) else None


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
            self._slots.leave(self._workspace_id)
            self._slots = None
