"""What the administration's lists have in common: search, filter, order, and pages by key."""

import asyncio
from typing import Any

import reflex as rx

from frameapp.services.admin.access import Asked
from frameapp.services.viewer import Viewer
from frameapp.ui.components.filters import Filter
from frameapp.ui.session import PageState, acts, client_is_gone, require_admin

REFRESH_SECONDS = 2.0
SEARCH_ID = "admin-search"


class ListState(PageState, mixin=True):
    """A page of a list. The state itself brings it (``_page``), shows it (``_put``) and has the variable ``rows``."""

    search: str = ""
    chosen: str = ""
    sort: str = ""
    owner: str = ""
    filters: list[Filter] = []
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

    async def _read(self, **edge: str) -> None:
        """Read a page: the first, or the one ``after`` or ``before`` a key."""
        viewer = await require_admin(self)
        asked = Asked(self.search, self._owner_id, self.chosen, self.sort, **edge)
        page = await asyncio.to_thread(self._page, viewer, asked)
        self._put(page, viewer)
        self.next_key, self.previous_key = page.next_key, page.previous_key

    def _page(self, viewer: Viewer, asked: Asked) -> Any:
        """The page that is asked for. Blocks."""
        raise NotImplementedError

    def _put(self, page: Any, viewer: Viewer) -> None:
        """Show the page's rows."""
        raise NotImplementedError


class LiveList(ListState, mixin=True):
    """A list whose page is read again while something on it moves. The state itself says what moves (``_moves``)."""

    rows: list[Any] = []
    _edge: dict[str, str] = {}  # what the page on show was asked by

    @rx.event(background=True)
    @acts
    async def follow(self, admin: Viewer) -> None:
        """Read the page again while something on it moves, until it is left."""
        while not client_is_gone(self):
            await asyncio.sleep(REFRESH_SECONDS)
            await require_admin(self)
            async with self:
                if self._moves():
                    await self._read(**self._edge)
                if self._edge and not self.rows:  # the page's last row has gone
                    await self._read()

    async def _read(self, **edge: str) -> None:
        await super()._read(**edge)
        self._edge = edge

    def _show(self, rows: list[Any]) -> None:
        """Only what has changed goes to the browser."""
        if rows != self.rows:
            self.rows = rows

    def _moves(self) -> bool:
        """Whether something on the page on show moves."""
        raise NotImplementedError
