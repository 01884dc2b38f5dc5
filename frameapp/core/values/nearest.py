"""Names in order of their likeness to one that does not exist."""

from collections.abc import Iterable
from difflib import SequenceMatcher

_LIKE = 0.6
_COMPARED = 40  # characters of a name


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names, the likest first."""
    matcher = SequenceMatcher(b=name[:_COMPARED].casefold())

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate[:_COMPARED].casefold())
        return matcher.ratio()

    return sorted(known, key=lambda candidate: (-likeness(candidate), candidate))


def meant(name: str, ordered: list[str]) -> str:
    """A question about the likest name, where one is like enough; else nothing."""
    close = ordered and SequenceMatcher(None, ordered[0].casefold(), name[:_COMPARED].casefold()).ratio() >= _LIKE
    return f" Did you mean “{ordered[0]}”?" if close else ""


def shown(text: str) -> str:
    """A name in a sentence, a long one shortened."""
    return text if len(text) <= 40 else f"{text[:39]}…"
