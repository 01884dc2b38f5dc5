"""The entry that Reflex loads: wiring only."""

import reflex as rx

from frameapp.jobs.companion import companion
from frameapp.ui.failures import app_wraps, say_went_wrong
from frameapp.ui.open_pages import heartbeat
from frameapp.ui.pages import (  # noqa: F401  (rx.page)
    activity,
    details,
    frame_form,
    frames,
    not_found,
    placement,
    sign_in,
)
from frameapp.ui.reconnects import NoteReconnects, keep_tokens
from frameapp.ui.session import ForgetOtherSessions
from frameapp.ui.theme import STYLESHEETS, head_components
from frameapp.web.routes import web_app
from frameapp.web.sockets import ending_with_sessions
from frameapp.web.threads import quick_threads

app = rx.App(
    api_transformer=web_app(),
    stylesheets=STYLESHEETS,
    head_components=head_components(),
    html_lang="en",
    app_wraps=app_wraps(),
    backend_exception_handler=say_went_wrong,
    toaster=rx.toast.provider(position="top-left", close_button=True, duration=10_000),
)
app.add_middleware(ForgetOtherSessions(), index=0)
app.add_middleware(NoteReconnects(), index=1)
keep_tokens(app)
app.register_lifespan_task(quick_threads)
app.register_lifespan_task(companion)
app.register_lifespan_task(ending_with_sessions)
app.register_lifespan_task(heartbeat)
