"""Which name the server is asked under: in production the public address's, and no other."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from frameapp.services.application import application
from frameapp.settings import Settings

CHECKS = frozenset({"/health", "/ping"})  # asked by containers and balancers, under names of their own
HOST = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(?::\d{0,5})?", re.IGNORECASE)
UNKNOWN = "This host name is not configured for this server."


def is_known_host(host: str, settings: Settings) -> bool:
    """Whether a Host header names the public address's host; ports differ behind proxies. In development, any does."""
    if settings.env != "production":
        return True
    name = _name(host)
    return bool(name) and name == _name(urlsplit(settings.resolved_public_url).netloc)


class KnownHosts:
    """Refuses with 400 what names another host: addresses that we make would lead there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse it."""
        known = scope["type"] not in {"http", "websocket"} or scope["path"] in CHECKS
        if known or is_known_host(Headers(scope=scope).get("host", ""), application().settings):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4400})
        else:
            await PlainTextResponse(UNKNOWN, 400)(scope, receive, send)


def _name(host: str) -> str:
    """The name without its port, as browsers compare it; empty for what is no host and port."""
    found = HOST.fullmatch(host)
    return found[1].lower().rstrip(".") if found else ""
