"""Our routes with everything that stands before them, around a stand-in for Reflex's own application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from frameapp.services.sessions import open_session
from frameapp.web.headers import SecurityHeaders
from frameapp.web.identity import cookie_name
from frameapp.web.routes import web_app

PASSWORD = "correct horse battery"
SITE = "http://localhost:3000"

Connect = Callable[[Viewer | None], httpx.AsyncClient]


@pytest.fixture
def anna(app: Application) -> Viewer:
    """A user."""
    return register(app, "anna", PASSWORD)


@pytest.fixture
def bert(app: Application) -> Viewer:
    """Another user."""
    return register(app, "bert", PASSWORD)


async def _swallow(request: Request) -> PlainTextResponse:
    """Stands for Reflex's upload route and its pages: reads what comes."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return PlainTextResponse(f"reflex got {size}")


@pytest_asyncio.fixture
async def connect(app: Application) -> AsyncIterator[Connect]:
    """Makes clients: of a signed-in viewer, or of nobody."""
    whole = web_app()
    whole.mount("", Starlette(routes=[Route("/{path:path}", _swallow, methods=["GET", "POST"])]))
    clients: list[httpx.AsyncClient] = []

    def client(viewer: Viewer | None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=SecurityHeaders(whole), client=("192.0.2.1", 5000))
        cookies = {cookie_name(app.settings): open_session(app, viewer)} if viewer else None
        made = httpx.AsyncClient(transport=transport, base_url=SITE, cookies=cookies)
        clients.append(made)
        return made

    yield client
    for made in clients:
        await made.aclose()
