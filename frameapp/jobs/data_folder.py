"""The data folder: its owner's alone, and one supervisor's at a time."""

import contextlib
import fcntl
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from frameapp.errors import StartError
from frameapp.settings import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
UNWALKED = {"storage", "pages"}  # a million pictures and copies of the pages: the closed folder above them suffices


def prepare_data_folder(settings: Settings) -> None:
    """Make the data folder and close it to other users. Raises StartError where it cannot be written."""
    try:
        settings.data_path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=settings.data_path, prefix=".probe-"):
            pass
    except OSError as error:
        raise StartError(
            f"The data folder {settings.data_path} cannot be written ({error.strerror}); "
            "fix its permissions, or set FRAMEAPP_DATA_DIR to another folder."
        ) from error
    close_to_others(settings.data_path)


def close_to_others(folder: Path) -> None:
    """Take the rights of other users from the folder and what lies in it: earlier versions let them read it."""
    foreign = 0
    for parent, folders, files in os.walk(folder):
        foreign += not _closed(Path(parent))
        foreign += sum(not _closed(Path(parent) / name) for name in [*folders, *files])
        folders[:] = [name for name in folders if Path(parent) != folder or name not in UNWALKED]
    if foreign:
        sys.stderr.write(
            f"Other users may read {folder}; it belongs to another user, so its permissions are unchanged.\n"
        )


def _closed(path: Path) -> bool:
    """Close one file or folder; false where that is its owner's to do."""
    try:
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:  # another process's, gone meanwhile
        pass
    except PermissionError:
        return False
    return True


@contextlib.contextmanager
def data_lock(settings: Settings, *, seconds: float) -> Iterator[IO[str]]:
    """Hold the data folder for this process alone. Raises StartError where another holds it after ``seconds``."""
    deadline = time.monotonic() + seconds
    with (settings.data_path / "lock").open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StartError(
                        f"Frameapp already runs on the data folder {settings.data_path}; "
                        "stop it first, or set FRAMEAPP_DATA_DIR to another folder."
                    ) from None
                time.sleep(0.1)
        yield file
