"""The header of a table: what its columns are called, and where a row has what."""

from frameapp.core.feeds.fields import IMAGE_LINK, columns, spelled
from frameapp.core.feeds.quotes import Product
from frameapp.errors import FeedError

_LONGEST_NAME = 100


class Header:
    """The columns of a table. ``id_at`` and ``link_at`` are -1 where there is no such column.

    ``marks`` are the quotation marks that may be left around a value. Raises FeedError where there are more than
    ``most`` columns, or neither ids nor pictures.
    """

    def __init__(self, cells: list[str], marks: str, most: int) -> None:
        self.names = names = columns(cells)
        self.width = len(names)
        self.id_at = names.index("id") if "id" in names else -1
        self.link_at = names.index(IMAGE_LINK) if IMAGE_LINK in names else -1
        self._marks = marks
        self._spelled = [spelled(cell) for cell in cells]
        if self.width > most:
            raise FeedError(f"The feed has more than {most:,} columns.")
        if self.id_at < 0 and self.link_at < 0:
            found = ", ".join(names[:8])
            raise FeedError(f"The feed has no column id and no column image_link; it has {found}. Rename its columns.")

    def named(self, row: list[str]) -> tuple[str, str]:
        """A row's id and image link."""
        product_id, link = (row[at] if 0 <= at < len(row) else "" for at in (self.id_at, self.link_at))
        return product_id.strip().strip(self._marks), link.strip().strip(self._marks)

    def product(self, row: list[str]) -> Product:
        """What products look like, by the row of one; any may come where there is none yet."""
        product_id, link = self.named(row)
        return Product(self.width, self.id_at, self.link_at, " " in product_id, bool(link) and "//" not in link)

    def is_repeated(self, row: list[str]) -> bool:
        """Whether a row is the header once more."""
        return spelled(row[0][:_LONGEST_NAME]) == self._spelled[0] and [*map(spelled, row)] == self._spelled
