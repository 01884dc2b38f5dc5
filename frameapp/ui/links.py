"""Addresses of our own routes, as the browser reaches them."""

from urllib.parse import urlsplit

from reflex.utils.exec import is_prod_mode
from reflex_base.config import get_config


def backend(path: str) -> str:
    """``path`` on the server of our routes: the page's own origin, or the backend's port in development."""
    return path if is_prod_mode() else f"{get_config().api_url.rstrip('/')}{path}"


def public_origin() -> str:
    """Where anybody reaches our routes: empty for the public address, else the backend's, in development."""
    return "" if is_prod_mode() else get_config().api_url.rstrip("/")


def web_link(address: str) -> str:
    """The address where a browser may follow it: http or https, and a host; an empty text for any other.

    A feed's text may begin with ``javascript:`` or hide it behind space and line breaks, which browsers drop.
    """
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return address if sound and address.lower().startswith(("http://", "https://")) else ""
