"""Uploads belong to the page that sends them: to a connection of the same session, and a handler that takes files."""

import asyncio

from reflex.event import EventHandler
from reflex_base.event import resolve_upload_handler_param
from reflex_base.registry import RegistrationContext
from reflex_base.utils.exceptions import ReflexError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from frameapp.services.sessions import token_hash
from frameapp.ui.gate import Gate
from frameapp.web.bodies import UPLOAD_PATH, refusal
from frameapp.web.identity import session_token

NO_HANDLER = "This upload was not recognised. Reload the page and try again."
NO_PAGE = "This upload does not belong to one of your open pages. Reload the page and try again."


class UploadBinding:
    """Stands right before Reflex's upload route, behind the middleware that asks for a session."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app = app
        self.gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse it with 400 or 403."""
        if scope["type"] != "http" or scope["path"] != UPLOAD_PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = await asyncio.to_thread(_session, scope)
        if not _takes_files(headers.get("reflex-event-handler", "")):
            await refusal(NO_HANDLER, 400)(scope, receive, send)
        elif not self.gate.token_is_of(headers.get("reflex-client-token", ""), session):
            await refusal(NO_PAGE, 403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _session(scope: Scope) -> str:
    """The hash of the request's session; empty for the development pages, which send no cookie to another port."""
    token = session_token(HTTPConnection(scope))
    return token_hash(token) if token else ""


def _takes_files(name: str) -> bool:
    found = RegistrationContext.get().event_handlers.get(name)
    if found is None or found.handler.is_background:
        return False
    handler: EventHandler = found.handler
    try:
        resolve_upload_handler_param(handler)
    except (ReflexError, TypeError, ValueError):
        return False
    return True
