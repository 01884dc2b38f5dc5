"""The part of a table's lines that is held, for as long as it may be needed."""

from frameapp.core.feeds.entry import Entry, Located, Piece


class Window:
    """The lines held, of which ``before`` lines come before the first; they count from 0.

    Where ``keeps``, lines leave it as ``pieces``, with the products located in them.
    """

    def __init__(self) -> None:
        self.keeps = False
        self.lines: list[str] = []
        self.before = 0
        self.pieces: list[Piece] = []
        self._taken = 0
        self._characters = 0
        self._located: list[Located] = []

    @property
    def end(self) -> int:
        """The number of the line after the last one held."""
        return self.before + len(self.lines)

    def since(self, begin: int) -> list[str]:
        """The lines from that one on."""
        return self.lines[begin - self.before :]

    def between(self, begin: int, end: int) -> list[str]:
        """The lines from one to before another."""
        return self.lines[begin - self.before : end - self.before]

    def forget(self, end: int) -> None:
        """Is done with the lines before that one, or with those that were taken."""
        if self.keeps:
            self._hand_out(self._taken)
        elif end > self.before:
            self._drop(end - self.before)

    def empty(self) -> None:
        """Is done with all lines."""
        if self.keeps:
            self._hand_out(len(self.lines))
        else:
            self._drop(len(self.lines))

    def skip(self, text: str, lines: int) -> None:
        """Passes text that is not held, and has so many line ends and no product."""
        self.before += lines
        if self.keeps and text:
            self.pieces.append(Piece(text, []))

    def take(self, end: int) -> tuple[int, str]:
        """The record that ends before that line: where it begins among the characters taken, and its text."""
        start, self._taken = self._taken, end - self.before
        raw = self.lines[start] if self._taken - start == 1 else "".join(self.lines[start : self._taken])
        first = self._characters
        self._characters += len(raw)
        return first, raw

    def locate(self, entry: Entry, links: tuple[tuple[int, int], ...]) -> None:
        """Notes the product of the record taken last, and where its links stand among the characters taken."""
        self._located.append(Located(entry, links))

    def _hand_out(self, lines: int) -> None:
        self.pieces.append(Piece("".join(self.lines[:lines]), self._located))
        self._drop(lines)
        self._taken = self._characters = 0
        self._located = []

    def _drop(self, lines: int) -> None:
        del self.lines[:lines]
        self.before += lines
