"""The progress card: the bar, the numbers, the product at hand and the last failures."""

import reflex as rx

from frameapp.core.progress import RunState
from frameapp.ui.components import layout
from frameapp.ui.components.messages import warning_callout
from frameapp.ui.components.progress_bar import progress_bar
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.run_view import Failure
from frameapp.ui.details.state import DetailsState

run = DetailsState.run
# What the user should look at, where the card does not say it.
banner = rx.cond((run.failed > 0) | (run.state == RunState.FAILED.value), "", FrameState.attention)


def progress_card() -> rx.Component:
    """Shown once there was a run: large while one is active, one line afterwards."""
    return rx.cond(
        run.run_id > 0,
        rx.el.section(
            _line(),
            rx.cond(run.active, rx.fragment(progress_bar(run.percent, label="Run", height="8px"), _at_hand())),
            rx.cond(run.reason != "", rx.text(run.reason, size="2", color_scheme="red", as_="p")),
            rx.foreach(run.notes, lambda note: warning_callout(note)),
            rx.cond(run.failures.length() > 0, _failures()),
            id="run-progress",
            class_name="run-progress",
            custom_attrs={
                "data-version": run.version.to_string(),
                "data-committed-at": run.committed_at,
                "data-active": rx.cond(run.active, "true", "false"),
            },
            aria_label="Progress of the run",
        ),
    )


def _line() -> rx.Component:
    return layout.row(
        state_badge(run.state),
        rx.text(run.headline, size="2", weight="medium", as_="span", class_name="run-headline"),
        rx.spacer(),
        rx.cond(
            run.active,
            muted(run.percent.to_string() + " %", as_="span"),
            rx.cond(run.ended_at != "", muted(when(run.ended_at), as_="span")),
        ),
        wrap="wrap",
    )


def _at_hand() -> rx.Component:
    """What the run waits for, else the product at hand."""
    waits = rx.text(run.waiting, size="2", color_scheme="amber", as_="p", role="status")
    return rx.cond(run.waiting != "", waits, _product())


def _product() -> rx.Component:
    """Keeps its line when no product is named, so that nothing below moves."""
    return muted(
        rx.cond(run.product_id != "", "Product " + run.product_id, "\u00a0"),
        as_="p",
        class_name="truncate",
        title=run.product_id,
    )


def _failures() -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.icon("chevron-right", size=14), run.failures_label),
        rx.el.ul(rx.foreach(run.failures, _failure), class_name="run-failures"),
        rx.cond(
            run.active,
            rx.fragment(),
            rx.button("Show all that failed", on_click=DetailsState.show_failed, size="1", variant="soft"),
        ),
        class_name="disclosure",
    )


def _failure(failure: rx.Var[Failure]) -> rx.Component:
    return rx.el.li(
        rx.text(failure.product_id, size="2", weight="medium", as_="span", class_name="breaks"),
        muted(failure.reason, as_="span", class_name="breaks"),
    )
