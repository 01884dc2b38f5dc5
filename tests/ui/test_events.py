"""What a client may call by name: Reflex lets anybody call any registered event with any payload."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import reflex as rx

import frameapp.frameapp

UI = Path(frameapp.frameapp.__file__).parent / "ui"
OF_REFLEX = {"setvar"}  # it calls what is named "set_" and a variable, which are events themselves


def states(base: type[rx.State] = rx.State) -> Iterator[type[rx.State]]:
    """Every state of ours."""
    for state in base.get_substates():
        if state.__module__.startswith("frameapp."):
            yield state
        yield from states(state)


def sources() -> Iterator[ast.Module]:
    for path in sorted(UI.rglob("*.py")):
        yield ast.parse(path.read_text())


def used() -> set[str]:
    """What pages and handlers take from a state: each name after a dot, but for a state's own business."""
    return {
        node.attr
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) != "self"
    }


def declared() -> set[str]:
    """Every method that is marked as an event."""
    return {
        f"{owner.name}.{method.name}"
        for tree in sources()
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        if any(ast.unparse(mark).startswith("rx.event") for mark in method.decorator_list)
    }


def test_what_can_be_called_is_what_was_meant_to_be_and_what_the_pages_use() -> None:
    meant, named = declared(), used()
    found = [(state, name) for state in states() for name in set(state.event_handlers) - OF_REFLEX]
    assert len(found) > 80
    for state, name in found:
        assert {f"{owner.__name__}.{name}" for owner in state.__mro__} & meant, f"{state.__name__}.{name} is a helper"
        assert name in named, f"{state.__name__}.{name} is used by no page"
