"""check the settings, the data folder, the database, Redis, the storage, rendering and the pages"""

import argparse
import fcntl
import platform
import shutil
import sys
from collections.abc import Callable

from frameapp.adapters.render_process import Renderer
from frameapp.core.sample import sample_frame_image
from frameapp.db.migrate import pending_migrations
from frameapp.errors import FrameappError
from frameapp.jobs import pages
from frameapp.jobs.data_folder import prepare_data_folder
from frameapp.services import health
from frameapp.services.application import application
from frameapp.services.storage_check import storage_keeps
from frameapp.settings import Settings, version

LEAST_FREE = 500_000_000  # bytes

Check = tuple[str, Callable[[Settings], str]]


class Complaint(FrameappError):
    """A check failed; the text says what to do."""


def add_arguments(_: argparse.ArgumentParser) -> None:
    """It has none."""


def run(settings: Settings, _: argparse.Namespace) -> int:
    """Print one line per check; the exit status is 1 where one failed."""
    failed = 0
    for name, check in CHECKS:
        try:
            line = f"ok      {name}: {check(settings)}"
        except FrameappError as error:
            failed += 1
            line = f"failed  {name}: {error}"
        sys.stdout.write(line + "\n")
    return 1 if failed else 0


def running(_: Settings) -> str:
    return f"{version()} on Python {platform.python_version()}"


def data_folder(settings: Settings) -> str:
    prepare_data_folder(settings)
    free = shutil.disk_usage(settings.data_path).free
    if free < LEAST_FREE:
        raise Complaint(f"only {free // 1_000_000} MB are free at {settings.data_path}; free some space.")
    return f"{settings.data_path}, {free // 1_000_000_000} GB free"


def database(settings: Settings) -> str:
    if not health.database_answers(application()):
        raise Complaint("it does not answer; check FRAMEAPP_DATABASE_URL.")
    missing = pending_migrations(settings.resolved_database_url)
    if missing and is_running(settings):
        raise Complaint(f"{missing} migrations are missing; run python -m frameapp migrate.")
    kind = "SQLite" if application().database.is_sqlite else "PostgreSQL"
    return f"{kind}, {'migrated at the next start' if missing else 'up to date'}"


def redis(settings: Settings) -> str:
    if settings.embedded_redis and not is_running(settings):
        return "embedded; it runs while the application does"
    if not health.redis_answers(application()):
        raise Complaint("it does not answer; check FRAMEAPP_REDIS_URL.")
    return "embedded" if settings.embedded_redis else "answers"


def storage(_: Settings) -> str:
    if not storage_keeps(application().storage):
        raise Complaint("it cannot be written and read; check FRAMEAPP_STORAGE_URL.")
    return "keeps what is written"


def rendering(_: Settings) -> str:
    with Renderer() as renderer:
        facts = renderer.inspect_frame(sample_frame_image())
    return f"a picture of {facts.width} x {facts.height} pixels was read"


def built_pages(_: Settings) -> str:
    return "built" if pages.is_built() else "built at the next start"


def is_running(settings: Settings) -> bool:
    """Whether a supervisor holds the data folder."""
    with (settings.data_path / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


CHECKS: tuple[Check, ...] = (
    ("Frameapp", running),
    ("Data folder", data_folder),
    ("Database", database),
    ("Redis", redis),
    ("Storage", storage),
    ("Rendering", rendering),
    ("Pages", built_pages),
)
