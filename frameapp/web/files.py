"""Frame images and uploaded drafts over HTTP: each only to those who own it."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from frameapp.core.render.formats import media_type
from frameapp.services import images, thumbnails
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.web.answers import (
    FILE_HEADERS,
    FOREVER,
    answering_errors_later,
    path_number,
)
from frameapp.web.identity import require_viewer

HEADERS = {**FILE_HEADERS, "Cache-Control": FOREVER}


async def frame_image(request: Request) -> Response:
    """``GET /files/frame/<frame_id>/<digest>``: the frame image as it was uploaded; of an SVG, a PNG."""
    viewer = await asyncio.to_thread(require_viewer, request)
    return await _displayed(
        viewer, await asyncio.to_thread(images.frame_image, application(), viewer, *_place(request))
    )


async def frame_thumb(request: Request) -> Response:
    """``GET /files/frame/<frame_id>/<digest>/thumb``: the frame image, small."""
    app = application()
    viewer = await asyncio.to_thread(require_viewer, request)
    key = await asyncio.to_thread(images.frame_image_key, app, viewer, *_place(request))
    data = await thumbnails.thumbnail(app, viewer, key)
    return Response(data, media_type=media_type(data), headers=HEADERS)


async def draft(request: Request) -> Response:
    """``GET /files/draft/<digest>``: an image that the viewer uploaded and has not saved yet."""
    viewer, digest = await asyncio.to_thread(require_viewer, request), request.path_params["digest"]
    return await _displayed(viewer, await asyncio.to_thread(images.draft_image, application(), viewer, digest))


async def _displayed(viewer: Viewer, data: bytes) -> Response:
    shown = await images.displayed(viewer, data)
    return Response(shown, media_type=media_type(shown), headers=HEADERS)


def _place(request: Request) -> tuple[int, str]:
    return path_number(request, "frame_id"), request.path_params["digest"]


routes: list[BaseRoute] = [
    Route("/files/frame/{frame_id}/{digest}", answering_errors_later(frame_image)),
    Route("/files/frame/{frame_id}/{digest}/thumb", answering_errors_later(frame_thumb)),
    Route("/files/draft/{digest}", answering_errors_later(draft)),
]
