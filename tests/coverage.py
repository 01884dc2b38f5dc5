"""How much of Frameapp the tests run: a pytest plugin of `make test` (PYTEST_PLUGINS=tests.coverage).

It counts the lines that run in the tests' own processes; the servers and workers that tests start are not measured.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, Slipcover, merge_coverage, print_coverage
from slipcover.importer import SlipcoverMetaPathFinder

ROOT = Path(__file__).parents[1]
PACKAGE = str(ROOT / "frameapp")
REPORT = ROOT / "coverage.txt"
NEVER = (
    1 << 30
)  # taking probes out of running code costs more than they do, and reads modules that threads still import


class _Finder(SlipcoverMetaPathFinder):
    """Instruments Frameapp's modules as they are imported; all others are found as ever."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        return super().find_spec(fullname, path, target) if fullname.partition(".")[0] == "frameapp" else None


# Modules that no test imports are counted once, by the process that prints.
_unseen = None if "PYTEST_XDIST_WORKER" in os.environ else [PACKAGE]
_slipcover = Slipcover(source=_unseen, d_miss_threshold=NEVER)
_of_workers: list[dict[str, Any]] = []
sys.meta_path.insert(0, _Finder(_slipcover, FileMatcher(sources=[PACKAGE])))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands over what it measured."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["coverage"] = json.dumps(_slipcover.get_coverage())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker measured; one that crashed has nothing."""
    if hasattr(node, "workeroutput"):
        _of_workers.append(json.loads(node.workeroutput["coverage"]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each folder; every file's missed lines are in coverage.txt."""
    coverage = _slipcover.get_coverage()
    for measured in _of_workers:
        merge_coverage(coverage, measured)
    with REPORT.open("w") as out:
        print_coverage(coverage, outfile=out)
    folders: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, found in coverage["files"].items():
        for folder in ((ROOT / name).relative_to(ROOT).parent.as_posix(), "in all"):
            folders[folder][0] += len(found["executed_lines"])
            folders[folder][1] += len(found["missing_lines"])
    terminalreporter.section("lines that the tests ran; those missed are in coverage.txt")
    for folder, (ran, missed) in sorted(folders.items()):
        terminalreporter.line(f"{folder:<40} {ran:>6} of {ran + missed:>6}  {100 * ran / (ran + missed):5.1f} %")
