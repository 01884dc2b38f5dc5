"""Ends the process groups of a supervisor that died. Started by the supervisor; imports only the standard library.

It reads process group ids, one a line, and waits: the other end of its input is held by the supervisor alone, so the
end of the input means that the supervisor is gone, however it went.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 4.0


def end_groups(groups: set[int], *, grace: float = GRACE_SECONDS) -> None:
    """SIGTERM to every group's leader, or to a group that lost it; SIGKILL to what is left after ``grace`` seconds."""
    for group in groups:
        _ask_to_end(group)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and any(_signal(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        _signal(group, signal.SIGKILL)


def _ask_to_end(group: int) -> None:
    try:
        os.kill(group, signal.SIGTERM)  # the leader ends its own children; a Dramatiq worker must not hear it twice
    except ProcessLookupError:
        _signal(group, signal.SIGTERM)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    """Read ids until the input ends, then end what was named."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        number = int(line)
        (groups.add if number > 0 else groups.discard)(abs(number))
    end_groups(groups)


if __name__ == "__main__":
    main()
