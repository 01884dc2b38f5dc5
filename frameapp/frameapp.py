"""The entry that Reflex loads: wiring only."""

import reflex as rx
from starlette.types import ASGIApp

from frameapp.jobs.companion import companion
from frameapp.ui.failures import app_wraps, log_a_pages_fault, say_went_wrong
from frameapp.ui.gate import Gate
from frameapp.ui.open_pages import heartbeat
from frameapp.ui.pages import (  # noqa: F401  (rx.page)
    account,
    activity,
    admin,
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
from frameapp.ui.uploads import UploadBinding
from frameapp.web.client_logs import tame_clients_faults
from frameapp.web.headers import SecurityHeaders
from frameapp.web.routes import web_app
from frameapp.web.sockets import ending_with_sessions
from frameapp.web.threads import quick_threads


def bind_uploads(reflex: ASGIApp) -> ASGIApp:
    """Reflex's own application, with its upload route bound to the pages' connections."""
    return UploadBinding(reflex, gate)


app = rx.App(
    api_transformer=[bind_uploads, web_app(), SecurityHeaders],
    stylesheets=STYLESHEETS,
    head_components=head_components(),
    html_lang="en",
    app_wraps=app_wraps(),
    frontend_exception_handler=log_a_pages_fault,
    backend_exception_handler=say_went_wrong,
    toaster=rx.toast.provider(position="top-left", close_button=True, duration=10_000),
)
app.add_middleware(ForgetOtherSessions(), index=0)
app.add_middleware(NoteReconnects(), index=1)
gate = Gate(app)
keep_tokens(app, gate)
tame_clients_faults()
app.register_lifespan_task(quick_threads)
app.register_lifespan_task(companion)
app.register_lifespan_task(ending_with_sessions)
app.register_lifespan_task(heartbeat)
app.register_lifespan_task(gate.states.forgetting)
