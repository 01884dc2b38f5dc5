"""Our own routes beside Reflex's: each module of ``web`` lists its own."""

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from frameapp.services.application import application
from frameapp.web import accounts, files, health, outputs, previews, progress, published
from frameapp.web.bodies import BodyLimits, WholeBodies
from frameapp.web.hosts import KnownHosts
from frameapp.web.middleware import ForgeryProtection, PageGate, UploadProtection
from frameapp.web.sockets import SocketLimits

ROUTES: list[BaseRoute] = [
    *accounts.routes,
    *files.routes,
    *health.routes,
    *previews.routes,
    *outputs.routes,
    *progress.routes,
    *published.routes,
]


def web_app() -> Starlette:
    """The Starlette application that wraps Reflex's; our routes win over its pages.

    Behind trusted proxies a request's client is the last address of X-Forwarded-For that is none of theirs: what stands
    before it is the client's own word.
    """
    middleware = [
        Middleware(kind)
        for kind in (
            WholeBodies,
            KnownHosts,
            ForgeryProtection,
            SocketLimits,
            BodyLimits,
            UploadProtection,
            PageGate,
        )
    ]
    if proxies := [str(network) for network in application().settings.proxy_networks]:
        middleware.insert(0, Middleware(wrap_asgi_with_proxy_headers, trusted_hosts=proxies))
    return Starlette(routes=ROUTES, middleware=middleware)
