"""What is said on any page when the connection is lost or something of ours fails."""

import logging
from typing import Any

import reflex as rx
from reflex.event import EventSpec
from reflex_components_core.base.error_boundary import error_boundary

from frameapp.errors import FrameappError
from frameapp.ui.components import layout
from frameapp.ui.session import WENT_WRONG

logger = logging.getLogger(__name__)

CONNECTION_LOST = "Connection lost. Reconnecting…"
DRAWING_FAILED = "This page could not be shown. Reload it. If that does not help, see the server's log."


def say_went_wrong(exception: Exception) -> EventSpec:
    """An event handler failed. An error of ours is its own sentence; of any other the log gets all."""
    if isinstance(exception, FrameappError):
        return rx.toast.error(str(exception), id="refused")
    logger.error("An event handler failed", exc_info=exception)
    return rx.toast.error(WENT_WRONG, id="went-wrong")


def log_a_pages_fault(exception: Exception) -> None:
    """A page reports a fault of its own: the log gets it, a few times a minute and on one line."""
    logger.error("A page reports: %s", exception)


def app_wraps() -> dict[tuple[int, str], Any]:
    """What Reflex puts around every page, in our words: by its order and name."""
    return {
        (55, "ErrorBoundary"): lambda _: error_boundary(fallback_render=rx.Var.create(_drawing_failed())),
        (5, "Overlay"): lambda _: rx.fragment(_connection()),
    }


@rx.memo
def _connection() -> rx.Component:
    """A line over the page while the server cannot be reached; the page keeps trying by itself."""
    return rx.box(
        rx.connection_banner(
            layout.row(
                rx.spinner(size="1"),
                rx.text(CONNECTION_LOST, size="2", weight="medium"),
                gap="2",
                class_name="connection-lost",
            )
        ),
        role="status",
    )


def _drawing_failed() -> rx.Component:
    """Stands outside Radix's theme, so it has a style of its own. Only a full page load draws anything again."""
    return rx.el.main(
        rx.el.p(DRAWING_FAILED),
        rx.el.a("Go to your frames", href="/", custom_attrs={"reloadDocument": True}),
        role="alert",
        class_name="drawing-failed",
    )
