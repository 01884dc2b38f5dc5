"""Feeds: fetched from a real host on loopback, looked into, and checked again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from frameapp.core.feeds import FeedReport, inspection
from frameapp.core.sample import sample_picture
from frameapp.errors import Invalid, NotFound
from frameapp.models import Feed, Product
from frameapp.services import feeds
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from frameapp.services.credentials import seal, unseal
from frameapp.services.feeds import FeedSource, clean_source

PASSWORD = "correct horse battery"


@dataclass
class Host:
    """A host of one feed; ``seen`` are the headers of its requests."""

    url: str = ""
    body: bytes = b""
    status: int = 200
    seen: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def serving(host: Host) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.seen.append({name.lower(): value for name, value in self.headers.items()})
            picture = self.path.endswith(".jpg")
            body = sample_picture(1) if picture else host.body
            self.send_response(200 if picture else host.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_port}/feed.xml"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def host() -> Iterator[Host]:
    found = Host()
    with serving(found):
        root = found.url.rpartition("/")[0]
        entries = "".join(
            f"<entry><g:id>SKU-{n}</g:id><g:image_link>{root}/{n}.jpg</g:image_link></entry>" for n in range(8)
        )
        names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"'
        found.body = f"<feed {names}>{entries}</feed>".encode()
        yield found


@pytest.fixture
def app(app: Application) -> Application:
    """May fetch from loopback."""
    return replace(app, settings=app.settings.model_copy(update={"fetch_allow": "127.0.0.0/8"}))


@pytest.fixture
def anna(app: Application) -> Viewer:
    return register(app, "anna", PASSWORD)


def saved(app: Application, viewer: Viewer, source: FeedSource) -> int:
    with app.database.write() as session:
        return feeds.find_or_add(app, session, viewer.workspace_id, source).id


async def test_a_look_into_a_feed_tells_what_is_there_and_keeps_nothing(
    app: Application, anna: Viewer, host: Host
) -> None:
    found = await feeds.inspect(app, anna, FeedSource(host.url))
    assert found.error == ""
    assert (found.report.format, found.report.entries) == ("atom", 8)
    assert [product.product_id for product in found.products] == [f"SKU-{n}" for n in range(8)]
    with app.database.read() as session:
        assert session.exec(select(Feed)).all() == []


async def test_six_pictures_are_shown_small(app: Application, anna: Viewer, host: Host) -> None:
    pictures = await feeds.pictures(app, anna, await feeds.inspect(app, anna, FeedSource(host.url)), 6, 160)
    assert len(pictures) == 6
    assert all(data and data[:4] == b"RIFF" and len(data) <= 20_000 for data in pictures)


async def test_credentials_and_user_agent_are_sent(app: Application, anna: Viewer, host: Host) -> None:
    await feeds.inspect(app, anna, FeedSource(host.url, "shop", "open sesame", "Shop Reader/2"))
    assert host.seen[0]["authorization"] == "Basic c2hvcDpvcGVuIHNlc2FtZQ=="
    assert host.seen[0]["user-agent"] == "Shop Reader/2"


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (200, b""), (200, b"<html><body>Sign in</body></html>"), (200, b"<feed><entry></feed>")],
    ids=["missing", "empty", "html", "broken"],
)
async def test_a_feed_that_cannot_be_read_is_a_sentence(
    app: Application, anna: Viewer, host: Host, status: int, body: bytes
) -> None:
    host.status, host.body = status, body
    found = await feeds.inspect(app, anna, FeedSource(host.url))
    assert found.error.endswith(".")
    assert found.report == FeedReport()


async def test_a_private_host_is_refused_where_the_settings_do_not_allow_it(
    app: Application, anna: Viewer, host: Host
) -> None:
    strict = replace(app, settings=app.settings.model_copy(update={"fetch_allow": ""}))
    found = await feeds.inspect(strict, anna, FeedSource(host.url))
    assert found.error
    assert host.seen == []


async def test_a_check_keeps_its_report_and_the_first_products(app: Application, anna: Viewer, host: Host) -> None:
    feed_id = saved(app, anna, FeedSource(host.url))
    await feeds.check(app, anna, feed_id)
    await feeds.check(app, anna, feed_id)
    with app.database.read() as session:
        feed = session.get_one(Feed, feed_id)
        products = session.exec(select(Product).where(Product.feed_id == feed_id)).all()
    assert feed.report.entries == 8
    assert feed.checked_at is not None
    assert sorted(product.product_id for product in products) == [f"SKU-{n}" for n in range(8)]


async def test_a_check_keeps_few_characters_however_long_the_texts_are(
    app: Application, anna: Viewer, host: Host
) -> None:
    entries = (
        f"<entry><g:id>{n}</g:id><title>{'t' * 300_000}</title><g:description>{'d' * 300_000}</g:description></entry>"
        for n in range(20)
    )
    host.body = f'<feed xmlns:g="http://base.google.com/ns/1.0">{"".join(entries)}</feed>'.encode()
    feed_id = saved(app, anna, FeedSource(host.url))
    found = await feeds.check(app, anna, feed_id)
    assert found.report.entries == 20
    assert [product.product_id for product in found.products] == [str(n) for n in range(6)]
    assert sum(len(str(product)) for product in found.products) < 1.1 * inspection.KEPT_CHARACTERS


async def test_a_failed_check_says_so_and_keeps_what_was_known(app: Application, anna: Viewer, host: Host) -> None:
    feed_id = saved(app, anna, FeedSource(host.url))
    await feeds.check(app, anna, feed_id)
    host.status = 404
    found = await feeds.check(app, anna, feed_id)
    with app.database.read() as session:
        feed = session.get_one(Feed, feed_id)
    assert feed.error == found.error != ""
    assert feed.report.entries == 8


async def test_others_cannot_check_it(app: Application, anna: Viewer, host: Host) -> None:
    feed_id = saved(app, anna, FeedSource(host.url))
    with pytest.raises(NotFound):
        await feeds.check(app, register(app, "bert", PASSWORD), feed_id)
    assert host.seen == []


def test_a_feed_with_other_credentials_is_another_feed(app: Application, anna: Viewer) -> None:
    plain = FeedSource("https://shop.example.com/feed.xml")
    secret = replace(plain, username="shop", password="open sesame")
    assert saved(app, anna, plain) == saved(app, anna, plain)
    assert saved(app, anna, secret) == saved(app, anna, secret) != saved(app, anna, plain)
    assert saved(app, anna, replace(secret, password="other")) != saved(app, anna, secret)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://shop.example.com/feed.xml ", "https://shop.example.com/feed.xml"),
        ("shop.example.com/feed.xml", "https://shop.example.com/feed.xml"),
        ("http://shop.example.com:8080/f?a=1", "http://shop.example.com:8080/f?a=1"),
        ("shop.example.com:8080/f?a=http://b", "https://shop.example.com:8080/f?a=http://b"),
        (r"https:\\shop.example.com\feed.xml", r"https:\\shop.example.com\feed.xml"),
        ("HTTPS:///shop.example.com/feed.xml", "HTTPS:///shop.example.com/feed.xml"),
    ],
)
def test_an_address_is_completed(given: str, kept: str) -> None:
    assert clean_source(FeedSource(given)).address == kept


@pytest.mark.parametrize(
    "source",
    [
        FeedSource(""),
        FeedSource("ftp://shop.example.com/feed.xml"),
        FeedSource("file:///etc/passwd"),
        FeedSource("https://"),
        FeedSource("https://shop.example.com/a b"),
        FeedSource("https://[::1/feed.xml"),
        FeedSource("https://user:secret@shop.example.com/feed.xml"),
        FeedSource(r"https:\\user:secret@shop.example.com\feed.xml"),
        FeedSource("https://shop.example.com/" + "x" * 2000),
        FeedSource("https://shop.example.com/", user_agent="Shop\r\nX: y"),
        FeedSource("https://shop.example.com/", username="a:b"),
    ],
    ids=lambda source: source.address[:30],
)
def test_a_source_that_cannot_be_is_refused_with_its_field(source: FeedSource) -> None:
    with pytest.raises(Invalid) as caught:
        clean_source(source)
    assert caught.value.field in {"address", "user_agent", "feed_username"}


def test_what_is_sealed_is_read_by_this_installation_only(app: Application) -> None:
    other = replace(app, settings=app.settings.model_copy(update={"secret": "t" * 40}))
    token = seal(app, "open sesame")
    assert unseal(app, token) == "open sesame"
    assert unseal(other, seal(other, "x")) == "x"
    assert unseal(app, "nonsense") is None
    assert unseal(app, token, max_age=-1) is None
