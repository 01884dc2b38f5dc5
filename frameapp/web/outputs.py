"""Outputs over HTTP: JSON, picture, thumbnail, download and ZIP. Each only to those who own the frame."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from frameapp.core.render import formats
from frameapp.errors import Invalid
from frameapp.services import archive, outputs, thumbnails
from frameapp.services.application import application
from frameapp.services.outputs import LARGEST_ID, OutputRow, Picture
from frameapp.web.answers import (
    FILE_HEADERS,
    FOREVER,
    answering_errors,
    answering_errors_later,
    attachment,
    path_number,
)
from frameapp.web.identity import require_viewer

LARGEST_FORM = archive.MOST_IDS * 13 + 100  # bytes: ten digits and an escaped comma each


async def thumb(request: Request) -> Response:
    """``GET /files/thumb/<output_id>/<key-tail>``: a small picture, made when first asked for."""
    viewer = await asyncio.to_thread(require_viewer, request)
    found = await asyncio.to_thread(outputs.picture, application(), viewer, path_number(request, "output_id"))
    if moved := _moved(request, found, "thumb"):
        return moved
    data = await thumbnails.thumbnail(application(), viewer, found.key)
    return Response(data, headers={**FILE_HEADERS, "Cache-Control": FOREVER}, media_type=formats.media_type(data))


def picture(request: Request) -> Response:
    """``GET /files/output/<output_id>/<key-tail>``: the picture itself, for looking at."""
    found = _picture(request)
    if moved := _moved(request, found, "output"):
        return moved
    return _file(found, {"Cache-Control": FOREVER})


def download(request: Request) -> Response:
    """``GET /frame/<id>/outputs/<output_id>/download``: the picture, to be saved under the product's id."""
    found = _picture(request, frame_id=path_number(request, "frame_id"))
    return _file(found, {"Cache-Control": "private, no-cache", "Content-Disposition": attachment(found.name)})


def zip_of_matching(request: Request) -> Response:
    """``GET /frame/<id>/outputs.zip?search=&state=``: the pictures of what matches, streamed."""
    query = request.query_params
    return _zip(request, search=query.get("search", ""), state=query.get("state", ""))


async def zip_of_named(request: Request) -> Response:
    """``POST /frame/<id>/outputs.zip`` with the field ``ids=1,2``, since an address has no room for thousands."""
    body = await _start_of_body(request, LARGEST_FORM + 1)

    def answer(request: Request) -> Response:
        if len(body) > LARGEST_FORM:
            raise Invalid(archive.TOO_MANY, field="ids")
        form = dict(parse_qsl(body.decode("ascii", "replace")))
        return _zip(request, ids=_ids(form.get("ids", "")))

    return await run_in_threadpool(answering_errors(answer), request)


async def _start_of_body(request: Request, size: int) -> bytes:
    """The body, of which nothing is kept or awaited past ``size`` bytes."""
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:size]
        if len(body) == size:
            break
    return body


def _zip(request: Request, **chosen: Any) -> Response:
    made = archive.archive(application(), require_viewer(request), path_number(request, "frame_id"), **chosen)
    headers = {
        "Content-Disposition": attachment(made.name),
        "Cache-Control": "private, no-store",
        "X-Accel-Buffering": "no",
    }
    return StreamingResponse(made.chunks, headers=headers, media_type="application/zip")


def ajax(request: Request) -> Response:
    """``GET /frame/<id>/outputs-ajax/?start=&length=&search=``: outputs in feed order, as JSON."""
    query = request.query_params
    found, total, matching = outputs.slice_of(
        application(),
        require_viewer(request),
        path_number(request, "frame_id"),
        start=_whole(query.get("start", "0"), "start", most=LARGEST_ID),
        length=_whole(query.get("length", "10"), "length", most=LARGEST_ID),
        search=query.get("search", query.get("search[value]", "")),
    )
    answer: dict[str, Any] = {
        "recordsTotal": total,
        "recordsFiltered": matching,
        "data": [_as_json(row) for row in found],
    }
    if "draw" in query:
        answer["draw"] = _whole(query["draw"], "draw", most=LARGEST_ID)
    return JSONResponse(answer, headers={"Cache-Control": "private, no-store"})


def _as_json(row: OutputRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "product_id": row.product_id,
        "title": row.title,
        "state": row.state,
        "reason": row.reason,
        "width": row.width,
        "height": row.height,
        "bytes": row.size_bytes,
        "format": row.format,
        "picture_url": row.picture_path,
        "thumbnail_url": row.thumbnail_path,
        "download_url": row.download_path,
    }


def _picture(request: Request, *, frame_id: int | None = None) -> Picture:
    return outputs.picture(application(), require_viewer(request), path_number(request, "output_id"), frame_id=frame_id)


def _moved(request: Request, found: Picture, kind: str) -> Response | None:
    """Where the address is of an older picture: the present one's address."""
    tail = found.key.rpartition("/")[2]
    if request.path_params["key_tail"] == tail:
        return None
    address = f"/files/{kind}/{request.path_params['output_id']}/{tail}"
    return RedirectResponse(address, 307, {"Cache-Control": "no-store"})


def _file(found: Picture, headers: dict[str, str]) -> Response:
    data = outputs.picture_bytes(application(), found)
    return Response(data, headers={**FILE_HEADERS, **headers}, media_type=formats.output(found.format).media_type)


def _whole(text: str, field: str, *, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > most:
        raise Invalid(f"“{field}” must be a whole number.", field=field)
    return int(text)


def _ids(text: str) -> list[int]:
    return [_whole(part.strip(), "ids", most=LARGEST_ID - 1) for part in text.split(",") if part.strip()]


routes: list[BaseRoute] = [
    Route("/files/thumb/{output_id}/{key_tail}", answering_errors_later(thumb)),
    Route("/files/output/{output_id}/{key_tail}", answering_errors(picture)),
    Route("/frame/{frame_id}/outputs/{output_id}/download", answering_errors(download)),
    Route("/frame/{frame_id}/outputs.zip", answering_errors(zip_of_matching)),
    Route("/frame/{frame_id}/outputs.zip", zip_of_named, methods=["POST"]),
    Route("/frame/{frame_id}/outputs-ajax/", answering_errors(ajax, as_json=True)),
]
