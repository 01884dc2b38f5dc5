"""Addresses of our own routes, as the browser reaches them."""

from __future__ import annotations

from reflex.utils.exec import is_prod_mode
from reflex_base.config import get_config


def backend(path: str) -> str:
    """``path`` on the server of our routes: the page's own origin, or the backend's port in development."""
    return path if is_prod_mode() else f"{get_config().api_url.rstrip('/')}{path}"


def public_origin() -> str:
    """Where anybody reaches our routes: empty for the public address, else the backend's, in development."""
    return "" if is_prod_mode() else get_config().api_url.rstrip("/")
