"""Files that readers see whole or not at all."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".unfinished"


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """The file to write; where that fails, nothing is left of it. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}{SUFFIX}")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove what killed processes left in the folder. Raises OSError."""
    for path in folder.glob(f".*{SUFFIX}"):
        path.unlink(missing_ok=True)
