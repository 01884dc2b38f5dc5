"""Where the fetcher may go: names are resolved here, and only an address that was checked is dialled.

Resolving and dialling are one step, so a name that changes its address in between (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import re
import select
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from frameapp.adapters.heads import Heads
from frameapp.settings import IPNetwork

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

REMEMBERED_SECONDS = 30.0
NAMES_REMEMBERED = 1_000
READ_BYTES = 1 << 18
ADDRESSES_TRIED = 3

NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
EMBEDDED_LAST = (NAT64, ipaddress.IPv6Network("::/96"))
ISATAP = re.compile(r"(0000|0200):5efe:")  # RFC 5214: the interface part before an IPv4 address
NEVER = tuple(  # beyond what ipaddress calls not global, whose list differs between Python's versions
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4", "64:ff9b:1::/48", "100::/64", "2001:2::/48", "2001:10::/28", "2001:db8::/32"),
        *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)


class Refusal(Exception):
    """The host is not to be dialled; the text continues "The picture's address ..."."""


class Unresolvable(Exception):
    """The host has no address."""


class AddressGuard:
    """Finds the addresses that a host may be dialled at; ``networks`` may be dialled although they are private."""

    def __init__(self, networks: Iterable[IPNetwork] = ()) -> None:
        self._networks = tuple(networks)
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of ``host`` that may be dialled, at least one. Raises Refusal and Unresolvable."""
        until, found = self._known.get(host, (0.0, ()))
        if time.monotonic() >= until:
            found = self._allowed(await _resolve(host))
            if len(self._known) >= NAMES_REMEMBERED:
                self._known.clear()
            self._known[host] = time.monotonic() + REMEMBERED_SECONDS, found
        return found

    def may_dial(self, address: IPAddress) -> bool:
        """Whether this one address may be dialled."""
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks) or all(map(_is_public, _meanings(address)))

    def _allowed(self, addresses: Iterable[IPAddress]) -> tuple[str, ...]:
        allowed = tuple(str(address) for address in addresses if self.may_dial(address))
        if not allowed:
            raise Refusal("leads to a private network, which is not fetched from")
        return allowed[:ADDRESSES_TRIED]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Dials what the guard allows; TLS still asks for the host's own name."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first allowed address of ``host`` that answers."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._guard.addresses(host)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        for number, address in enumerate(addresses, 1):
            try:
                return PolledStream(
                    await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise AssertionError("unreachable")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class PolledStream(httpcore.AsyncNetworkStream):
    """A connection whose socket is looked up once; the pool asks it whether it is readable before every request.

    The heads of the answers that come over it are made readable.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._heads = Heads()
        self._poll = select.poll()
        self._poll.register(inner.get_extra_info("socket"), select.POLLIN)
        self.aclose = inner.aclose  # type: ignore[method-assign]

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """As much as asyncio reads at once, however little is asked: what is cut off would be copied again."""
        while data := await self._inner.read(max(max_bytes, READ_BYTES), timeout):
            if passed := self._heads.passed(data):
                return passed
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send a request, or no more of it."""
        if buffer:
            self._heads.expect()
            await self._inner.write(buffer, timeout)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted."""
        return PolledStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What the pool asks."""
        return bool(self._poll.poll(0)) if info == "is_readable" else self._inner.get_extra_info(info)


async def _resolve(host: str) -> list[IPAddress]:
    """The addresses of ``host``. Spellings that only resolvers read, as ``127.1`` or ``0x7f000001``, are refused."""
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        if NUMBERS.fullmatch(host):
            raise Refusal("spells its host as a number") from None
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolvable from error
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))


def _meanings(address: IPAddress) -> list[IPAddress]:
    """The address itself, and the IPv4 addresses that a network may take it for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner = [address.sixtofour, *(address.teredo or ())]
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if any(address in network for network in EMBEDDED_LAST) or ISATAP.match(address.exploded[20:]):
        inner.append(last)
    outer = [] if address in NAT64 or address.sixtofour or address.teredo else [address]
    return [*outer, *(one for one in inner if one)]


def _is_public(address: IPAddress) -> bool:
    listed = any(address.version == network.version and address in network for network in NEVER)
    return address.is_global and not address.is_multicast and not address.is_reserved and not listed
