"""Lists that come in pages by number: frames and runs. Outputs, of which there may be a million, go by keys."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.focus import CONTENT_ID
from frameapp.ui.components.pager import pager
from frameapp.ui.words import number


class Paged(rx.State, mixin=True):
    """Where a page stands in its list. The state has a handler ``turn``, which is given one of ``pager.TURNS``."""

    start: int = 0  # how many stand before the page
    on_page: int = 0
    matching: int = 0  # how many there are

    @rx.var
    def place(self) -> str:
        """``25-48 of 1,204``."""
        return f"{number(self.start + 1)}-{number(self.start + self.on_page)} of {number(self.matching)}"

    @rx.var
    def paged(self) -> bool:
        """Whether there are more than the page shows."""
        return self.matching > self.on_page

    @rx.var
    def at_end(self) -> bool:
        """Whether this is the last page."""
        return self.start + self.on_page >= self.matching

    def _turned(self, where: str, size: int) -> int:
        """Where the first, previous, next or last page begins; beyond the end means the last one."""
        starts = {"previous": self.start - size, "next": self.start + size, "last": self.matching}
        return starts.get(where, 0)

    def _put_place(self, start: int, on_page: int, matching: int) -> None:
        self.start, self.on_page, self.matching = start, on_page, matching


def pages_of(state: Any, label: str) -> rx.Component:
    """The pager of a ``Paged`` state, where there is more than one page."""
    return rx.cond(
        state.paged,
        layout.row(
            pager(
                state.turn,
                label=label,
                place=state.place,
                at_start=state.start == 0,
                at_end=state.at_end,
                top=CONTENT_ID,
            ),
            justify="end",
            wrap="wrap",
            margin_top="var(--space-4)",
        ),
    )
