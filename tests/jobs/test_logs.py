"""Logs that rotate while their process runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frameapp.jobs.logs import Log
from tests.conftest import AttackFigure

LINES = """
import sys
for number in range(20_000):
    print(f"line {number}", flush=True, file=sys.stderr if number % 3 else sys.stdout)
"""


@pytest.mark.attack
def test_no_line_is_lost_between_a_log_and_the_next_one(tmp_path: Path, attack_figure: AttackFigure) -> None:
    log = Log(tmp_path / "logs" / "web.log", limit=100_000)
    run(log, LINES)
    names = ["web.log.2", "web.log.1", "web.log"]
    assert sorted(path.name for path in log.path.parent.iterdir()) == sorted(names)
    kept = [(log.path.parent / name).read_text() for name in names]
    assert all(text.endswith("\n") for text in kept)
    said = [f"line {number}" for number in range(20_000)]
    lost = len(set(said) - set("".join(kept).splitlines()))
    largest = max(len(text) for text in kept)
    figure, held = f"{lost} lines lost, files of {largest:,} B", lost == 0 and largest < 101_000
    attack_figure("3 logs that rotate under their process", figure, "0, 101,000 B", held=held)
    assert "".join(kept).splitlines() == said


def test_only_two_earlier_logs_are_kept_and_a_restart_adds_to_the_last(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    for word in ("first", "second", "third", "fourth"):
        log = Log(path, limit=1000)
        for _ in range(20):
            log.write(f"{word} {'.' * 50}\n".encode())
        log.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["web.log", "web.log.1", "web.log.2"]
    assert "first" not in "".join(file.read_text() for file in tmp_path.iterdir())


def test_a_line_without_an_end_fills_no_disk(tmp_path: Path) -> None:
    log = Log(tmp_path / "web.log", limit=10_000)
    for _ in range(200):
        log.write(b"." * 1000)
    log.close()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 70_000


def test_a_full_disk_stops_nobody_and_is_told_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path / "web.log")
    log.write(b"before\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(log, "_add", full)
        log.write(b"lost\n")
    log.write(b"after\n")
    log.close()
    assert log.path.read_text() == "before\n[5 bytes are missing here: the log could not be written]\nafter\n"


def run(log: Log, script: str) -> None:
    output = log.pipe()
    try:
        subprocess.run([sys.executable, "-c", script], stdout=output, stderr=output, check=True)
    finally:
        os.close(output)
    log.close(seconds=30)
