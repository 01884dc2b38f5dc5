"""The Feed tab."""

import reflex as rx

from frameapp.ui.components.messages import error_callout, page_body, skeleton_lines, warning_callout
from frameapp.ui.components.when import when
from frameapp.ui.details.feed_state import FeedState
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.progress_card import banner
from frameapp.ui.details.published_feed import publication_section

feed = FeedState.feed
told = (feed.error != "") & (feed.error != banner)  # here, and not above the tabs already


def feed_tab() -> rx.Component:
    """The published feed; then the feed's address, what the last check found, and the button that checks again."""
    return rx.flex(
        publication_section(),
        rx.el.section(
            rx.heading("Feed", as_="h2", size="3", weight="bold"),
            page_body(FeedState, _feed(), skeleton_lines(4)),
            class_name="feed-section",
            aria_label="Feed",
        ),
        direction="column",
        spacing="6",
    )


def _feed() -> rx.Component:
    return rx.flex(
        rx.cond(told, error_callout(feed.error, FeedState.check, label="Check again")),
        rx.cond(
            (feed.checked_at == "") & (feed.error == ""),
            rx.text(
                "Not checked yet. A check shows the feed's format, its number of products and any problems.",
                size="2",
                color_scheme="gray",
                as_="p",
            ),
        ),
        rx.foreach(feed.warnings, lambda warning: warning_callout(warning)),
        rx.el.dl(
            _fact(
                "Address",
                rx.cond(
                    feed.link != "",
                    rx.link(feed.address, href=feed.link, is_external=True, rel="noopener noreferrer", size="2"),
                    feed.address,
                ),
            ),
            _fact("Format", rx.cond(feed.format != "", feed.format, "Not known yet")),
            _fact("Products", rx.cond(feed.products != "", feed.products, "Not known yet")),
            _fact("Sign-in", feed.credentials),
            _fact("Last check", rx.cond(feed.checked_at != "", when(feed.checked_at), "Never")),
            class_name="facts facts-card",
        ),
        rx.flex(
            rx.cond(
                ~told,  # else it stands beside the error
                rx.button(
                    rx.icon("refresh-cw", size=14, aria_hidden="true"),
                    rx.cond(feed.checked_at == "", "Check feed", "Check again"),
                    on_click=FeedState.check,
                    loading=FeedState.checking,
                    variant="soft",
                    type="button",
                ),
            ),
            rx.link("Edit feed", href=FrameState.edit_address, class_name="button-link", data_quiet="true"),
            rx.cond(
                FeedState.checking,
                rx.text(FeedState.check_stage, size="2", color_scheme="gray", as_="span", role="status"),
            ),
            align="center",
            spacing="3",
            wrap="wrap",
        ),
        direction="column",
        spacing="4",
    )


def _fact(name: str, value: rx.Component | rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value))
