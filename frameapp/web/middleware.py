"""What stands before every route, ours and Reflex's: forgery protection, the protection of uploads, the page gate."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from frameapp.services import accounts
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.web.answers import FORGET
from frameapp.web.bodies import UPLOAD_PATH, in_time, is_below, is_longer, refusal
from frameapp.web.identity import session_token, viewer_of

LONGEST_ID = 9  # digits: PostgreSQL's integer holds them all
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
UPLOAD_LIMIT = 20_000_000 + 64 * 1024  # bytes: the picture, and what a multipart form adds
TOO_LARGE = "The file is larger than 20 MB."
SIGN_IN_PAGES = frozenset({"/login", "/register"})  # for those who are not signed in
OPEN_PAGES = SIGN_IN_PAGES | {"/set-password"}
PAGES = re.compile(r"/|/account|/activity|/add-frame")
ADMIN_PAGES = re.compile(r"/admin(?:/.*)?")
FRAME_PAGES = re.compile(r"/frame/(\d+)/(?:preview|edit|delete)|/frame_detail/(\d+)")


def is_own_request(headers: Headers) -> bool:
    """Whether an unsafe request comes from our own pages, or from a client that is no browser.

    The browser's word (Sec-Fetch-Site) first, then Origin against the public address, or in development the request's
    own host; a request with neither is no browser's (https://words.filippo.io/csrf).
    """
    site = headers.get("sec-fetch-site", "")
    if site in {"same-origin", "none"}:
        return True
    origin = headers.get("origin", "")
    if not origin:
        return not site
    if origin == application().settings.resolved_public_url:
        return True
    if site:  # same-site or cross-site, and not our public address
        return False
    parts = urlsplit(origin)
    by_another_name = parts.scheme in {"http", "https"} and parts.netloc == headers.get("host", "")
    return by_another_name and application().settings.env != "production"


class ForgeryProtection:
    """Refuses unsafe requests and WebSockets that another site's page sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse it with 403."""
        unsafe = scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in SAFE_METHODS)
        if unsafe and not is_own_request(Headers(scope=scope)):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 4403})
                return
            text = "This request came from another site and was refused. Reload the page and try again."
            await PlainTextResponse(text, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class UploadProtection:
    """Stands before Reflex's upload route, which is open to anybody, of any size, and serves what it stored."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST by somebody signed in, up to the limit; anything else is refused."""
        if scope["type"] != "http" or not is_below(scope["path"], UPLOAD_PATH):
            await self.app(scope, receive, send)
            return
        answer = await self._refusal(scope)
        if answer is not None:
            await answer(scope, receive, send)
            return
        await _limited(self.app, scope, receive, send)

    async def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS":  # a preflight, answered by the CORS rules
            return None
        if scope["method"] != "POST":
            return PlainTextResponse("Nothing to see here.", 404)
        if is_longer(headers, UPLOAD_LIMIT):
            return _too_large()
        if (
            not _from_the_development_pages(headers)
            and await asyncio.to_thread(viewer_of, HTTPConnection(scope)) is None
        ):
            return PlainTextResponse("Please sign in.", 401)
        return None


class _BodyTooLarge(Exception):
    pass


async def _limited(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run ``app`` with a body that may not grow past the limit, whatever its headers say."""
    received = 0
    part = in_time(receive)

    async def counted() -> Message:
        nonlocal received
        message = await part()
        received += len(message.get("body", b""))
        if received > UPLOAD_LIMIT:
            raise _BodyTooLarge
        return message

    async def while_small(message: Message) -> None:
        if received <= UPLOAD_LIMIT:  # the answer to a body that grew too large is ours
            await send(message)

    try:
        await app(scope, counted, while_small)
    except _BodyTooLarge:
        await _too_large()(scope, receive, send)


def _too_large() -> PlainTextResponse:
    return refusal(TOO_LARGE, 413)


class PageGate:
    """Answers a page's address by who asks: the sign-in page first, and 404 where a frame is not the viewer's, or the
    viewer no administrator.

    The pages hold no data themselves; this spares a stranger their empty shell. What data there is asks for the
    session again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, set the status, or leave it alone."""
        path = str(scope.get("path", "")).rstrip("/") or "/"
        frame = FRAME_PAGES.fullmatch(path)
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
        elif frame or ADMIN_PAGES.fullmatch(path) or PAGES.fullmatch(path):
            viewer = await asyncio.to_thread(viewer_of, HTTPConnection(scope))
            if viewer is None:
                target = "/login" if path == "/" else f"/login?next={quote(path, safe='')}"
                await RedirectResponse(target, 303, _forgetting(scope))(scope, receive, send)
            elif not await asyncio.to_thread(_may_see, viewer, path, frame):
                await self.app(scope, receive, _with_status(send, 404))
            else:
                await self.app(scope, receive, send)
        elif path in SIGN_IN_PAGES and (await asyncio.to_thread(viewer_of, HTTPConnection(scope))) is not None:
            await RedirectResponse("/", 303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _forgetting(scope: Scope) -> dict[str, str]:
    """A browser whose session has ended drops the pictures that it kept of it."""
    return FORGET if session_token(HTTPConnection(scope)) else {}


def _may_see(viewer: Viewer, path: str, frame: re.Match[str] | None) -> bool:
    """Whether there is something at the page's address for this viewer."""
    if frame is not None:
        return _has_frame(viewer, frame[1] or frame[2])
    return viewer.is_admin or not ADMIN_PAGES.fullmatch(path)


def _has_frame(viewer: Viewer, digits: str) -> bool:
    """Whether it is the viewer's. A number longer than any id is not made into one: Python refuses very long ones."""
    return len(digits) <= LONGEST_ID and accounts.owns_frame(application(), viewer, int(digits))


def _with_status(send: Send, status: int) -> Callable[[Message], Awaitable[None]]:
    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            message = {**message, "status": status}
        await send(message)

    return changed


def _from_the_development_pages(headers: Headers) -> bool:
    """Under ``reflex run`` the pages have a port of their own, and the browser sends this one no cookie with an upload.

    The event's handler asks for the session in any case.
    """
    development = os.environ.get("REFLEX_ENV_MODE") == "dev"
    return development and headers.get("origin", "") == application().settings.resolved_public_url
