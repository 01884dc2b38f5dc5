"""A feed that can be read and has nothing in it."""

from __future__ import annotations

from frameapp.errors import FeedError


class NoEntries(FeedError):
    """The feed has no products."""

    def __init__(self) -> None:
        super().__init__("The feed has no products. Check its address, and the filter that it was exported with.")
