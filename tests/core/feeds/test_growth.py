"""A feed ten times as long takes no more memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FEW, MANY = 4_000, 40_000
ALLOWED = 5  # megabytes; the ids that are remembered take a few bytes each


def measured(form: str, mode: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.core.feeds.growth", form, mode, str(count)]
    result: dict[str, float] = json.loads(subprocess.check_output(command, cwd=ROOT, timeout=240))
    assert result["entries"] == count
    return result


@pytest.mark.parametrize("mode", ["report", "rewrite"])
@pytest.mark.parametrize("form", ["xml", "csv"])
def test_memory_is_constant(form: str, mode: str) -> None:
    few, many = (measured(form, mode, count) for count in (FEW, MANY))
    assert many["feed"] - few["feed"] > 5 * ALLOWED
    assert many["peak"] - few["peak"] < ALLOWED
