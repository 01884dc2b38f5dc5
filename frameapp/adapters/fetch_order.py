"""What one fetch asks for: the address, the headers, the limits."""

import base64
from dataclasses import dataclass, replace

import httpx

from frameapp.core.feeds.formats import FORMATS
from frameapp.errors import AddressRefused


@dataclass(frozen=True, slots=True)
class Limits:
    """What one kind of fetch may take: seconds, bytes after decompression, and how long a host may ask us to wait.

    ``beside`` says that what comes is written in a thread beside the event loop: it goes to a file. A host that sends
    fewer than ``slowest`` bytes a second, counted from ``grace`` seconds after its answer began, is given up.
    """

    what: str
    accept: bytes
    encodings: bytes
    connect: float
    read: float
    total: float
    size: int
    patience: float
    beside: bool
    slowest: int
    grace: float


FEED_TYPES = dict.fromkeys(known.media_type for known in FORMATS.values())  # each once, in order
PICTURES = Limits(
    what="picture",
    accept=b"image/jpeg,image/png,image/webp,image/*;q=0.8,*/*;q=0.5",
    encodings=b"identity",
    connect=5,
    read=10,
    total=20,
    size=25_000_000,
    patience=5,
    beside=False,
    slowest=0,
    grace=0,
)
FEEDS = Limits(
    what="feed",
    accept=f"{','.join(FEED_TYPES)},text/xml,*/*;q=0.5".encode(),
    encodings=b"gzip",
    connect=10,
    read=30,
    total=900,
    size=2_000_000_000,
    patience=30,
    beside=True,
    slowest=2_000,
    grace=30,
)
FEED_CHECKS = replace(FEEDS, total=300)  # somebody waits for it

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Order:
    """One fetch on its way: what is asked, with what, and how many seconds are left."""

    limits: Limits
    url: httpx.URL
    headers: Headers
    conditional: bool
    authorization: bytes
    left: float

    @property
    def subject(self) -> str:
        """How a sentence about it begins."""
        return f"The {self.limits.what}'s address"


def web_address(url: str, what: str) -> httpx.URL:
    """The address, parsed. Raises AddressRefused where it is no http or https address."""
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"The {what}'s address is no web address.") from None
    host = address.raw_host  # httpx cannot spell out every host that it takes, as xn--i-7iq.ws
    if address.scheme not in {"http", "https"} or not host:
        raise AddressRefused(f"The {what}'s address must begin with http:// or https://.")
    if b"%" in host or (address.port is not None and not 0 < address.port < 65536):
        raise AddressRefused(f"The {what}'s address is no web address.")
    return address


def basic(credentials: tuple[str, str] | None) -> bytes:
    """The Authorization header's value for a name and a password (RFC 7617), empty without them."""
    if credentials is None:
        return b""
    return b"Basic " + base64.b64encode(":".join(credentials).encode())


def header(value: str) -> bytes:
    """The value as a header can carry it."""
    return bytes(byte for byte in value.encode("latin-1", "ignore") if byte >= 32 and byte != 127)
