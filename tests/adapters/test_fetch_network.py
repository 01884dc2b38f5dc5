"""The fetcher over a real loopback server: which addresses it connects to, and how a host may fail it."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import httpcore
import httpx
import pytest

from frameapp.adapters import connections, fetch
from frameapp.adapters.fetch import Fetcher
from frameapp.errors import AddressRefused, FetchError, FetchTimeout
from frameapp.settings import Settings
from tests.hosts import host, local_fetcher


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "BACKOFF_SECONDS", (0.001, 0.001))


async def test_loopback_is_refused_unless_allowed() -> None:
    asked: list[int] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with host(answer) as url:
        strict = Fetcher(Settings(_env_file=None))
        with pytest.raises(AddressRefused, match="The picture's address leads to a private network"):
            await strict.picture(url)
        with pytest.raises(AddressRefused, match="The feed's address leads to a private network"):
            await strict.feed(url.replace("127.0.0.1", "localhost"), io.BytesIO())
        assert not asked
        allowed = local_fetcher()
        assert (await allowed.picture(url)).data == b"ok"
        await allowed.aclose()
        await strict.aclose()


async def test_a_redirect_to_a_private_address_is_refused() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n")

    async with host(answer) as url:
        local = local_fetcher()
        with pytest.raises(AddressRefused, match="private network"):
            await local.picture(url)
        await local.aclose()


async def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with host(answer) as url:
        local = local_fetcher()
        assert (await local.picture(url)).data == b"ok"
        await local.aclose()


async def test_one_host_gets_eight_connections_and_keeps_them() -> None:
    open_now, most, connections = 0, 0, set()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        connections.add(writer.get_extra_info("peername"))
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.01)
        open_now -= 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with host(answer) as url:
        local = local_fetcher()
        await asyncio.gather(*(local.picture(f"{url}{number}") for number in range(40)))
        await local.aclose()
    assert most == len(connections) == 8


async def test_no_idle_connection_may_be_left_once_the_old_ones_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEEP_ALIVE_SECONDS", -1.0)  # all are old; others may take one meanwhile

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with host(answer) as url:
        local = local_fetcher()
        assert (await local.picture(url)).data == b"ok"
        await local.aclose()


async def test_silence_slowness_and_refusal_have_their_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        await asyncio.sleep(60)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def truncated(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        writer.close()

    local, patient = local_fetcher(), fetch.PICTURES
    monkeypatch.setattr(fetch, "PICTURES", replace(patient, read=0.2))
    async with host(silent) as url:
        with pytest.raises(FetchTimeout, match=r"did not answer within 0\.2 seconds\."):
            await local.picture(url)
    monkeypatch.setattr(fetch, "PICTURES", replace(patient, total=0.5))
    async with host(drip) as url:
        with pytest.raises(FetchTimeout, match=r"took longer than 0\.5 seconds\."):
            await local.picture(url)
    monkeypatch.setattr(fetch, "PICTURES", patient)
    async with host(truncated) as url:
        with pytest.raises(FetchError, match=r"The picture's address broke off its answer\."):
            await local.picture(url)
    for _ in range(2):
        with pytest.raises(FetchError, match=r"The picture's address refuses connections\."):
            await local.picture(url)
    with pytest.raises(FetchError, match=r"The feed's address refuses connections\."):
        await local.feed(url, io.BytesIO())
    with pytest.raises(FetchError, match=r"names a host that does not exist\."):
        await local.picture("http://no-such-host.invalid/")
    await local.aclose()


async def test_plain_http_at_a_secure_address_has_its_sentence() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(_, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    local = local_fetcher()
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(FetchError, match="does not answer a secure connection"):
        await local.picture(f"https://127.0.0.1:{port}/")
    await local.aclose()
    server.close()


def test_every_error_of_httpcore_has_its_name_in_httpx() -> None:
    errors = [found for found in vars(httpcore).values() if isinstance(found, type) and issubclass(found, Exception)]
    ours = [error for error in errors if issubclass(error, connections.HTTPCORE_ERRORS)]
    assert {error.__name__ for error in errors} - {error.__name__ for error in ours} <= {
        "ConnectionNotAvailable",  # a pool's
        "ProxyError",
    }
    assert all(issubclass(getattr(httpx, error.__name__), httpx.TransportError) for error in ours)
