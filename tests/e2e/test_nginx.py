"""The application as production has it: a real nginx with our own configuration, over HTTPS.

Behind it web, two workers and the scheduler, on PostgreSQL and Redis. The pages were built under another name.
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import ssl
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import connect

from frameapp.core.feeds import FeedReader
from tests.browser import ARGUMENTS
from tests.e2e import services
from tests.e2e.catalogue import Catalogue
from tests.e2e.certificates import make_certificate
from tests.e2e.conftest import LIMIT, PASSWORD, register
from tests.e2e.job import add_frame, cookie_of, frame_id_of, generate
from tests.e2e.placement.placing import box_of, drag, wait_for_result
from tests.nginx import Nginx
from tests.postgres import PostgresServer

HOST = "frames.test"
URL = f"https://{HOST}"
IMMUTABLE = "public, max-age=31536000, immutable"
OWN = {"date", "server", "etag", "vary", "content-length", "connection"}  # each server has its own way with them


@dataclass(frozen=True)
class Front:
    """nginx with the application behind it, and a browser that finds it under its public name."""

    nginx: Nginx
    folder: Path
    application: int
    browser: Browser

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """An HTTP client that trusts the certificate and nothing else, at an address of its own."""
        trust = ssl.create_default_context(cafile=self.nginx.folder / "certificates" / "fullchain.pem")
        transport = httpx.HTTPTransport(verify=trust, local_address=address)
        return httpx.Client(transport=_Finding(transport, self.nginx.https_port), base_url=URL, timeout=LIMIT / 1000)


class _Finding(httpx.BaseTransport):
    """Sends what is for the public name to nginx's port."""

    def __init__(self, transport: httpx.HTTPTransport, port: int) -> None:
        self._transport = transport
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions = {**request.extensions, "sni_hostname": HOST}
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return self._transport.handle_request(request)

    def close(self) -> None:
        self._transport.close()


@pytest.fixture(scope="module")
def front(
    postgres_server: PostgresServer, browser: Browser, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """All of it, for all tests of this module."""
    folder = tmp_path_factory.mktemp("front")
    settings = {
        "FRAMEAPP_PUBLIC_URL": URL,
        "FRAMEAPP_TRUSTED_PROXIES": "127.0.0.1",
        "FRAMEAPP_FETCH_ALLOW": "127.0.0.0/8",
        "FRAMEAPP_REGISTRATION": "open",
    }
    with ExitStack() as stack:
        environment = stack.enter_context(services.environment(folder, postgres_server, **settings))
        stack.enter_context(services.running(environment, folder, workers=2))
        port = int(environment["FRAMEAPP_PORT"])
        nginx = stack.enter_context(start_nginx(folder / "nginx", folder / "data", port, "root"))
        rules = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{nginx.https_port}"
        ours = browser.browser_type.launch(executable_path=chromium, args=[*ARGUMENTS, rules])
        stack.callback(ours.close)
        yield Front(nginx, folder, port, ours)


def start_nginx(folder: Path, data: Path, port: int, user: str, *, server: str = "tls") -> Nginx:
    """nginx in a folder of its own, as ``user`` where it is root who starts it."""
    told = services.COMPOSE["configs"]["public_url"]["content"].replace("$$", "$")
    public_url = re.sub(r"\$\{FRAMEAPP_PUBLIC_URL.*\}", URL, told)
    assert f'"{URL}";' in public_url
    nginx = Nginx(folder, server=server, application=port, data=data, public_url=public_url, user=user)
    make_certificate(folder / "certificates", HOST)
    return nginx


@pytest.fixture(scope="module")
def page(front: Front) -> Page:
    """A page of a user who registered through nginx."""
    context = front.browser.new_context(base_url=URL, ignore_https_errors=True, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    register(page)
    return page


def fetched(page: Page, path: str) -> dict[str, object]:
    """The JSON that the page's own browser gets, since nobody else knows the name."""
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path)  # type: ignore[no-any-return]


def wait_until_rendered(page: Page, total: int) -> None:
    expect(page.get_by_role("button", name="Run again")).to_be_enabled(timeout=120_000)
    answer = fetched(page, f"/frame/{frame_id_of(page)}/outputs-ajax/?start=0&length=1")
    assert answer["recordsTotal"] == total


def test_the_whole_job_from_registering_to_the_published_picture(front: Front, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda found: sockets.append(found.url))
    page.goto("/")
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    wait_for_result(page)
    before = box_of(page)
    drag(page, "[data-testid=product-box]", -30, -20)
    expect(page.get_by_label("X", exact=True)).not_to_have_value(str(before[0]))
    generate(page)
    wait_until_rendered(page, 60)
    assert {urlsplit(url).netloc for url in sockets} == {HOST}
    assert {urlsplit(url).scheme for url in sockets} == {"wss"}
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("ZIP")).or_(
            page.get_by_role("button", name=re.compile("ZIP"))
        ).first.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len(archive.namelist()) == 60
    page.get_by_role("tab", name="Feed").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".published-address")).to_be_visible()
    assert_published(front, page.locator(".published-address").inner_text())


