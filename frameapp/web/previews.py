"""Private pictures of the placement page: previews, product pictures, thumbnails. Others get 404."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from frameapp.errors import FetchError, FrameappError, Invalid, NotFound, PictureError, SignInRequired, TooBusy
from frameapp.services import previews
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application, application
from frameapp.services.turns import Turns
from frameapp.web.answers import FOREVER, path_number
from frameapp.web.identity import require_viewer

BRIEFLY = "private, max-age=60"
STATUS: dict[type[FrameappError], int] = {
    NotFound: 404,
    SignInRequired: 404,
    Invalid: 400,
    TooBusy: 429,
    FetchError: 502,
}


async def preview(request: Request) -> Response:
    """GET the rendered product; ``recipe`` is the encoded recipe. Nothing is rendered once the client has left."""
    text = request.query_params.get("recipe", "")

    async def work(app: Application, viewer: Viewer) -> Response:
        frame_id, ref = path_number(request, "frame_id"), path_number(request, "product_ref")
        async with _turns.turn((viewer.user_id, frame_id)):
            if await request.is_disconnected():
                return Response(status_code=499)
            rendered = await previews.render(app, viewer, frame_id, ref, previews.decode_recipe(text))
        return _picture(request, rendered.data, rendered.format.media_type, BRIEFLY)

    return await _answer(request, work)


async def original(request: Request) -> Response:
    """GET the product's picture as the feed's host sent it."""

    async def work(app: Application, viewer: Viewer) -> Response:
        picture = await previews.original(app, viewer, path_number(request, "product_ref"))
        return _picture(request, picture.data, picture.media_type, BRIEFLY)

    return await _answer(request, work)


async def trimmed(request: Request) -> Response:
    """GET the product's picture without its white or transparent borders."""

    async def work(app: Application, viewer: Viewer) -> Response:
        picture = await previews.trimmed(app, viewer, path_number(request, "product_ref"))
        return _picture(request, picture.data, picture.media_type, BRIEFLY)

    return await _answer(request, work)


async def thumbnail(request: Request) -> Response:
    """GET a small picture of the product; ``v`` in the address makes it cacheable forever."""

    async def work(app: Application, viewer: Viewer) -> Response:
        picture = await previews.thumbnail(app, viewer, path_number(request, "product_ref"))
        return _picture(request, picture.data, picture.media_type, FOREVER if "v" in request.query_params else BRIEFLY)

    return await _answer(request, work)


# One preview at a time of a user's frame, so that abandoned ones are dropped while they wait.
_turns = Turns(in_all=1_000_000, each=1, waiting=previews.MOST_WAITING, full=previews.BUSY)


async def _answer(request: Request, work: Callable[[Application, Viewer], Awaitable[Response]]) -> Response:
    try:
        return await work(application(), await asyncio.to_thread(require_viewer, request))
    except PictureError as error:
        return PlainTextResponse(str(error), 422)
    except FrameappError as error:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
        return PlainTextResponse(str(error), status, {"Cache-Control": "no-store"})


def _picture(request: Request, data: bytes, media_type: str, cache: str) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)


routes: list[BaseRoute] = [
    Route("/files/preview/{frame_id}/{product_ref}", preview),
    Route("/files/source/{product_ref}/original", original),
    Route("/files/source/{product_ref}/trimmed", trimmed),
    Route("/files/source/{product_ref}/thumb", thumbnail),
]
