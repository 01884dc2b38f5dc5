"""Our own routes beside Reflex's: each module of ``web`` lists its own."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from frameapp.web import accounts, files, health, outputs, previews, progress
from frameapp.web.guards import ForgeryGuard, PageGate, UploadGuard

ROUTES: list[BaseRoute] = [
    *accounts.routes,
    *files.routes,
    *health.routes,
    *previews.routes,
    *outputs.routes,
    *progress.routes,
]


def web_app() -> Starlette:
    """The Starlette application that wraps Reflex's; our routes win over its pages."""
    guards = [Middleware(ForgeryGuard), Middleware(UploadGuard), Middleware(PageGate)]
    return Starlette(routes=ROUTES, middleware=guards)
