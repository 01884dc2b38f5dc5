"""The system's package manager, for what the tests drive and no Python package brings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator


def package_managers(*, apt: str, dnf: str, brew: list[str]) -> Iterator[list[str]]:
    """The commands that install a program, by its name for each package manager."""
    root = [] if os.getuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        yield [*root, "apt-get", "update", "-qq"]
        yield [*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", apt]
    elif shutil.which("dnf"):
        yield [*root, "dnf", "install", "-y", "-q", dnf]
    elif shutil.which("brew"):
        yield ["brew", "install", *brew]
