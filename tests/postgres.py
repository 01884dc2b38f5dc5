"""A real PostgreSQL server for the tests, from the system's own binaries, on a unix socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa

from frameapp.db.migrate import migrate


def find_binary(name: str) -> str:
    """The path of a PostgreSQL program; fails where it is not installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[-3]))
    homebrew = [
        p for root in ("/opt/homebrew/opt", "/usr/local/opt") for p in Path(root).glob(f"postgresql*/bin/{name}")
    ]
    found = [str(versions[-1])] if versions else [p] if (p := shutil.which(name)) else [str(p) for p in homebrew]
    if not found:
        raise RuntimeError(f"PostgreSQL's {name} is missing: `make test` installs it.")
    return found[0]


class PostgresServer:
    """Runs a cluster below ``folder``; each ``database()`` is a fresh copy of a migrated template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        # A unix socket's path is limited to about 100 bytes.
        self._socket = Path("/tmp") / f"fa-pg-{uuid.uuid4().hex[:8]}"

    def _as_user(self) -> list[str]:
        """PostgreSQL refuses to run as root."""
        return ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []

    def __enter__(self) -> PostgresServer:
        data = self._socket / "data"
        self._socket.mkdir()
        if os.getuid() == 0:
            shutil.chown(self._socket, "nobody")
        subprocess.run(
            [
                *self._as_user(),
                find_binary("initdb"),
                "-D",
                data,
                "-U",
                "frameapp",
                "--auth=trust",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
            ],
            check=True,
            capture_output=True,
            cwd="/",
        )
        options = [
            "-c",
            "fsync=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "listen_addresses=",
            "-c",
            "max_connections=200",
        ]
        log = (self.folder / "postgres.log").open("wb")
        self._process = subprocess.Popen(
            [*self._as_user(), find_binary("postgres"), "-D", data, "-k", self._socket, *options],
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd="/",
        )
        log.close()
        subprocess.run([find_binary("pg_isready"), "-q", "-h", self._socket, "-t", "30"], check=False)
        self._wait()
        self._execute("CREATE DATABASE template_frameapp")
        migrate(self.url("template_frameapp"))
        return self

    def _wait(self) -> None:
        for _ in range(300):
            done = subprocess.run([find_binary("pg_isready"), "-q", "-h", self._socket], check=False)
            if done.returncode == 0:
                return
            subprocess.run(["sleep", "0.1"], check=True)
        raise RuntimeError((self.folder / "postgres.log").read_text())

    def url(self, name: str) -> str:
        """The address of the database ``name`` on this server."""
        return f"postgresql+psycopg://frameapp@/{name}?host={self._socket}"

    def _execute(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a migrated, empty database that goes at the end."""
        name = f"t{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template_frameapp STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            subprocess.run(
                [*self._as_user(), find_binary("pg_ctl"), "-D", self._socket / "data", "-m", "immediate", "stop"],
                check=False,
                capture_output=True,
                cwd="/",
            )
            self._process.wait(timeout=20)
        shutil.rmtree(self._socket, ignore_errors=True)
