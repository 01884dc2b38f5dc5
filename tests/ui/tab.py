"""A browser's tab without a browser: the states of one connection, with Reflex's own lock, proxy and table of tabs."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import uuid4

import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.istate.proxy import StateProxy
from reflex_base.constants import CompileVars
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event
from reflex_base.event.context import EventContext

import frameapp.frameapp
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.sessions import open_session
from frameapp.ui.reconnects import NoteReconnects
from frameapp.web.identity import cookie_name

SECONDS = 60  # what a busy machine may take

S = TypeVar("S", bound=rx.State)


class Tab:
    """One tab: ``await tab.open("/activity", ActivityState.load)``, ``await tab.send(ActivityState.turn, "next")``."""

    def __init__(self, app: Application) -> None:
        self.token = uuid4().hex
        self._app = app
        self._states = StateManagerMemory()
        self._cookie, self._path = "", "/"
        self._sent = asyncio.Event()
        self._deltas: list[dict[str, dict[str, Any]]] = []

    async def __aenter__(self) -> Tab:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
        await self._states.close()

    async def connect(self) -> None:
        """Be there for Reflex, as a tab whose socket is open."""
        await self._namespace.link_token_to_sid(self.token, self.token, update_state=False)

    async def close(self) -> None:
        """Be gone for Reflex, as a tab that was closed."""
        if (closing := self._namespace.on_disconnect(self.token)) is not None:
            await closing

    @property
    def _namespace(self) -> Any:
        return frameapp.frameapp.app.event_namespace

    async def sign_in(self, viewer: Viewer) -> str:
        """Carry a new session of the viewer's from now on; its token."""
        session = open_session(self._app, viewer)
        self._cookie = f"{cookie_name(self._app.settings)}={session}"
        await self.go(self._path)
        return session

    async def go(self, path: str) -> None:
        """Stand at this address."""
        self._path = path
        headers = {"origin": self._app.settings.resolved_public_url, "cookie": self._cookie}
        connection = {"token": self.token, "sid": self.token, "ip": "192.0.2.1"}
        root = await self.state(rx.State)
        root.router = RouterData.from_router_data({"asPath": path, "headers": headers, **connection})

    async def open(self, path: str, event: Any) -> Any:
        """Open an address whose page is loaded by this event; the page's state."""
        await self.go(path)
        await self.hydrate(opens=True)
        await self.visit(event)
        return await self.state(event.state)

    async def reconnect(self, event: Any) -> list[Any]:
        """Lose the connection and get it back: the page is loaded again; all that this answers."""
        await self.hydrate(opens=False)
        return await self.visit(event)

    async def hydrate(self, *, opens: bool) -> None:
        """What Reflex sends first on a connection: only a page that opens brings its hashes."""
        root = await self.state(rx.State)
        payload: dict[str, Any] = {CompileVars.PAYLOAD_HASHES: []} if opens else {}
        await self._note_load(f"{root.get_full_name()}.{CompileVars.HYDRATE_AND_LOAD}", payload)

    async def visit(self, event: Any) -> list[Any]:
        """Load the page of the present address by this event, as Reflex does after a link; all that it answers."""
        await self._note_load(CompileVars.ON_LOAD_INTERNAL, {})
        return await self.send(event)

    async def _note_load(self, name: str, payload: dict[str, Any]) -> None:
        root = await self.state(rx.State)
        await NoteReconnects().preprocess(frameapp.frameapp.app, root, Event(name=name, payload=payload))

    async def state(self, kind: type[S]) -> S:
        """The tab's state of this kind."""
        root = await self._states.get_state(BaseStateToken(ident=self.token, cls=rx.State))
        return await root.get_state(kind)

    async def send(self, event: Any, *values: Any) -> list[Any]:
        """Have an event handled to its end; all that it answers."""
        return [answer async for answer in self.steps(event, *values) if answer is not None]

    async def steps(self, event: Any, *values: Any) -> AsyncIterator[Any]:
        """Have an event handled; what it answers, as it comes, None where it only shows how far it is."""
        key = BaseStateToken(ident=self.token, cls=rx.State)
        state = await self.state(event.state)
        connection: dict[str, Any] = {"token": self.token, "state_manager": self._states}
        with EventContext(**connection, enqueue_impl=_forget, emit_delta_impl=self._note):
            if event.is_background:
                async for answer in _answers(event.fn(StateProxy(state), *values)):
                    yield answer
            else:
                async with self._states.modify_state(key):
                    async for answer in _answers(event.fn(state, *values)):
                        yield answer

    @asynccontextmanager
    async def sending(self, event: Any, *values: Any) -> AsyncIterator[asyncio.Task[list[Any]]]:
        """Have an event handled while the block runs; it is ended with the block, as with its page."""
        task = asyncio.create_task(self.send(event, *values))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what a background handler sends to the page makes this true."""
        async with asyncio.timeout(SECONDS):
            while not condition():
                self._sent.clear()
                await self._sent.wait()

    def sent(self, kind: type[rx.State], name: str) -> list[Any]:
        """What background handlers sent to the page of this variable, in turn."""
        deltas = (delta.get(kind.get_full_name(), {}) for delta in self._deltas)
        return [delta[name + FIELD_MARKER] for delta in deltas if name + FIELD_MARKER in delta]

    async def _note(self, _: str, delta: dict[str, dict[str, Any]]) -> None:
        self._deltas.append(delta)
        self._sent.set()


class Pause:
    """Holds the first database statement with a text, of those that a handler's threads execute, until released."""

    def __init__(self, app: Application, text: str) -> None:
        self._engine, self._text = app.database.engine, text
        self._reached, self._released = threading.Event(), threading.Event()

    async def __aenter__(self) -> Pause:
        sa.event.listen(self._engine, "before_cursor_execute", self._hold)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.release()
        sa.event.remove(self._engine, "before_cursor_execute", self._hold)

    async def reached(self) -> None:
        """Until the statement is held."""
        assert await in_thread(self._reached.wait)

    def release(self) -> None:
        """Let it go on."""
        self._released.set()

    def _hold(self, connection: object, cursor: object, statement: str, *_: object) -> None:
        aside = threading.current_thread() is not threading.main_thread()
        if aside and self._text in statement and not self._reached.is_set():
            self._reached.set()
            assert self._released.wait(SECONDS)


async def in_thread(wait: Callable[[float], bool]) -> bool:
    """A thread's event, awaited."""
    return await asyncio.to_thread(wait, SECONDS)


async def _answers(working: Any) -> AsyncIterator[Any]:
    if inspect.isasyncgen(working):
        async for answer in working:
            yield answer
        return
    answer = await working if inspect.isawaitable(working) else working
    for one in answer if isinstance(answer, list | tuple) else [answer] * (answer is not None):
        yield one


async def _forget(*_: object) -> None:
    """What an event leads to is looked at by the test and not done."""
