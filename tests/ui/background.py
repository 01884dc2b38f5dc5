"""Background handlers called as plain functions, with a state whose lock is always free."""

from __future__ import annotations

import types
from typing import Any

import reflex as rx


class InBackground:
    """Stands for the proxy that a background handler gets: ``async with`` is its lock."""

    def __init__(self, state: rx.State) -> None:
        object.__setattr__(self, "_bare", state)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._bare, name)
        return types.MethodType(value.__func__, self) if is_method(value, self._bare) else value

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._bare, name, value)

    async def __aenter__(self) -> InBackground:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def is_method(value: Any, owner: rx.State) -> bool:
    """Whether this is a method of the state, which is to see the proxy."""
    return isinstance(value, types.MethodType) and value.__self__ is owner
