"""Details: a frame's run as it goes, its outputs, its runs and its feed."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.messages import error_callout, not_found, skeleton, warning_callout
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.details.feed_tab import feed_tab
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.outputs_tab import outputs_skeleton, outputs_tab
from frameapp.ui.details.progress_card import banner, progress_card
from frameapp.ui.details.published_feed import publish_button
from frameapp.ui.details.published_feed_state import PublishedFeedState
from frameapp.ui.details.runs_tab import runs_tab
from frameapp.ui.details.side_sheet import side_sheet
from frameapp.ui.details.state import DetailsState
from frameapp.ui.shell import shell, signed_in_page


@signed_in_page(
    "/frame_detail/[frame_id]",
    title=rx.cond(FrameState.name != "", FrameState.name, "Details") + " · Frameapp",
    on_load=[DetailsState.load, OutputsState.load],
)
def details() -> rx.Component:
    problem = rx.cond(DetailsState.load_error != "", DetailsState.load_error, FrameState.load_error)
    return shell(
        rx.cond(
            DetailsState.not_found | FrameState.not_found,
            not_found(),
            rx.cond(
                problem != "",
                error_callout(problem, DetailsState.load),
                rx.cond(DetailsState.loaded & FrameState.loaded, _content(), _loading()),
            ),
        )
    )


def _content() -> rx.Component:
    return rx.fragment(
        page_header(
            FrameState.name,
            *_actions(),
            subtitle=FrameState.subtitle,
            beside=state_badge(FrameState.state, size="2"),
            back=("Frames", "/"),
        ),
        rx.cond(banner != "", rx.box(warning_callout(banner), margin_bottom="var(--space-4)")),
        progress_card(),
        rx.tabs.root(
            rx.tabs.list(
                rx.tabs.trigger("Outputs", value="outputs"),
                rx.tabs.trigger("Runs", value="runs"),
                rx.tabs.trigger("Feed", value="feed"),
                margin_bottom="var(--space-4)",
            ),
            rx.tabs.content(outputs_tab(), value="outputs"),
            rx.tabs.content(runs_tab(), value="runs"),
            rx.tabs.content(feed_tab(), value="feed"),
            value=DetailsState.tab,
            on_change=DetailsState.show_tab,
        ),
        side_sheet(),
    )


def _actions() -> list[rx.Component]:
    run = DetailsState.run
    return [
        link_button("Preview & Edit", href=FrameState.preview_address, quiet=True),
        rx.cond(
            run.active,
            confirm_dialog(
                title="Cancel this run?",
                sentence="Rendered outputs are kept. The remaining products wait for the next run.",
                action="Cancel run",
                dismiss="Keep running",
                on_confirm=DetailsState.cancel_run,
                trigger=rx.button(
                    "Cancel", variant="soft", color_scheme="red", loading=DetailsState.asking == "cancel"
                ),
            ),
            rx.fragment(
                rx.cond(
                    FrameState.failed_outputs > 0,
                    rx.button(
                        "Retry failed",
                        on_click=DetailsState.retry_failed,
                        loading=DetailsState.asking == "retry",
                        disabled=DetailsState.asking != "",
                        variant="soft",
                    ),
                ),
                rx.cond(
                    FrameState.placed,
                    rx.button(
                        rx.icon("play", size=14),
                        rx.cond(run.run_id > 0, "Run again", "Generate Images"),
                        on_click=DetailsState.run_again,
                        loading=DetailsState.asking == "run",
                        disabled=DetailsState.asking != "",
                        variant=rx.cond(PublishedFeedState.published.wanted, "soft", "solid"),
                    ),
                ),
                # The Feed tab has a button of its own.
                rx.cond(PublishedFeedState.published.wanted & (DetailsState.tab != "feed"), publish_button()),
            ),
        ),
    ]


def _loading() -> rx.Component:
    return layout.column(
        skeleton("20px", width="80px"),
        rx.flex(skeleton("36px", width="260px"), rx.spacer(), skeleton("36px", width="220px"), spacing="3"),
        skeleton("40px", width="240px"),
        outputs_skeleton(),
        gap="4",
        role="status",
        aria_label="Loading",
    )
