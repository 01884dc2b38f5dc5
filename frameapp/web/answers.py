"""What our routes answer with: errors by status, private files, attachments."""

import functools
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from frameapp.errors import Conflict, FrameappError, Invalid, NotFound, SignInRequired, TooBusy
from frameapp.services.outputs import LARGEST_ID

FOREVER = "private, max-age=31536000, immutable"
FORGET = {"Clear-Site-Data": '"cache"'}  # the browser's copies of private pictures
FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}

Endpoint = Callable[[Request], Response]
AsyncEndpoint = Callable[[Request], Awaitable[Response]]


def answering_errors(endpoint: Endpoint, *, as_json: bool = False) -> Endpoint:
    """The endpoint, with our errors answered: 404 for what is not the viewer's, also without a session."""

    @functools.wraps(endpoint)
    def answered(request: Request) -> Response:
        try:
            return endpoint(request)
        except FrameappError as error:
            return _refusal(error, as_json=as_json)

    return answered


def answering_errors_later(endpoint: AsyncEndpoint) -> AsyncEndpoint:
    """``answering_errors`` for an endpoint that is awaited."""

    @functools.wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except FrameappError as error:
            return _refusal(error)

    return answered


def path_number(connection: HTTPConnection, name: str) -> int:
    """An id in the address. Raises NotFound for what no database could hold."""
    text = connection.path_params[name]
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) >= LARGEST_ID:
        raise NotFound
    return int(text)


def attachment(name: str) -> str:
    """A Content-Disposition that saves as ``name``, in ASCII and as RFC 6266 asks in UTF-8."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _refusal(error: FrameappError, *, as_json: bool = False) -> Response:
    status, headers = _status(error), {"Cache-Control": "no-store"}
    if as_json:
        return JSONResponse({"error": str(error)}, status, headers)
    return PlainTextResponse(str(error), status, headers)


def _status(error: FrameappError) -> int:
    if isinstance(error, NotFound | SignInRequired):
        return 404
    if isinstance(error, TooBusy):
        return 429
    if isinstance(error, Conflict):
        return 409
    return 400 if isinstance(error, Invalid) else 503