def assert_published(front: Front, address: str) -> None:
    """Anybody reads the feed of the application and the picture of nginx; a nginx that may not read it asks for it."""
    assert address.startswith(f"{URL}/feeds/")
    with front.client() as client:
        feed = client.get(address)
        links = [entry.image_link for entry in FeedReader(io.BytesIO(feed.content))]
        assert len(links) == 60
        assert {urlsplit(link).netloc for link in links} == {HOST}
        picture = client.get(links[0])
        again = client.get(links[0], headers={"If-None-Match": picture.headers["etag"]})
        missing = client.get(f"{links[0]}x")
    path = urlsplit(links[0]).path
    assert front.nginx.asked_the_application(urlsplit(address).path)
    assert not front.nginx.asked_the_application(path)
    assert front.nginx.asked_the_application(f"{path}x")
    assert (picture.status_code, again.status_code, missing.status_code) == (200, 304, 404)
    assert again.headers["cache-control"] == IMMUTABLE
    proxied = {"host": HOST, "x-forwarded-proto": "https"}
    direct = httpx.get(f"http://127.0.0.1:{front.application}{path}", headers=proxied, trust_env=False)
    assert picture.content == direct.content
    data = front.folder / "data"
    kept = [data, *(found for found in data.rglob("*") if "pages" not in found.parts)]
    assert (data / "storage" / path.removeprefix("/")) in kept
    assert [found for found in kept if found.lstat().st_mode & 0o077] == []
    for name, value in direct.headers.items():
        assert name in OWN or picture.headers[name].startswith(value), name
    if os.getuid() == 0:
        stranger = start_nginx(front.folder / "stranger", front.folder / "data", front.application, "nobody")
        with stranger, Front(stranger, front.folder, front.application, front.browser).client() as client:
            assert client.get(links[0]).content == direct.content
            assert stranger.asked_the_application(path)


def test_an_uploaded_frame_and_progress_over_a_socket(front: Front, page: Page) -> None:
    with Catalogue() as catalogue:
        add_frame(page, catalogue.feed_url(24, kind="stepped"))
        catalogue.gate.clear()
        catalogue.end.clear()
        generate(page)
        progress = page.locator("#run-progress")
        expect(progress).to_be_visible()
        version = str(progress.get_attribute("data-version"))
        trust = ssl.create_default_context(cafile=front.nginx.folder / "certificates" / "fullchain.pem")
        with connect(
            f"wss://{HOST}/ws/progress/{frame_id_of(page)}/",
            sock=socket.create_connection(("127.0.0.1", front.nginx.https_port)),
            ssl=trust,
            origin=URL,
            additional_headers={"Cookie": cookie_of(page)},
        ) as follower:
            first = json.loads(follower.recv(timeout=LIMIT / 1000))
            catalogue.gate.set()
            expect(progress).not_to_have_attribute("data-version", version)
            later = json.loads(follower.recv(timeout=LIMIT / 1000))
            while later.get("processed", 0) < 10:
                later = json.loads(follower.recv(timeout=LIMIT / 1000))
        assert first["processed"] < later["processed"]
        catalogue.end.set()
        wait_until_rendered(page, 24)


