"""The viewer of a page, resolved from the cookie on every event that touches data.

``SessionState`` holds what the shell shows. ``acts`` and ``loads`` wrap event handlers: they bring the viewer, no
session leads to the sign-in page, what is not the viewer's shows as not found, and our errors become sentences.
"""

import asyncio
import functools
import inspect
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.cookies import CookieError, SimpleCookie
from typing import Any, ClassVar
from urllib.parse import quote

import reflex as rx
from reflex.istate.proxy import StateProxy
from reflex.middleware import Middleware
from reflex.utils.prerequisites import get_app

from frameapp.errors import FrameappError, NotFound, SignInRequired
from frameapp.services import sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.web.identity import cookie_name, plain_host

logger = logging.getLogger(__name__)

SESSION_SECONDS = 10.0
WENT_WRONG = "Something went wrong on our side. Try again. If that does not help, see the server's log."


def session_token(state: rx.State) -> str:
    """The session's token in this state's connection, or an empty text."""
    try:
        morsel = SimpleCookie(state.router.headers.cookie or "").get(cookie_name(application().settings))
    except CookieError:
        return ""
    return morsel.value if morsel else ""


async def find_viewer(state: rx.State) -> Viewer | None:
    """The signed-in viewer of this state's connection, or None."""
    address = plain_host(state.router.session.client_ip)
    return await asyncio.to_thread(sessions.viewer_of, application(), session_token(state), address=address)


async def require_viewer(state: rx.State) -> Viewer:
    """The signed-in viewer of this state's connection. Raises SignInRequired."""
    viewer = await find_viewer(state)
    if viewer is None:
        raise SignInRequired
    return viewer


async def require_admin(state: rx.State) -> Viewer:
    """The viewer, an administrator. Raises SignInRequired or, for other users, NotFound."""
    viewer = await require_viewer(state)
    if not viewer.is_admin:
        raise NotFound
    return viewer


def address_of(state: rx.State) -> str:
    """The path of the page's address; with and without a slash at its end it is the same page."""
    return (state.router.url.path or "").rstrip("/")


def client_is_gone(state: rx.State) -> bool:
    """Whether the tab of this state is closed. Only what ``on_load`` starts is ended for us when that happens."""
    namespace = get_app().app.event_namespace
    return namespace is None or state.router.session.client_token not in namespace.token_to_sid


def to_sign_in(state: rx.State) -> Any:
    """Leads to the sign-in page, which says that the session has ended, and back to this page afterwards."""
    path = state.router.url.path or "/"
    aim = "" if path == "/" else f"&next={quote(path, safe='')}"
    return rx.redirect(f"/login?ended=1{aim}")


class PageState(rx.State, mixin=True):
    """What every page that loads something has; ``components.messages.page_body`` shows it."""

    STARTS_ANEW: ClassVar[bool] = False  # what an earlier visit left is not even shown until it is read again

    loaded: bool = False
    not_found: bool = False
    load_error: str = ""
    _loaded_for: str = ""  # the address, so that what belongs to another one never stands under this one
    _resumes: bool = False  # this load follows a lost connection: what the viewer has not saved is to stay

    def _miss(self) -> Any:
        """An action found nothing: the page is about what is gone. A list does something else, see ``FramesState``."""
        self.not_found = True


@asynccontextmanager
async def _changing(state: Any) -> AsyncIterator[None]:
    """The state's lock where the handler runs in the background."""
    if isinstance(state, StateProxy):
        async with state:
            yield
    else:
        yield


async def _answer(state: Any, error: FrameappError) -> Any:
    """What the page does about an error of ours."""
    if isinstance(error, SignInRequired):
        return to_sign_in(state)
    if isinstance(error, NotFound) and hasattr(state, "_miss"):
        async with _changing(state):
            return state._miss()
    return rx.toast.error(str(error))


