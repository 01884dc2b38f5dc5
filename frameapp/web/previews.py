"""Private pictures of the placement page: previews, product pictures, thumbnails. Others get 404."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from frameapp.errors import FetchError, FrameappError, Invalid, NotFound, PictureError, SignInRequired
from frameapp.services import previews
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application, application
from frameapp.web.answers import path_number
from frameapp.web.identity import require_viewer

T = TypeVar("T")

FOREVER = "private, max-age=31536000, immutable"
BRIEFLY = "private, max-age=60"
STATUS: dict[type[FrameappError], int] = {NotFound: 404, SignInRequired: 404, Invalid: 400, FetchError: 502}


async def preview(request: Request) -> Response:
    """GET the rendered product; ``recipe`` is the encoded recipe. Nothing is rendered for who has already left."""
    text = request.query_params.get("recipe", "")

    def work(app: Application, viewer: Viewer) -> Response:
        frame_id, ref = path_number(request, "frame_id"), path_number(request, "product_ref")
        rendered = previews.render(app, viewer, frame_id, ref, previews.decode_recipe(text))
        return _picture(request, rendered.data, rendered.format.media_type, BRIEFLY)

    async with _turn(request):
        if await request.is_disconnected():
            return Response(status_code=499)
        return await _answer(request, work)


async def original(request: Request) -> Response:
    """GET the product's picture as the feed's host sent it."""

    def work(app: Application, viewer: Viewer) -> Response:
        picture = previews.original(app, viewer, path_number(request, "product_ref"))
        return _picture(request, picture.data, picture.media_type, BRIEFLY)

    return await _answer(request, work)


async def trimmed(request: Request) -> Response:
    """GET the product's picture without its white or transparent borders."""

    def work(app: Application, viewer: Viewer) -> Response:
        picture = previews.trimmed(app, viewer, path_number(request, "product_ref"))
        return _picture(request, picture.data, picture.media_type, BRIEFLY)

    return await _answer(request, work)


async def thumbnail(request: Request) -> Response:
    """GET a small picture of the product; ``v`` in the address makes it cacheable forever."""

    def work(app: Application, viewer: Viewer) -> Response:
        picture = previews.thumbnail(app, viewer, path_number(request, "product_ref"))
        return _picture(request, picture.data, picture.media_type, FOREVER if "v" in request.query_params else BRIEFLY)

    return await _answer(request, work)


_turns: dict[str, asyncio.Lock] = {}


def _turn(request: Request) -> asyncio.Lock:
    """One preview at a time per browser and frame, so that abandoned ones are dropped while they wait."""
    key = f"{request.headers.get('cookie', '')}|{request.path_params['frame_id']}"
    key = hashlib.sha256(key.encode()).hexdigest()
    if len(_turns) > 1000:
        for idle in [name for name, lock in _turns.items() if not lock.locked()]:
            del _turns[idle]
    return _turns.setdefault(key, asyncio.Lock())


async def _answer(request: Request, work: Callable[[Application, Viewer], Response]) -> Response:
    def run() -> Response:
        return work(application(), require_viewer(request))

    try:
        return await previews.apart(run)
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
