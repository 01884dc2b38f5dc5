"""Some of a feed's lines, for a sentence that names them."""

_NAMED = 5


class LineNumbers:
    """How many there are, and the first few of them."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[int] = []

    def add(self, number: int) -> None:
        """Counts one more."""
        self.count += 1
        if len(self._first) < _NAMED:
            self._first.append(number)

    def __str__(self) -> str:
        """For example ``line 5``, or ``lines 5, 7, 11 and 3 more``."""
        if self.count == 1:
            return f"line {self._first[0]:,}"
        named = [f"{number:,}" for number in self._first]
        last = named.pop() if self.count == len(named) else f"{self.count - len(named):,} more"
        return f"lines {', '.join(named)} and {last}"
