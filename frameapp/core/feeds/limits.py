"""How much a feed may ask of us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """Bounds that keep time and memory small whatever a feed contains; going past one raises FeedError."""

    entries: int = 5_000_000
    """Products in one feed."""
    entry: int = 4_000_000
    """Characters of one product, markup included; a table's product that has more is left out."""
    value: int = 1_000_000
    """Characters of one field of a table; a field that has more is left out."""
    lines: int = 50_000
    """Lines of one product of a table; one that has more is left out."""
    skipped: int = 32_000_000
    """Characters of one product of a table that is left out."""
    fields: int = 2_000
    """Fields of one product, columns of a table."""
    attributes: int = 200
    """Attributes of one XML element."""
    depth: int = 64
    """XML elements inside one another."""
    token: int = 1_000_000
    """Bytes of one tag or comment."""
    gap: int = 1_000_000
    """Characters without a product: before the first, between two, after the last."""
    blank_lines: int = 300_000
    """Blank lines on end in a table."""
    unread: int = 12_000_000
    """Characters without a product that could be read, once the feed broke a rule: one product may be as large."""
    unpacked_ratio: int = 200
    """How many times larger than its gzip file a feed may be, once ``unpacked_free`` bytes came out."""
    unpacked_free: int = 2_000_000
    """Unpacked bytes that are not yet held against ``unpacked_ratio``."""
