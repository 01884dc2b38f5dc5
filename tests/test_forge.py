"""What the forge and pre-commit run are the Makefile's commands, and the Makefile lists what it has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML  # comes with check-jsonschema

ROOT = Path(__file__).resolve().parents[1]
FORGE = ROOT / ".github"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M)


def read(path: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(path))


def test_workflows_and_issue_forms_are_well_formed() -> None:
    forms = [path for path in (FORGE / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"]
    assert len(forms) == 3
    for schema, paths in (("github-workflows", [*(FORGE / "workflows").glob("*.yml")]), ("github-issue-forms", forms)):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_forge_runs_what_the_makefile_has() -> None:
    jobs = read(FORGE / "workflows" / "ci.yml")["jobs"]
    ran = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert set(ran) == {"make test", "make test-fast"}
    assert {line.removeprefix("make ") for line in ran} <= set(TARGETS)
    assert jobs["test"]["strategy"]["matrix"]["python-version"] == ["3.11", "3.13"]


def test_pre_commit_runs_the_linters_of_the_makefile() -> None:
    (local,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    ours = re.findall(r"^\t\$\(BIN\)/((?:ruff|mypy).*?)(?: \.)?$", MAKEFILE, re.M)[:3]
    theirs = [hook["entry"].removeprefix(".venv/bin/").replace(" --force-exclude", "") for hook in local["hooks"]]
    assert theirs == ours == ["ruff check", "ruff format --check", "mypy"]


def test_every_command_of_the_makefile_is_listed_and_no_file() -> None:
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split())  # type: ignore[index]
    told = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M))
    assert phony == told == set(TARGETS)
    named = {word for path in ("README.md", "CONTRIBUTING.md") for word in made((ROOT / path).read_text("utf-8"))}
    assert named <= told, "documents name commands that there are"


def made(text: str) -> list[str]:
    return [name for name in re.findall(r"`make ([a-z-]+)", text) if name != "NAME"]
