"""Small designs for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from frameapp.core.design.model import Design, read_design
from frameapp.core.values import Context

CONTEXT = Context("de_DE", "EUR", ZoneInfo("Europe/Athens"), datetime(2026, 11, 27, 12, tzinfo=UTC))
BOX = {"x": 10, "y": 10, "width": 80, "height": 60}


def box(**changes: int) -> dict[str, int]:
    return BOX | changes


def layer(kind: str, **properties: Any) -> dict[str, Any]:
    return {"kind": kind, "id": kind, "boxes": {"main": BOX}, **properties}


def as_json(*layers: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A design with a product layer below these, in one size of 100 x 80, as its file has it."""
    size = {"key": "main", "width": 100, "height": 80}
    return {"version": 2, "sizes": [size], "layers": [layer("product"), *layers], **properties}


def design(*layers: dict[str, Any], **properties: Any) -> Design:
    return read_design(as_json(*layers, **properties))