def acts(handler: Callable[..., Any] | None = None, **busy: Any) -> Any:
    """An ``async`` event handler that knows its viewer, and whose errors of ours become a redirect, the not-found text
    or a toast.

    A handler that names ``viewer`` first gets the connection's viewer, one that names ``admin`` an administrator; no
    event can bring them. ``@acts(deleting=True)`` sets these variables while the handler works, so that its button
    shows it. Works with generators and background handlers: ``@rx.event(background=True)`` above, ``@acts`` below.
    """
    if handler is None:
        return functools.partial(acts, **busy)
    call = _with_viewer(handler)

    async def generator(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        try:
            if busy:
                _put(self, busy)
                yield
            if inspect.isasyncgenfunction(handler):
                async for event in await call(self, *args, **kwargs):
                    yield event
            elif (result := await (await call(self, *args, **kwargs))) is not None:
                yield result
        except FrameappError as error:
            yield await _answer(self, error)
        finally:
            _put(self, {name: type(value)() for name, value in busy.items()})

    async def function(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await (await call(self, *args, **kwargs))
        except FrameappError as error:
            return await _answer(self, error)

    return _wrapped(generator if busy or inspect.isasyncgenfunction(handler) else function, handler)


def _put(state: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(state, name, value)


def loads(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A coroutine that fills a PageState, as the page opens or by "Try again"; its viewer as in ``acts``.

    What was loaded for another address is hidden before anything is read. ``_resumes`` tells the handler that the page
    is on show and only its connection was lost. Sets ``loaded``, ``not_found`` and
    ``load_error`` by how it ends. Any other error than ours is logged and shown as a sentence with "Try again": this
    is the edge.
    """
    call = _with_viewer(handler)

    async def load(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        address = address_of(self)
        shown = self.loaded and not self.not_found and self._loaded_for == address
        self._resumes = shown and (await self.get_state(SessionState))._reconnected
        self.load_error, self.not_found = "", False
        if self.loaded and self._loaded_for != address:
            self.loaded = False
            yield
        result = None
        try:
            result = await (await call(self, *args, **kwargs))
            self.loaded, self._loaded_for = True, address
        except SignInRequired:
            result = to_sign_in(self)
        except NotFound:
            self.not_found = True
        except FrameappError as error:
            self.load_error = str(error)
        except Exception:
            logger.exception("%s failed", handler.__qualname__)
            self.load_error = WENT_WRONG
        if result is not None:
            yield result

    return _wrapped(load, handler)


VIEWERS = {"viewer": require_viewer, "admin": require_admin}  # the arguments that come from the session


def _with_viewer(handler: Callable[..., Any]) -> Callable[..., Any]:
    """What calls the handler with the viewer that it names, if it does."""
    first = next(iter([*inspect.signature(handler).parameters][1:]), "")
    required = VIEWERS.get(first)

    async def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return handler(self, await required(self), *args, **kwargs) if required else handler(self, *args, **kwargs)

    return call


def _wrapped(wrapper: Any, handler: Callable[..., Any]) -> Any:
    """The wrapper under the handler's name, with the arguments that an event brings."""
    functools.update_wrapper(wrapper, handler)
    signature = inspect.signature(handler)
    arguments = [argument for name, argument in signature.parameters.items() if name not in VIEWERS]
    wrapper.__signature__ = signature.replace(parameters=arguments)
    return wrapper


class SessionWatch:
    """For handlers that go on for long: asks every now and then whether the session still holds."""

    def __init__(self, state: rx.State) -> None:
        self._state = state
        self._asked = time.monotonic()

    async def check(self) -> None:
        """Raises SignInRequired once the session has ended."""
        if time.monotonic() - self._asked > SESSION_SECONDS:
            await require_viewer(self._state)
            self._asked = time.monotonic()


class SessionState(rx.State):
    """What the shell shows of the viewer. Never trusted: handlers ask ``require_viewer``."""

    username: str = ""
    is_admin: bool = False
    _session: str = ""
    _address: str = ""  # of the page that was loaded last
    _back: bool = False  # the connection is there again, and what the page loads is still to come
    _reconnected: bool = False  # the last load was that of a page whose connection came back, not of a visit

    @rx.event
    async def enter(self) -> Any:
        """Find the viewer: the first event of every page but sign-in and register."""
        viewer = await find_viewer(self)
        if viewer is None:
            self.username, self.is_admin = "", False
            return to_sign_in(self)
        self.username, self.is_admin = viewer.username, viewer.is_admin
        return None

    @rx.var
    def initial(self) -> str:
        """The letter in the account's circle."""
        return self.username[:1].upper()


class ForgetOtherSessions(Middleware):
    """Empties a tab's state when its session is another one than before, or has ended.

    A tab keeps its client token when somebody signs out and somebody else signs in, and the first thing a page gets
    is the whole state of that token.
    """

    async def preprocess(self, app: rx.App, state: Any, event: Any) -> None:
        """Compare the session with the one this state was filled under, before anything is sent."""
        root = state._get_root_state()
        session = await root.get_state(SessionState)
        token = session_token(root)
        seen = sessions.token_hash(token) if token else ""
        doubtful = "hydrate" in event.name or seen != session._session
        if token and doubtful and await find_viewer(root) is None:
            seen = ""  # a cookie that is worth nothing any more is none, for each event alike
        if session._session != seen:
            root.reset()
            session._session = seen
