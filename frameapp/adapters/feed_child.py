"""The process that reads a stranger's feed: started by ``FeedProcess``, imports nothing of ours but ``core``."""

import json
import os
import sys
import time
from dataclasses import asdict
from typing import Any

from frameapp.adapters.child_main import Answer, Tell, serve
from frameapp.core.feeds import inspect

NICENESS = 5  # pages first
TOLD_SECONDS = 0.5


def answer(head: dict[str, Any], _: list[bytes], tell: Tell) -> Answer:
    """Look into the feed in the file with that descriptor. Raises FeedError."""
    told = time.monotonic()

    def passed(count: int) -> None:
        nonlocal told
        if time.monotonic() - told > TOLD_SECONDS:
            told = time.monotonic()
            tell({"progress": count})

    with open(head["file"], "rb") as file:  # noqa: PTH123  (a descriptor)
        file.seek(0)
        found = inspect(file, base_url=head["base_url"], charset=head["charset"], passed=passed)
    return {}, (json.dumps(asdict(found)).encode(),)


if __name__ == "__main__":
    os.nice(NICENESS)
    serve(answer, int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
