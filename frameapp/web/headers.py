"""The headers on every answer: what a browser may do with it, run in it and keep of it."""

import base64
import functools
import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from frameapp.services.application import application

INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
NO_FRAMES = "frame-ancestors 'none'"
NOTHING = f"default-src 'none'; {NO_FRAMES}"  # what is no page runs and loads nothing
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = "max-age=31536000"


class SecurityHeaders:
    """Adds them to whatever answers: routes, pages, refusals and faults."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on; the answer's head gets the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                add_headers(MutableHeaders(scope=message), scope, int(message["status"]))
            await send(message)

        await self.app(scope, receive, sent)


def add_headers(headers: MutableHeaders, scope: Scope, status: int) -> None:
    """Complete an answer's headers; what a route has set itself stays."""
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    if application().settings.resolved_public_url.startswith("https:"):
        headers.setdefault("Strict-Transport-Security", HSTS)
    policy = headers.get("content-security-policy")
    if policy is None and status != 304:  # whose headers replace those that the browser has
        policy = page_policy() if headers.get("content-type", "").startswith("text/html") else NOTHING
    if policy:
        headers["Content-Security-Policy"] = policy if NO_FRAMES in policy else f"{policy}; {NO_FRAMES}"
    if "private" in headers.get("cache-control", ""):
        headers.add_vary_header("Cookie")  # what a browser kept under one session is none of another's
    if location := headers.get("location"):
        headers["Location"] = _without_own_host(location, scope)


@functools.cache
def page_policy() -> str:
    """The Content-Security-Policy of our pages. docs/architecture.md says which directives are loose, and why."""
    hashes = script_hashes(_pages().rglob("*.html"))
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self' 'unsafe-eval'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'self'",  # where the answer to a posted ZIP goes
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            NO_FRAMES,
        )
    )


def script_hashes(pages: Iterable[Path]) -> list[str]:
    """What the inline scripts of the built pages are let run by."""
    scripts = {script for page in pages for script in INLINE_SCRIPT.findall(page.read_bytes()) if script.strip()}
    return sorted(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


def _pages() -> Path:
    return Path(os.environ.get("REFLEX_WEB_WORKDIR", ".web")) / "build" / "client"


def _without_own_host(location: str, scope: Scope) -> str:
    """A redirect to this server's own pages as a path: the name it was asked under is the client's word."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    for scheme in ("http", "https"):
        if location.startswith(f"{scheme}://{host}/"):
            return location.removeprefix(f"{scheme}://{host}")
    return location
