"""A session's device in the words of people."""

from functools import lru_cache

from ua_parser import parse

SYSTEMS = {"Mac OS X": "macOS"}
UNKNOWN = "Unknown device"


@lru_cache(maxsize=1_000)
def device_name(user_agent: str) -> str:
    """``Firefox on Windows``; what is known of it, where that is less."""
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = SYSTEMS.get(found.os.family, found.os.family) if found.os else ""
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or UNKNOWN
