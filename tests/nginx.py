"""A real nginx for the tests, with our configuration. ``python -m tests.nginx`` installs one where there is none."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from tests.packages import package_managers
from tests.server import ROOT, free_port

FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin:/usr/local/bin"
LOG = "access.log"


def find_nginx() -> str | None:
    """The path of the system's nginx."""
    return shutil.which("nginx") or shutil.which("nginx", path=FOLDERS)


def main() -> int:
    """Print its path; 1 and a sentence where none can be had."""
    for command in [] if find_nginx() else package_managers(apt="nginx", dnf="nginx", brew=["nginx"]):
        subprocess.run(command, check=False)
    path = find_nginx()
    if path is None:
        sys.stderr.write("The tests need nginx; install it with your package manager.\n")
        return 1
    sys.stdout.write(f"nginx: {path}\n")
    return 0


class Nginx:
    """nginx with the files of ``nginx/``: only paths, ports and the application's address are replaced."""

    def __init__(self, folder: Path, *, server: str, application: int, data: Path, public_url: str, user: str) -> None:
        self.folder = folder
        self.http_port, self.https_port = free_port(), free_port()
        program = find_nginx()
        assert program, "no nginx: run python -m tests.nginx"
        self._program = program
        self._user = user
        (folder / "certificates").mkdir(parents=True)
        (folder / "tmp").mkdir()
        (folder / "public_url.conf").write_text(public_url)
        replaced = {
            "/etc/nginx/mime.types": str(_configuration_folder(program) / "mime.types"),
            "/etc/nginx/frameapp": str(folder / "frameapp"),
            "/etc/nginx/server.conf": str(folder / "frameapp" / f"{server}.conf"),
            "/etc/nginx/": f"{folder}/",
            "/srv/frameapp": str(data),
            "/dev/stderr": str(folder / "error.log"),
            "/dev/stdout": str(folder / LOG),
            "/tmp/": f"{folder}/tmp/",
            "web:3000": f"127.0.0.1:{application}",
            "listen 8080": f"listen 127.0.0.1:{self.http_port}",
            "listen 8443": f"listen 127.0.0.1:{self.https_port}",
        }
        pattern = re.compile("|".join(re.escape(text) for text in replaced))
        shutil.copytree(ROOT / "nginx", folder / "frameapp")
        for file in (folder / "frameapp").iterdir():
            file.write_text(pattern.sub(lambda found: replaced[found[0]], file.read_text()))

    def __enter__(self) -> Nginx:
        options = "daemon off;"
        if os.getuid() == 0:  # else it runs as who starts it
            options += f" user {self._user} {grp.getgrgid(pwd.getpwnam(self._user).pw_gid).gr_name};"
        command = [self._program, "-c", str(self.folder / "frameapp" / "nginx.conf"), "-g", options]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 240
        while not (
            self.folder / "tmp" / "nginx.pid"
        ).read_text():  # the check left it empty; it is filled once it listens
            assert self._process.poll() is None, (self.folder / "error.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=240)

    def asked_the_application(self, path: str) -> bool:
        """Whether the last answer for the path came from the application, by the access log."""
        deadline = time.monotonic() + 240
        while not (lines := [line for line in (self.folder / LOG).read_text().splitlines() if f' {path}"' in line]):
            assert time.monotonic() < deadline, f"nothing was logged of {path}"
            time.sleep(0.02)  # nginx writes it once the answer is sent
        return not lines[-1].endswith(" -")


def _configuration_folder(program: str) -> Path:
    told = subprocess.run([program, "-V"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"--conf-path=(\S+)", told)
    return Path(found[1]).parent if found else Path("/etc/nginx")


if __name__ == "__main__":
    raise SystemExit(main())