def test_files_of_the_pages_are_served_by_nginx_packed_and_pages_by_who_asks(front: Front) -> None:
    with front.client() as client:
        sign_in = client.get("/login/")
        script = re.search(r"/assets/[\w.-]+\.js", sign_in.text)
        assert script
        packed = client.get(script[0])
        style = client.get("/frameapp.css")
        home = client.get("/")
    assert sign_in.headers["content-encoding"] == packed.headers["content-encoding"] == "gzip"
    assert (packed.headers["cache-control"], style.headers["cache-control"]) == (IMMUTABLE, "public, no-cache")
    assert packed.headers["strict-transport-security"].startswith("max-age=")
    assert packed.headers["x-content-type-options"] == "nosniff"
    assert (home.status_code, urlsplit(home.headers["location"]).path) == (303, "/login")
    asked = {path: front.nginx.asked_the_application(path) for path in (script[0], "/frameapp.css", "/login/", "/")}
    assert asked == {script[0]: False, "/frameapp.css": False, "/login/": True, "/": True}


def test_plain_http_goes_to_the_public_address_whatever_host_it_names(front: Front) -> None:
    answer = httpx.get(
        f"http://127.0.0.1:{front.nginx.http_port}/login?next=%2F", headers={"host": "evil.example"}, trust_env=False
    )
    assert (answer.status_code, answer.headers["location"]) == (308, f"{URL}/login?next=%2F")


def test_behind_a_proxy_with_tls_the_client_is_whom_that_proxy_names(front: Front) -> None:
    data = front.folder / "data"
    with (
        start_nginx(front.folder / "plain", data, front.application, "root", server="plain") as nginx,
        httpx.Client(base_url=f"http://127.0.0.1:{nginx.http_port}", trust_env=False, timeout=LIMIT / 1000) as client,
    ):

        def answer(method: str, path: str, address: str) -> httpx.Response:
            told = {"host": HOST, "x-forwarded-for": f"203.0.113.9, {address}", "x-forwarded-proto": "https"}
            return client.request(method, path, headers=told)

        assert answer("GET", "/login/", "198.51.100.1").status_code == 200
        style = answer("GET", "/frameapp.css", "198.51.100.1")
        assert style.headers["strict-transport-security"] == "max-age=31536000"
        for _ in range(60):
            if "from your address" in (refused := answer("POST", "/login", "198.51.100.1")).text:
                break
        assert refused.status_code == 429
        assert "from your address" not in answer("POST", "/login", "198.51.100.2").text


def test_bodies_that_are_refused_get_their_answer_whatever_their_size(front: Front) -> None:
    """An application that answers before it has read them breaks nginx's connection, which shows as a 503."""

    def statuses(path: str, size: int, **headers: str) -> set[int]:
        with front.client() as client:
            return {client.post(path, content=b"." * size, headers=headers).status_code for _ in range(20)}

    assert statuses("/login", 1_100_000) == {413}
    assert statuses("/_upload", 22_100_000) == {413}
    for size in (1000, 60_000, 200_000, 1_000_000):
        assert statuses("/_upload", size) == {401}
    assert statuses("/_upload", 5_000_000) == {401}
    assert statuses("/_upload", 20_000_000) == {401}
    assert statuses("/_upload", 21_000_000) == {413}
    assert statuses("/anything", 100_000) == {413}
    assert statuses("/anything", 100_000, origin="https://evil.example") == {403}
    assert statuses("/anything", 100_000, **{"content-type": "multipart/form-data; boundary=b"}) == {400}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has all of 127.0.0.0/8")
def test_sign_ins_are_limited_by_the_clients_own_address(front: Front, page: Page) -> None:
    name = "limited"
    form = {"username": name, "password": PASSWORD, "password2": PASSWORD}
    with front.client("127.0.0.3") as client:
        assert client.post("/register", data=form).headers["location"] == "/"
    with front.client("127.0.0.2") as client:
        for number in range(60):
            forged = {"X-Forwarded-For": f"198.51.100.{number}"}
            answer = client.post("/login", data={**form, "password": "wrong"}, headers=forged)
            if "nginx" in answer.headers["server"] and "from your address" in answer.text:
                break
            assert answer.status_code in {303, 429}
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert 20 <= number < 60
        assert client.get("/login/").status_code == 200
        assert client.post("/logout").status_code == 303
    with front.client("127.0.0.3") as client:  # the application told the two apart as well
        answer = client.post("/login", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
