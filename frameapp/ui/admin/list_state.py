"""What the administration's lists have in common: search, filter, order, and pages by key."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.ui.session import PageState, acts

SEARCH_ID = "admin-search"


@dataclass(frozen=True)
class FilterView:
    """Something to filter by; ``word`` is empty for all, ``count`` where it is not counted."""

    word: str
    label: str
    count: str = ""


class ListState(PageState, mixin=True):
    """A page of a list. The state itself reads it (``_read``) and has the variable ``rows``."""

    search: str = ""
    chosen: str = ""
    sort: str = ""
    owner: str = ""
    filters: list[FilterView] = []
    next_key: str = ""
    previous_key: str = ""
    _owner_id: int = 0

    @rx.var
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.search or self.chosen or self.owner)

    @rx.event
    @acts
    async def find(self, text: str) -> None:
        """Search."""
        self.search = text.strip()
        await self._read()

    @rx.event
    @acts
    async def choose(self, word: str) -> None:
        """Filter."""
        self.chosen = word
        await self._read()

    @rx.event
    @acts
    async def sort_by(self, sort: str) -> None:
        """Change the order."""
        self.sort = sort
        await self._read()

    @rx.event
    @acts
    async def show_everybody(self) -> None:
        """Show the rows of all users again."""
        self.owner, self._owner_id = "", 0
        await self._read()

    @rx.event
    @acts
    async def show_all(self) -> Any:
        """Show everything again."""
        self.search = self.chosen = self.owner = ""
        self._owner_id = 0
        await self._read()
        return rx.set_value(SEARCH_ID, "")

    @rx.event
    @acts
    async def turn(self, where: str) -> None:
        """Go to the first, previous or next page."""
        if where == "next" and self.next_key:
            await self._read(after=self.next_key)
        elif where == "previous" and self.previous_key:
            await self._read(before=self.previous_key)
        else:
            await self._read()

    async def _read(self, *, after: str = "", before: str = "") -> None:
        """Read a page: the first, or the one after or before a key."""
        raise NotImplementedError
