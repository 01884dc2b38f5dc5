"""What is published, over HTTP, to anybody who has the address: no cookie is read."""

from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from frameapp.adapters.inflate import Inflater
from frameapp.core.feeds.formats import FORMATS
from frameapp.core.render.formats import media_type
from frameapp.services import publishing
from frameapp.services.application import application
from frameapp.web.answers import FILE_HEADERS, answering_errors

# XML is a page to a browser, and a shop's feed may hold a form. Style is what Chromium shows XML with.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
IMMUTABLE = "public, max-age=31536000, immutable"


def feed(request: Request) -> Response:
    """``GET /feeds/<token>.<extension>``: the published feed, gzipped for who takes that; a new one shows at once."""
    found = publishing.feed_document(application(), request.path_params["token"])
    headers = {
        **FILE_HEADERS,
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "public, no-cache",
        "ETag": f'W/"{found.tag}"',
        "Vary": "Accept-Encoding",
    }
    if _has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    chunks = found.packed
    if _takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
    else:
        chunks = _unpacked(chunks)
    # As a header, since Starlette adds UTF-8 to a media type of text: the feed may be in another encoding.
    kind = FORMATS[found.format].media_type
    headers["Content-Type"] = f"{kind}; charset={found.charset}" if found.charset else kind
    return StreamingResponse(chunks, headers=headers)


def picture(request: Request) -> Response:
    """``GET /public/<name>``: a picture that a published feed names; its address never has other bytes."""
    name = request.path_params["name"]
    data = publishing.published_picture(application(), name)
    headers = {**FILE_HEADERS, "Cache-Control": IMMUTABLE, "ETag": f'"{name.rpartition("/")[2].partition(".")[0]}"'}
    if _has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type(data))


def _has(request: Request, tag: str) -> bool:
    """Whether the client has what the tag names (RFC 9110, 13.1.2: compared weakly)."""
    known = request.headers.get("if-none-match", "")
    return any(part.strip().removeprefix("W/") == tag.removeprefix("W/") for part in known.split(","))


def _takes_gzip(request: Request) -> bool:
    """Whether Accept-Encoding names gzip with a weight above 0 (RFC 9110, 12.5.3)."""
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "").rstrip("0.") not in {"q=", "q"}
    return False


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflater = Inflater("gzip")
    for chunk in chunks:
        yield from inflater.feed(chunk)


routes: list[BaseRoute] = [
    Route("/feeds/{token}.{extension}", answering_errors(feed)),
    Route("/public/{name:path}", answering_errors(picture)),
]
