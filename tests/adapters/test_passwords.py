"""Password hashes as the application makes them: a fresh process, since the tests' own are cheap."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from frameapp.adapters.passwords import hash_password; print(hash_password('correct horse battery'))"


def test_a_hash_is_argon2id_at_no_less_than_what_owasp_asks() -> None:
    """OWASP's Password Storage Cheat Sheet: at least 19 MiB and two rounds."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    _, kind, _, costs, *_ = done.stdout.split("$")
    values = dict(part.split("=") for part in costs.split(","))
    assert kind == "argon2id"
    assert int(values["m"]) >= 19 * 1024
    assert int(values["t"]) >= 2
