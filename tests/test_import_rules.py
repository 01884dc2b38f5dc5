"""Who may import whom: docs/architecture.md's rules against the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "frameapp"

# A layer may import itself and what is listed here.
ALLOWED = {
    "errors": set(),
    "settings": {"errors"},
    "core": {"errors"},
    "models": {"core", "errors"},
    "db": {"models", "settings", "errors"},
    "adapters": {"core", "models", "settings", "errors"},
    "services": {"core", "db", "adapters", "models", "settings", "errors"},
    "jobs": {"services", "core", "db", "adapters", "models", "settings", "errors"},
    "web": {"services", "core", "models", "adapters", "settings", "errors"},
    "ui": {"services", "web", "core", "models", "settings", "errors"},
    "commands": {"services", "jobs", "core", "db", "adapters", "models", "settings", "errors"},
    "__main__": {"commands", "services", "jobs", "settings", "errors"},
    "frameapp": {"ui", "web", "jobs", "settings", "errors"},
    "__init__": set(),
}
MAY_IMPORT_REFLEX = {"ui", "frameapp"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            if node.module == "frameapp":
                yield from (f"frameapp.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    layer = layer_of(path)
    for name in imports_of(path):
        top, _, rest = name.partition(".")
        if top == "frameapp" and rest:
            target = rest.split(".")[0]
            assert target == layer or target in ALLOWED[layer], f"{layer} must not import {name}"
        if top == "reflex" or top.startswith("reflex_"):
            assert layer in MAY_IMPORT_REFLEX, f"{layer} must not load Reflex"


def test_no_javascript_is_written_by_hand() -> None:
    own = [p for folder in ("frameapp", "assets", "alembic", "tests", "benchmarks") for p in (ROOT / folder).rglob("*")]
    assert not [p for p in own if p.suffix in {".js", ".jsx", ".ts", ".tsx", ".mjs"}]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions count too: one that hides a circle is one."""
    modules = {module_of(path): path for path in MODULES}
    graph = {name: {found for found in targets_of(path, modules) if found != name} for name, path in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" imports ".join(reversed(error.args[1]))) from None


def targets_of(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that this one imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from {full if full in modules else node.module} & modules.keys()
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & modules.keys()
