"""Where the fetcher may go."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from frameapp.adapters.address_guard import AddressGuard, Refusal, Unresolvable

REFUSED = [
    *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.8", "203.0.113.7"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "64:ff9b:1::7f00:1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo: its client is 127.0.0.1
    "2606:4700::5efe:127.0.0.1",  # ISATAP
]
ALLOWED = ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", REFUSED)
async def test_a_private_address_is_refused_in_every_form(address: str) -> None:
    with pytest.raises(Refusal):
        await AddressGuard().addresses(address)


@pytest.mark.parametrize("address", ALLOWED)
async def test_a_public_address_is_allowed(address: str) -> None:
    assert await AddressGuard().addresses(address) == (str(ipaddress.ip_address(address)),)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "0x7f.0.0.1", "127.0.0.1.", "1.1"])
async def test_a_number_that_only_a_resolver_reads_is_refused(host: str) -> None:
    with pytest.raises(Refusal, match="number"):
        await AddressGuard([ipaddress.ip_network("127.0.0.0/8")]).addresses(host)


async def test_the_settings_may_allow_a_network() -> None:
    guard = AddressGuard([ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")])
    assert await guard.addresses("127.0.0.1") == ("127.0.0.1",)
    assert await guard.addresses("localhost")
    assert await guard.addresses("::ffff:127.0.0.1")
    with pytest.raises(Refusal):
        await guard.addresses("10.0.0.1")


async def test_a_name_that_leads_home_is_refused() -> None:
    with pytest.raises(Refusal, match="private"):
        await AddressGuard().addresses("localhost")


async def test_an_unknown_name_is_told_apart() -> None:
    with pytest.raises(Unresolvable):
        await AddressGuard().addresses("no-such-host.invalid")


async def test_a_name_is_resolved_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def resolve(host: object, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("10.0.0.1", "1.1.1.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    guard = AddressGuard()
    for _ in range(3):
        assert await guard.addresses("pictures.example") == ("1.1.1.1",)  # of two, the public one
    assert len(asked) == 1
