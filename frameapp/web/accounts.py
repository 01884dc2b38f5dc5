"""Sign-in, registration, a new password by link and sign-out: plain form posts that set or drop the session's cookie.

What is wrong goes back to the page in its address, sealed, so that nobody else can make our page say something; the
username is kept.
"""

import asyncio
import json
from dataclasses import asdict, dataclass
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from frameapp.errors import Invalid, TooBusy, TooManyAttempts
from frameapp.services import accounts, hashing, links, registration, sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application, application
from frameapp.services.credentials import seal, unseal
from frameapp.services.sessions import SESSION_LENGTH
from frameapp.web.answers import FORGET
from frameapp.web.identity import client_address, cookie_name

NOTE_SECONDS = 600
LONGEST_TOKEN = 100  # of a link, that goes back to its page


@dataclass(frozen=True, slots=True)
class Note:
    """What a refused form brings back to its page."""

    error: str = ""
    username: str = ""
    email: str = ""
    field: str = ""  # the one to correct


def read_note(token: str) -> Note:
    """The note of an address; an empty one where it is missing, old or not ours."""
    text = unseal(application(), token, max_age=NOTE_SECONDS) if token else None
    return Note(**json.loads(text)) if text else Note()


async def login(request: Request) -> Response:
    """Sign in and go on to ``next``."""
    form = await _form(request)
    username, password, address = _text(form, "username"), _text(form, "password"), client_address(request)
    try:
        await asyncio.to_thread(accounts.refuse_attempts, application(), username, address=address)
        viewer = await hashing.apart(
            lambda: accounts.sign_in(application(), username, password, address=address), address=address
        )
        return await _signed_in(request, viewer, safe_next(_text(form, "next")))
    except (Invalid, TooManyAttempts) as error:
        return _back(request, "/login", form, error)
    except TooBusy as error:
        return _busy(error)


async def register(request: Request) -> Response:
    """Make an account and sign it in at once."""
    form, address = await _form(request), client_address(request)
    try:
        password, invitation = _new_password(form), _text(form, "invitation")
        await asyncio.to_thread(registration.refuse_attempts, application(), invitation, address=address)
        viewer = await hashing.apart(
            lambda: registration.register(
                application(),
                _text(form, "username"),
                password,
                email=_text(form, "email"),
                invitation=invitation,
                address=address,
            ),
            address=address,
        )
        return await _signed_in(request, viewer, safe_next(_text(form, "next")))
    except (Invalid, TooManyAttempts) as error:
        return _back(request, "/register", form, error)
    except TooBusy as error:
        return _busy(error)


async def set_password(request: Request) -> Response:
    """Set a password by a one-time link, and sign in."""
    form = await _form(request)
    try:
        password, token = _new_password(form), _text(form, "token")
        address = client_address(request)
        viewer = await hashing.apart(
            lambda: links.set_password(application(), token, password, address=address), address=address
        )
        return await _signed_in(request, viewer, "/")
    except (Invalid, TooManyAttempts) as error:
        return _back(request, "/set-password", form, error)
    except TooBusy as error:
        return _busy(error)


async def logout(request: Request) -> Response:
    """End the session and go to the sign-in page."""
    app = application()
    token, address = request.cookies.get(cookie_name(app.settings), ""), client_address(request)
    await asyncio.to_thread(sessions.close_session, app, token, address=address)
    response = RedirectResponse(_page(request, "/login"), 303, FORGET)
    response.delete_cookie(cookie_name(app.settings), path="/", secure=_secure(app), httponly=True, samesite="lax")
    return response


def safe_next(target: str) -> str:
    """``target`` where it is a path on this host, else the first page."""
    plain = target.isprintable() and "\\" not in target and not target.startswith("//")
    return target if plain and target.startswith("/") and not urlsplit(target).netloc else "/"


async def _signed_in(request: Request, viewer: Viewer, target: str) -> Response:
    app = application()
    before = request.cookies.get(cookie_name(app.settings), "")
    if before:
        await asyncio.to_thread(sessions.close_session, app, before, address=viewer.address)
    agent = request.headers.get("user-agent", "")
    token = await asyncio.to_thread(sessions.open_session, app, viewer, user_agent=agent)
    response = RedirectResponse(_page(request, target), 303)
    response.set_cookie(
        cookie_name(app.settings),
        token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        path="/",
        secure=_secure(app),
        httponly=True,
        samesite="lax",
    )
    return response


def _back(request: Request, page: str, form: FormData, error: Invalid | TooManyAttempts) -> Response:
    field = getattr(error, "field", "") or "password"
    note = Note(str(error), _text(form, "username")[:64], _text(form, "email")[:254], field)
    query = {"note": seal(application(), json.dumps(asdict(note)))}
    target = safe_next(_text(form, "next"))
    if target != "/":
        query["next"] = target
    for name in ("invitation", "token"):
        if value := _text(form, name)[:LONGEST_TOKEN]:
            query[name] = value
    return RedirectResponse(_page(request, f"{page}?{urlencode(query)}"), 303)


def _new_password(form: FormData) -> str:
    password = _text(form, "password")
    if password != _text(form, "password2"):
        raise Invalid("The two passwords are not the same.", field="password2")
    return password


def _busy(error: TooBusy) -> Response:
    return PlainTextResponse(f"{error} Go back and try again.", 429, {"Retry-After": "5", "Cache-Control": "no-store"})


def _page(request: Request, path: str) -> str:
    """``path`` where the pages are: on this host, or where the form was sent from in development."""
    origin = request.headers.get("origin", "")
    return f"{origin}{path}" if origin == application().settings.resolved_public_url else path


def _secure(app: Application) -> bool:
    return app.settings.resolved_public_url.startswith("https:")


async def _form(request: Request) -> FormData:
    form = await request.form()
    if any(
        "\0" in value for value in form.values() if isinstance(value, str)
    ):  # no database takes it, no keyboard has it
        raise HTTPException(400, "This form was not accepted. Reload the page and try again.")
    return form


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


routes: list[BaseRoute] = [
    Route("/login", login, methods=["POST"]),
    Route("/register", register, methods=["POST"]),
    Route("/set-password", set_password, methods=["POST"]),
    Route("/logout", logout, methods=["POST"]),
]
