"""What is amiss with a table: counted as it is read, and reported in sentences."""

from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.numbers import LineNumbers
from frameapp.errors import FeedError

_MOST_LOST = 1_000
_LONGEST_NAME = 100
_MOST_NAMED = 5


class TableFaults:
    """The faults of a table's lines, which count from 1."""

    def __init__(self, limits: FeedLimits) -> None:
        self.repeated = 0
        """Lines that repeat the header."""
        self.ragged = 0
        """Lines of another width than the header's."""
        self.unreadable, self.unmatched = LineNumbers(), LineNumbers()
        """Lines left out, with quotation marks and without any."""
        self.mended, self.too_long = LineNumbers(), LineNumbers()
        self.dropped = LineNumbers()
        """Products left out since a field that they need is too long."""
        self._emptied: dict[str, LineNumbers] = {}
        self._limits = limits

    @property
    def lost(self) -> int:
        """How many products were not read, as far as lines tell."""
        return self.unreadable.count + self.unmatched.count + self.too_long.count + self.dropped.count

    def emptied(self, name: str, line: int) -> None:
        """Counts a field without its text, which is too long."""
        self._emptied.setdefault(name, LineNumbers()).add(line)

    def refuse_nonsense(self, products: int) -> None:
        """Raises FeedError where many more lines are left out than there are products before them."""
        if self.unreadable.count + self.unmatched.count <= _MOST_LOST + products:
            return
        if self.unmatched.count > self.unreadable.count:
            raise FeedError(
                f"The fields of most lines do not match the header, {self.unmatched} among them. Export the feed "
                "again, with as many fields in each line as the header has."
            )
        raise FeedError(
            f"The quotation marks of most lines do not add up, {self.unreadable} among them. Export the feed "
            "again, as CSV with quotation marks doubled within a field."
        )

    def notes(self, *, may_be_cut: bool) -> list[str]:
        """The faults in sentences; ``may_be_cut`` where the last line is the one that lacks fields."""
        notes = []
        if self.mended.count:
            notes.append(
                f"The quotation marks in {self.mended} do not add up. Each line was read by itself; check its "
                "texts, and have the feed corrected."
            )
        notes += self._left_out()
        notes += self._without_text()
        if self.repeated:
            lines = "1 line repeats" if self.repeated == 1 else f"{self.repeated:,} lines repeat"
            notes.append(f"{lines} the header and {'was' if self.repeated == 1 else 'were'} skipped.")
        if self.ragged:
            lines = "1 line has" if self.ragged == 1 else f"{self.ragged:,} lines have"
            notes.append(f"{lines} more or fewer fields than the header.")
        if may_be_cut:
            notes.append("It is the last one: if the feed was cut off, have it exported anew.")
        return notes

    def _left_out(self) -> list[str]:
        notes = []
        for numbers, fault in (
            (self.unreadable, "quotation marks there do not add up"),
            (self.unmatched, "fields there do not match the header"),
        ):
            if numbers.count:
                were = "was" if numbers.count == 1 else "were"
                notes.append(
                    f"{str(numbers).capitalize()} {were} left out: the {fault}, and which text belongs to which field "
                    "is uncertain. Have the feed corrected."
                )
        if self.too_long.count:
            notes.append(
                f"{'A product was' if self.too_long.count == 1 else f'{self.too_long.count:,} products were'} left "
                f"out, being longer than {self._limits.entry:,} characters or {self._limits.lines:,} lines: "
                f"{self.too_long}."
            )
        if self.dropped.count:
            notes.append(
                f"{'A product was' if self.dropped.count == 1 else f'{self.dropped.count:,} products were'} left out, "
                f"having a needed field of more than {self._limits.value:,} characters: {self.dropped}."
            )
        return notes

    def _without_text(self) -> list[str]:
        notes = [
            f"The field {name[:_LONGEST_NAME]} in {numbers} is longer than {self._limits.value:,} characters and "
            "was left empty."
            for name, numbers in list(self._emptied.items())[:_MOST_NAMED]
        ]
        if len(self._emptied) > _MOST_NAMED:
            notes.append(f"So it was with {len(self._emptied) - _MOST_NAMED:,} other fields.")
        return notes
