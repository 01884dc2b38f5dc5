"""Who is looking at a page: resolved from the cookie on every event that touches data."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie

import reflex as rx

from frameapp.errors import SignInRequired
from frameapp.services import accounts
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.web.identity import cookie_name


async def require_viewer(state: rx.State) -> Viewer:
    """The signed-in viewer of this state's connection. Raises SignInRequired."""
    app = application()
    morsel = SimpleCookie(state.router.headers.cookie or "").get(cookie_name(app.settings))
    viewer = await asyncio.to_thread(accounts.viewer_of, app, morsel.value if morsel else "")
    if viewer is None:
        raise SignInRequired
    return viewer
