"""What stands between a page's connection and Reflex: who may call which event, and with what.

Anybody may open a connection and call any event by its name. Without a session only what the sign-in pages need gets
through; with one, only what the handlers' annotations name. The rest is refused before Reflex makes a state, a task or
a line in the log of it.
"""

import logging
import re
from typing import Any
from urllib.parse import parse_qs

import reflex as rx
from reflex.event import Event
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, StateUpdate
from reflex_base.constants import CompileVars
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from frameapp.errors import Invalid
from frameapp.ui.payloads import LARGEST_EVENT, LONGEST_FIELD, NOT_UNDERSTOOD, check_payload, check_values
from frameapp.ui.states import States
from frameapp.web.client_logs import one_line
from frameapp.web.sockets import SEAT, Seat

logger = logging.getLogger(__name__)

MACHINERY = (rx.State, OnLoadInternalState, FrontendEventExceptionState)  # what every page calls
TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)
NEVER = frozenset({"setvar", "update_vars_internal"})  # no page uses them: variables are set by handlers of ours
SIGN_IN = "Your session has ended. Sign in again."


class Gate:
    """Takes the place of the namespace's ``trigger_event``. One per process."""

    def __init__(self, app: rx.App) -> None:
        namespace: Any = app.event_namespace
        self._namespace = namespace
        self._pass_on = namespace.trigger_event
        namespace.trigger_event = self.trigger_event
        self.seats: dict[str, Seat] = {}  # by connection
        self.states = States(app)

    async def trigger_event(self, event: str, *arguments: Any) -> Any:
        """What python-socketio calls for each message, and for a connection's begin and end."""
        sid = arguments[0]
        if event == "connect":
            return await self._connect(*arguments)
        if event == "disconnect":
            if self._namespace.server.manager.is_connected(sid, self._namespace.namespace):
                return self._refused(sid, "a message named disconnect")
            self._left(sid)
            return await self._pass_on(event, *arguments)
        if event == "event" and len(arguments) == 2:
            return await self._event(sid, arguments[1])
        if event in {"ping", "client_error"} and len(arguments) <= 2:
            return await self._pass_on(event, *arguments)
        return self._refused(sid, f"an unknown message {event!r}")

    def _left(self, sid: str) -> None:
        seat, token = self.seats.pop(sid, None), self._namespace.sid_to_token.get(sid)
        if seat is not None and token is not None:
            self.states.left(token, seat.viewer.user_id if seat.viewer else None)

    def token_is_of(self, token: str, session: str) -> bool:
        """Whether a page of this session (its token's hash) is connected under the client token."""
        sid = self._namespace.token_to_sid.get(token)
        seat = self.seats.get(sid) if sid else None
        return seat is not None and seat.viewer is not None and (not session or seat.session == session)

    def is_same_session(self, one: str, other: str) -> bool:
        """Whether two connections have the same session (or both none)."""
        first, second = self.seats.get(one), self.seats.get(other)
        return first is not None and second is not None and first.session == second.session

    async def _connect(self, sid: str, environ: Any, auth: Any = None) -> Any:
        server = self._namespace.server
        if environ is not server.get_environ(sid, self._namespace.namespace):
            return self._refused(sid, "a message named connect")
        seat = environ["asgi.scope"].get(SEAT)
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        if seat is None or seat in self.seats.values() or not TOKEN.fullmatch(token):
            raise ConnectionRefusedError(NOT_UNDERSTOOD)
        boot = auth.get(CompileVars.CONNECT_AUTH_EVENT) if isinstance(auth, dict) else None
        try:
            check_values(auth)
            if boot is not None:
                self._check(boot, seat)
        except Invalid as error:
            raise ConnectionRefusedError(str(error)) from None
        self.seats[sid] = seat
        try:
            return await self._pass_on("connect", sid, environ, auth)
        except BaseException:
            self.seats.pop(sid, None)
            raise

    async def _event(self, sid: str, data: Any) -> Any:
        seat = self.seats.get(sid)
        if seat is None:
            return None
        try:
            self._check(data, seat)
        except Invalid as error:
            self._refused(sid, f"{_name(data)}: {error}")
            if seat.viewer is not None:
                await self._say(sid, str(error))
            return None
        return await self._pass_on("event", sid, data)

    def _check(self, data: Any, seat: Seat) -> None:
        """Raise Invalid unless this names an event that may be called from here, with what it takes."""
        check_values(data)
        name, router = (data.get("name"), data.get("router_data", {})) if isinstance(data, dict) else (None, None)
        found = RegistrationContext.get().event_handlers.get(name) if isinstance(name, str) else None
        if found is None or not _is_address(router) or found.handler.fn.__name__ in NEVER:
            raise Invalid(NOT_UNDERSTOOD)
        if seat.viewer is None and not is_open(found):
            raise Invalid(SIGN_IN)
        payload = data.get("payload", {})
        machinery = found.states[0] in MACHINERY  # a page's own fault has a long stack
        check_payload(found.handler.fn, payload, longest=LARGEST_EVENT if machinery else LONGEST_FIELD)
        if found.states[0] in MACHINERY and payload.get("vars"):  # no variable of ours is kept in a browser
            raise Invalid(NOT_UNDERSTOOD)

    async def _say(self, sid: str, sentence: str) -> None:
        token = self._namespace.sid_to_token.get(sid)
        if token:
            events = Event.from_event_type(rx.toast.error(sentence, id="refused"))
            await self._namespace.emit_update(StateUpdate(events=events), token)

    def _refused(self, sid: str, what: str) -> None:
        seat = self.seats.get(sid)
        logger.warning("Refused from %s: %s", seat.address if seat else "a client", one_line(what))


def is_open(found: RegisteredEventHandler) -> bool:
    """Whether this may be called without a session: the pages' machinery, and states marked ``FOR_STRANGERS``."""
    return found.states[0] in MACHINERY or getattr(found.states[0], "FOR_STRANGERS", False)


def _is_address(router: Any) -> bool:
    """Whether this is what a page says of its own address."""
    if not isinstance(router, dict):
        return False
    texts = all(isinstance(router.get(name, ""), str) for name in ("pathname", "asPath"))
    query = router.get("query", {})
    return texts and isinstance(query, dict) and all(isinstance(value, str | list) for value in query.values())


def _name(data: Any) -> str:
    return str(data.get("name", ""))[:200] if isinstance(data, dict) else type(data).__name__
