"""Numbers, sizes and durations as people read them."""

from frameapp.services.checks import CheckProgress, Stage


def number(value: int) -> str:
    """``1204`` as ``1,204``."""
    return f"{value:,}"


def counted(value: int, one: str) -> str:
    """``1 output``, ``1,204 outputs``."""
    return f"{value:,} {one if value == 1 else one + 's'}"


def duration(seconds: float) -> str:
    """``under 1 s``, ``8 s``, ``2 min 10 s``, ``3 h 5 min``."""
    whole = round(seconds)
    if whole < 1:
        return "under 1 s"
    minutes, left = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


def pixels(width: int, height: int) -> str:
    """Width and height with a sign between them, as ``1,200 x 800``; empty where a side is not known."""
    return f"{width:,} \N{MULTIPLICATION SIGN} {height:,}" if width and height else ""


def weight(size_bytes: int) -> str:
    """``640 B``, ``92 kB``, ``1.4 MB``, ``2.3 GB``; a thousand bytes are a kB."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 999_500:
        return f"{size_bytes / 1000:.0f} kB"
    if size_bytes < 999_500_000:
        return f"{size_bytes / 1_000_000:,.1f} MB"
    return f"{size_bytes / 1_000_000_000:,.1f} GB"


def check_stage(progress: CheckProgress) -> str:
    """What a check of a feed is at: ``Reading: 120,000 products``."""
    match progress.stage:
        case Stage.OWN:
            return "Waiting for your other check"
        case Stage.OTHERS:
            return "Waiting for other users' checks"
        case Stage.FETCHING:
            return f"Fetching: {weight(progress.size)}" if progress.size else "Fetching"
        case Stage.READING:
            return f"Reading: {counted(progress.products, 'product')}" if progress.products else "Reading"
