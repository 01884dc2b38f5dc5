"""Which Chromium the browser tests drive. ``python -m tests.browser`` installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

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
    """The path of an installed Chromium: the system's, else the one Playwright keeps."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if MACOS.exists():
        return str(MACOS)
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_browser() -> None:
    """Playwright's own download, else the system's package manager."""
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0:
        return
    root = [] if os.getuid() == 0 else ["sudo", "-n"]
    for manager in (["apt-get"], ["dnf"], ["brew"]):
        if shutil.which(manager[0]):
            prefix = [] if manager[0] == "brew" else root
            if manager[0] == "apt-get":
                subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False)
            package = ["install", "--cask", "chromium"] if manager[0] == "brew" else ["install", "-y", "-q", "chromium"]
            subprocess.run([*prefix, *manager, *package], check=False)
            return


def main() -> int:
    """Print the browser's path; 1 and a sentence where none can be had."""
    if find_browser() is None:
        install_browser()
    path = find_browser()
    if path is None:
        sys.stderr.write("The browser tests need Chromium; install it with your package manager.\n")
        return 1
    sys.stdout.write(f"Browser: {path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
