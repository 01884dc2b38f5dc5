"""What the application imports is what requirements.txt installs."""

from __future__ import annotations

import re
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from tests.test_import_rules import MODULES, imports_of

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"


def name_of(requirement: str) -> str:
    """The distribution that a requirement names, normalised."""
    return re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def installed_with(names: list[str]) -> set[str]:
    """These distributions with all that they require, but for extras."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            required = distribution(name).requires or []
            names += [name_of(each) for each in required if ";" not in each]
    return found


def test_every_import_is_required() -> None:
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
    installed = installed_with([name_of(line) for line in lines])
    owners = packages_distributions()
    for path in MODULES:
        for imported in imports_of(path):
            top = imported.partition(".")[0]
            if top not in sys.stdlib_module_names and top != "frameapp" and top in owners:
                distributions = {name_of(each) for each in owners[top]}
                assert distributions & installed, f"{path.name} imports {top}, which requirements.txt does not bring"
