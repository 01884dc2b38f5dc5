"""What pip installs: every file of the package, a command, and commands that say what they lack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_file_of_the_package_is_installed() -> None:
    package = ROOT / "frameapp"
    named = {
        path for pattern in PROJECT["tool"]["setuptools"]["package-data"]["frameapp"] for path in package.glob(pattern)
    }
    files = {path for path in package.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert files <= named
    assert package / "py.typed" in files


def test_the_command_is_a_function() -> None:
    module, _, function = PROJECT["project"]["scripts"]["frameapp"].partition(":")
    assert callable(getattr(import_module(module), function))


def test_without_a_checkout_what_needs_it_says_so(tmp_path: Path) -> None:
    """A copy of the package alone, as pip installs it."""
    shutil.copytree(ROOT / "frameapp", tmp_path / "frameapp", ignore=shutil.ignore_patterns("*.ttf", "__pycache__"))
    (tmp_path / "frameapp-0.0.dist-info").mkdir()
    (tmp_path / "frameapp-0.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: frameapp\nVersion: 9.9\n"
    )
    env = os.environ | {"PYTHONPATH": str(tmp_path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "frameapp", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert run("--version").stdout == "Frameapp 9.9\n"
    for command in ("serve", "migrate"):
        served = run(command)
        assert (served.returncode, served.stderr) == (
            2,
            "This command needs a checkout of Frameapp: its pages and migrations are there.\n",
        )
