"""Digests and storage keys: what an object is called, and what a picture was made from.

Nothing is named after a product id. A rendered picture's key is an HMAC, under its frame's secret, of its canvas
pixels, their label (the digital source type, if any) and encoder settings: what has the same key has the same bytes,
and the address tells nothing.
"""

import hashlib
import hmac
import re

from frameapp.core.design.recipe import Encoder
from frameapp.core.render import formats

SOURCES = "cache/sources/"
PUBLIC = "public/"
FEED_COPIES = "private/feeds/"
MANIFESTS = "private/manifests/"
RENDERING = 5  # raise it with a change that gives other pictures for the same input: the next run makes them anew


def digest_of(data: bytes) -> str:
    """The hex SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def product_key(product_id: str) -> str:
    """The fixed-length key of a product id of any length and alphabet."""
    return hashlib.sha256(product_id.encode("utf-8", "surrogatepass")).hexdigest()


def source_key(source_digest: str) -> str:
    """Where the source picture with this SHA-256 is cached."""
    return SOURCES + source_digest


def picture_prefix(secret: str) -> str:
    """The prefix of every picture of the frame with this secret, as ``public/<token>/``."""
    return f"{PUBLIC}{_hmac(secret, 'frame')[:24]}/"


def picture_key(secret: str, pixels_digest: str, encoder: Encoder) -> str:
    """The key of a picture of the frame with this secret: changes if and only if its digest or encoder settings do."""
    quality = encoder.quality if encoder.format.has_quality else 0
    name = _hmac(secret, f"{pixels_digest}:{encoder.format.name}:{quality}")
    return f"{picture_prefix(secret)}{name[:48]}.{encoder.format.extension}"


def names_picture(name: str) -> bool:
    """Whether this, below ``public/``, is a picture's name."""
    extensions = "|".join(re.escape(known.extension) for known in formats.outputs())
    return re.fullmatch(rf"[0-9a-f]{{24}}/[0-9a-f]{{48}}\.(?:{extensions})", name) is not None


def feed_token(secret: str) -> str:
    """The secret part of the published feed's address. Pictures' addresses, which all shoppers see, do not tell it."""
    return _hmac(secret, "published feed")[:32]


def generation_keys(secret: str, frame_id: int, name: str, extension: str) -> tuple[str, str]:
    """Where the published feed of one generation and its manifest are stored; ``name`` is no other one's."""
    return (
        f"{picture_prefix(secret)}{_hmac(secret, f'feed:{name}')[:48]}.{extension}.gz",
        f"{manifest_prefix(frame_id)}{name}.gz",
    )


def manifest_prefix(frame_id: int) -> str:
    """The prefix of the manifests of a frame's generations."""
    return f"{MANIFESTS}{frame_id}/"


def input_digest(source_digest: str, recipe_digest: str, image_digest: str) -> str:
    """What a picture is made from and how, as a hex SHA-256: the same gives the same picture."""
    return hashlib.sha256(f"{RENDERING}:{source_digest}:{recipe_digest}:{image_digest}".encode()).hexdigest()


def feed_copy_prefix(feed_id: int, address: str) -> str:
    """The prefix of a feed's stored copies; another address has another prefix."""
    return f"{FEED_COPIES}{feed_id}/{digest_of(address.encode('utf-8', 'surrogatepass'))[:16]}-"


def _hmac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
