"""What `make` says where it cannot begin."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

MAKEFILE = Path(__file__).resolve().parents[1] / "Makefile"


def test_too_old_a_python_is_one_sentence(tmp_path: Path) -> None:
    for version in ("", ".11", ".12", ".13", ".14"):
        old = tmp_path / f"python3{version}"
        old.write_text("#!/bin/sh\nexit 1\n")  # what a Python says that is asked whether it is 3.11
        old.chmod(0o755)
    for name in ("requirements.txt", "constraints.txt"):
        (tmp_path / name).touch()
    make = shutil.which("make")
    assert make
    command = [make, "--no-print-directory", "-f", str(MAKEFILE), "run"]
    environment = {"PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "Frameapp needs Python 3.11 or newer; install it, or name it: make run PYTHON=/path/to/python3"
    )
    assert not (tmp_path / ".venv").exists()


def test_containers_without_settings_are_one_sentence(tmp_path: Path) -> None:
    make = shutil.which("make")
    assert make
    command = [make, "--no-print-directory", "-f", str(MAKEFILE), "up"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("Copy .env.example to .env")
