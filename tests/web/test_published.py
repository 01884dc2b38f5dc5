"""What is published, to anybody: the feed as its readers take it, pictures that never change, and nothing else."""

from __future__ import annotations

import gzip
import re

import pytest
import sqlalchemy as sa

from frameapp.core.keys import feed_token, generation_keys, picture_prefix
from frameapp.models import Generation, GenerationState, utc_now
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.outputs import add_frame, picture
from tests.web.conftest import Connect

FEED = b"id\timage_link\n1\thttps://x.example/1.jpg\n" * 10_000
SECRET = "s"
PICTURE = f"{picture_prefix(SECRET)}{'a' * 48}.jpg"


@pytest.fixture
def address(app: Application, anna: Viewer) -> str:
    """The address of a published feed."""
    frame_id = add_frame(app, anna)
    feed_key, manifest_key = generation_keys(SECRET, frame_id, "one", "tsv")
    app.storage.put(feed_key, gzip.compress(FEED))
    app.storage.put(PICTURE, picture())
    with app.database.write() as session:
        session.add(
            Generation(
                frame_id=frame_id,
                state=GenerationState.DONE,
                active=True,
                token=feed_token(SECRET),
                feed_key=feed_key,
                manifest_key=manifest_key,
                format="tsv",
                published_at=utc_now(),
            )
        )
    return f"/feeds/{feed_token(SECRET)}.tsv"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, deflate, br", True),
        ("gzip;q=0.5", True),
        ("x-gzip", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.00, br", False),
    ],
)
async def test_the_feed_is_packed_for_who_takes_that(
    connect: Connect, address: str, accepted: str, packed: bool
) -> None:
    answer = await connect(None).get(address, headers={"accept-encoding": accepted})
    assert (answer.status_code, answer.content) == (200, FEED)
    assert answer.headers.get("content-encoding", "") == ("gzip" if packed else "")
    assert answer.headers["content-type"] == "text/tab-separated-values", "without a charset, which is the feed's own"
    assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept-Encoding", "public, no-cache")
    policy = answer.headers["content-security-policy"]
    assert re.fullmatch("default-src 'none'; style-src [^;]+; sandbox; frame-ancestors 'none'", policy)
    assert "set-cookie" not in answer.headers


async def test_a_charset_that_the_feed_does_not_tell_goes_with_it(
    connect: Connect, address: str, app: Application
) -> None:
    with app.database.write() as session:
        session.execute(sa.update(Generation).values(charset="iso-8859-7"))
    answer = await connect(None).get(address)
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=iso-8859-7"


async def test_who_has_the_feed_is_not_sent_it_again(connect: Connect, address: str) -> None:
    client = connect(None)
    tag = (await client.get(address)).headers["etag"]
    again = await client.get(address, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(address, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_picture_is_there_for_anybody_and_for_ever(connect: Connect, address: str) -> None:
    client = connect(None)
    answer = await client.get(f"/{PICTURE}")
    assert (answer.status_code, answer.content) == (200, picture())
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = await client.get(f"/{PICTURE}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        f"/feeds/{'0' * 32}.tsv",
        f"/feeds/{feed_token('another')}.tsv",
        "/feeds/x.tsv",
        "/public/",
        f"/public/{'0' * 24}/{'0' * 48}.jpg",
        "/public/%2e%2e/private/frames/x.png",
        "/" + generation_keys(SECRET, 1, "one", "tsv")[0],
        "/" + generation_keys(SECRET, 1, "one", "tsv")[1],
    ],
)
async def test_nothing_else_is(app: Application, connect: Connect, address: str, path: str) -> None:
    app.storage.put("private/frames/x.png", b"x")
    answer = await connect(None).get(path)
    assert answer.status_code == 404 or answer.text.startswith("reflex got"), "it is Reflex's"
    assert b"image_link" not in answer.content
