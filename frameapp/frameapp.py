"""The entry that Reflex loads: wiring only."""

import reflex as rx

from frameapp.ui.pages import activity, details, frame_form, frames, placement, sign_in  # noqa: F401  (rx.page)
from frameapp.web.routes import web_app

app = rx.App(api_transformer=web_app())
