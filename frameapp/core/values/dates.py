"""Moments and intervals as feeds have them: ISO 8601, with or without a time and a zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

_LONGEST = 80  # characters
EVER = datetime.max.replace(tzinfo=UTC)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``start`` until before ``end``."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def parse_moment(text: str, zone: tzinfo) -> datetime | None:
    """The moment (UTC) that ``text`` is; a date is its first moment. None where it is neither."""
    found = _parsed(text)
    return found and _zoned(found, zone)


@lru_cache(maxsize=256)
def parse_interval(text: str, zone: tzinfo) -> Interval | None:
    """The interval ``a/b``, whose last day belongs to it; None where it is none or holds nothing.

    An end that is missing, or of the year 0 (how MySQL writes that), is open.
    """
    first, slash, last = (part.strip() for part in text.partition("/"))
    start = _NEVER if _is_open(first) else parse_moment(first, zone)
    end = EVER if _is_open(last) else _end(last, zone)
    return Interval(start, end) if slash and start and end and start < end else None


def is_day(text: str) -> bool:
    """Whether it is a date without a time."""
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def _is_open(text: str) -> bool:
    return not text or text.startswith("0000-")


def _end(text: str, zone: tzinfo) -> datetime | None:
    found = _parsed(text)
    if found is None or not is_day(text):
        return found and _zoned(found, zone)
    return _zoned(found + timedelta(days=1), zone) if found.date() < date.max else EVER


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()) if len(text) <= _LONGEST else None
    except ValueError:
        return None


def _zoned(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in UTC; in the first or last hours of the calendar, its beginning or end."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return EVER if moment.year > 1 else _NEVER
