"""The sender of a request, and whether it comes from our own pages."""

from starlette.requests import HTTPConnection

from frameapp.errors import SignInRequired
from frameapp.services import sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.settings import Settings


def cookie_name(settings: Settings) -> str:
    """The session cookie's name; ``__Host-`` binds it to the host where the scheme is https."""
    return "__Host-frameapp" if settings.resolved_public_url.startswith("https:") else "frameapp_session"


def viewer_of(connection: HTTPConnection) -> Viewer | None:
    """The signed-in viewer of a request or a WebSocket, or None. Blocks: call it off the event loop."""
    return sessions.viewer_of(application(), session_token(connection), address=client_address(connection))


def session_token(connection: HTTPConnection) -> str:
    """The session's token in the cookie, or an empty text."""
    return connection.cookies.get(cookie_name(application().settings), "")


def client_address(connection: HTTPConnection) -> str:
    """Where it comes from, without the port that some proxies add; an empty text where nobody can tell."""
    return plain_host(connection.client.host if connection.client else "")


def plain_host(host: str) -> str:
    """The address without a port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host


def require_viewer(connection: HTTPConnection) -> Viewer:
    """The signed-in viewer. Raises SignInRequired."""
    viewer = viewer_of(connection)
    if viewer is None:
        raise SignInRequired
    return viewer
