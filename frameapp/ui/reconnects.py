"""A connection that comes back: the page is the same, and so is its state.

Reflex runs ``on_load`` for a page that opens and for one whose connection was lost (a sleeping laptop, another wireless
network). Only a page that opens brings the hashes of the state that it was built with: that is the difference.
"""

from typing import Any
from urllib.parse import parse_qs

import reflex as rx
from reflex.middleware import Middleware
from reflex_base.constants import CompileVars

from frameapp.ui.gate import Gate
from frameapp.ui.session import SessionState, address_of


class NoteReconnects(Middleware):
    """Notes in ``SessionState``, where ``loads`` finds it, whether what is loaded now is on show already."""

    async def preprocess(self, app: rx.App, state: Any, event: Any) -> None:
        """The connection first, then what it loads; in between, the viewer may have gone on to another page."""
        root = state._get_root_state()
        if event.name == f"{root.get_full_name()}.{CompileVars.HYDRATE_AND_LOAD}":
            session = await root.get_state(SessionState)
            session._back = not _opens(event.payload)
            if not session._back:
                _start_anew(root)
        elif event.name.endswith(CompileVars.ON_LOAD_INTERNAL):
            session, address = await root.get_state(SessionState), address_of(root)
            session._reconnected = session._back and session._address == address
            session._back, session._address = False, address
            if not session._reconnected:
                _start_anew(root)


def _start_anew(root: Any) -> None:
    for state in root.substates.values():
        if getattr(state, "STARTS_ANEW", False):
            state.loaded = False


def keep_tokens(app: rx.App, gate: Gate) -> None:
    """Let a page that connects again keep its client token, and with it its state.

    A connection that went without a word counts as open for some seconds (rxconfig.py). Reflex takes the page's new one
    for a second tab and gives it an empty state; here the old one ends instead.
    """
    namespace: Any = app.event_namespace
    connect = namespace.on_connect

    async def on_connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        former = namespace.token_to_sid.get(token)
        if former is not None and _reconnects(auth) and gate.is_same_session(former, sid):
            unlinked = namespace.on_disconnect(former)
            if unlinked is not None:
                await unlinked
            await namespace.disconnect(former)
        await connect(sid, environ, auth)

    namespace.on_connect = on_connect


def _reconnects(auth: Any) -> bool:
    event = auth.get(CompileVars.CONNECT_AUTH_EVENT) if isinstance(auth, dict) else None
    return isinstance(event, dict) and not _opens(event.get("payload") or {})


def _opens(payload: Any) -> bool:
    return CompileVars.PAYLOAD_HASHES in payload
