"""The most memory that a process held. ``python benchmarks/peak.py`` prints it for an interpreter that has just
begun, so this module imports as little as it can."""

import resource
import sys

MEGABYTE = 1_000_000


def peak() -> float:
    """The most memory that this process held so far, in megabytes."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MEGABYTE if sys.platform == "darwin" else 1000)
    with open("/proc/self/status") as status:  # noqa: PTH123  (pathlib alone would count two megabytes)
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / MEGABYTE


if __name__ == "__main__":
    print(peak())
