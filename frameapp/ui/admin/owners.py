"""Whose rows a list is to show: ``?owner=7`` in the page's address."""

import asyncio
from typing import Any

from frameapp.services.accounts import Viewer
from frameapp.services.admin import users
from frameapp.services.application import application
from frameapp.services.outputs import LARGEST_ID


async def take_owner(state: Any, viewer: Viewer) -> None:
    """Narrow a ListState to the owner that its address names. Raises NotFound where there is no such user."""
    text = str(state.router.url.query_parameters.get("owner", ""))
    named = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    if 0 < named < LARGEST_ID:
        row = await asyncio.to_thread(users.get, application(), viewer, named)
        state.owner, state._owner_id = row.username, named
    else:
        state.owner, state._owner_id = "", 0
