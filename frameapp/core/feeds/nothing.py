"""A feed that can be read and has nothing in it to work with."""

from frameapp.errors import FeedError


class NoEntries(FeedError):
    """The feed has no products."""

    def __init__(self) -> None:
        super().__init__("The feed has no products. Check its address, and the filter that it was exported with.")


class NoIds(FeedError):
    """The feed has ``entries`` products, and none of them has an id."""

    def __init__(self, entries: int) -> None:
        whose = (
            "The feed's only product has no id"
            if entries == 1
            else f"None of the feed's {entries:,} products has an id"
        )
        super().__init__(f"{whose}. Have the feed exported with ids, then try again.")
