"""The whole application in production mode, with as few descriptors as a small system gives, to be attacked."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from frameapp.services import accounts, sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.settings import Settings
from frameapp.web.identity import cookie_name
from tests.server import Server

DESCRIPTORS = 1024
SECRET = "a secret of an attack suite, long enough"
PASSWORD = "correct horse battery"


class Target:
    """The server, its own application, and the memory and descriptors of its web process."""

    def __init__(self, server: Server, app: Application) -> None:
        self.server = server
        self.app = app
        self.url = server.url

    def user(self, name: str) -> tuple[Viewer, str]:
        """A new user, and the Cookie header of a session."""
        viewer = accounts.register(self.app, name, PASSWORD)
        return viewer, self.session(viewer)

    def session(self, viewer: Viewer) -> str:
        """The Cookie header of another session."""
        return f"{cookie_name(self.app.settings)}={sessions.open_session(self.app, viewer)}"

    @property
    def web(self) -> Path:
        """The web process in /proc: the one that holds the memory."""
        found = [pid for pid, args in self.server.children().items() if "granian" in args]
        return max((Path(f"/proc/{pid}") for pid in found), key=_memory)

    @property
    def memory(self) -> int:
        """Bytes that the web process has resident."""
        return _memory(self.web)

    @property
    def written(self) -> int:
        """Bytes that the web process has written into files."""
        counts = dict(line.split(": ") for line in (self.web / "io").read_text().splitlines())
        return int(counts["wchar"])

    @property
    def log(self) -> str:
        """What the web process has logged."""
        return (self.server.data / "logs" / "web.log").read_text()


def _memory(process: Path) -> int:
    pages = int((process / "statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.fixture(scope="package")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """In production, so that the public address is the only name of the host; both limits of descriptors are low."""
    data = tmp_path_factory.mktemp("target")
    server = Server(
        data,
        descriptors=DESCRIPTORS,
        FRAMEAPP_ENV="production",
        FRAMEAPP_PUBLIC_URL="http://localhost:{port}",
        FRAMEAPP_SECRET=SECRET,
        FRAMEAPP_WORKERS="1",
    )
    app = Application.from_settings(Settings(data_dir=data, secret=SECRET, _env_file=None))  # type: ignore[call-arg]
    yield Target(server, app)
    app.database.dispose()
    server.stop()
