"""Our own routes beside Reflex's: each module of ``web`` lists its own."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []


def web_app() -> Starlette:
    """The Starlette application that wraps Reflex's; our routes win over its pages."""
    return Starlette(routes=ROUTES)
