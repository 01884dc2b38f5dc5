"""What feeds and pictures look like in the wild: docs/wild.md, written from the tests that hold each case.

A test says what it holds by ``@pytest.mark.wild(kind, source=..., given=..., right=...)``, all of them plain
strings: one of ``KINDS``, the address of a public report, what was sent, and what comes out. After a change:
``python -m tests.wild``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "wild.md"
KINDS = {
    "quotation marks": "Tables with stray or missing quotation marks",
    "backslashes": "Tables that escape by a backslash",
    "table ends": "Repeated headers and end marks in tables",
    "content encoding": "Content-Encoding",
    "after gzip": "Bytes after the end of a gzip body",
    "headers": "Response headers that break the rules",
    "answers": "Status codes",
    "addresses": "Addresses",
    "charset": "Character encodings",
    "large fields": "Fields of megabytes",
    "broken xml": "XML that breaks the rules",
    "picture links": "Several picture links in a field",
    "colours": "Colours told without an ICC profile",
    "png": "PNG chunks",
    "jpeg": "JPEG files cut at their end",
    "tiff": "TIFF files",
    "gif": "GIF files",
    "prices": "Prices",
    "sales": "Sales and their dates",
    "texts": "Texts on pictures",
    "bmp": "BMP files",
    "avif": "AVIF files",
}
INTRODUCTION = """# Feeds and pictures in the wild

What others reported of programs that do this job, and what comes out here. This page is written from the tests
(`python -m tests.wild`): each row is held by the test that it names.
"""


@dataclass(frozen=True)
class Case:
    """A row of the page."""

    kind: str
    source: str
    given: str
    right: str
    test: str


def cases() -> list[Case]:
    """Every marked test's cases, in the page's order: by kind, then by file and line."""
    found = [case for path in sorted(TESTS.rglob("test_*.py")) for case in _of(path)]
    order = list(KINDS)
    return sorted(found, key=lambda case: order.index(case.kind))


def page(rows: list[Case]) -> str:
    """The page's text, Markdown."""
    parts = [INTRODUCTION]
    for kind, heading in KINDS.items():
        lines = [
            f"| {_cell(case.given)} | {_cell(case.right)} | [report]({case.source}) | `{case.test}` |"
            for case in rows
            if case.kind == kind
        ]
        if lines:
            parts.append(
                "\n".join([f"## {heading}\n", "| given | comes out | source | test |", "|---|---|---|---|", *lines, ""])
            )
    return "\n".join(parts)


def _of(path: Path) -> Iterator[Case]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.wild":
                    (kind,) = (ast.literal_eval(argument) for argument in decorator.args)
                    words = {word.arg: ast.literal_eval(word.value) for word in decorator.keywords if word.arg}
                    yield Case(kind, test=f"{path.relative_to(TESTS.parent)}::{node.name}", **words)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(cases()))
