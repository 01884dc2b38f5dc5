"""The Feed tab."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.facts import fact, facts_card, web_value
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.messages import error_callout, page_body, skeleton_lines, warning_callout
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.details.feed_state import FeedState
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.progress_card import banner
from frameapp.ui.details.published_feed import publication_section

feed = FeedState.feed
shown_here = (feed.error != "") & (feed.error != banner)  # not above the tabs already


def feed_tab() -> rx.Component:
    """The published feed; then the feed's address, what the last check found, and the button that checks again."""
    return layout.column(
        publication_section(),
        rx.el.section(
            rx.heading("Feed", as_="h2", size="3", weight="bold"),
            page_body(FeedState, _feed(), skeleton_lines(4)),
            class_name="feed-section",
            aria_label="Feed",
        ),
        gap="6",
    )


def _feed() -> rx.Component:
    return layout.column(
        rx.cond(shown_here, error_callout(feed.error, FeedState.check, label="Check again")),
        rx.cond(
            (feed.checked_at == "") & (feed.error == ""),
            muted(
                "Not checked yet. A check shows the feed's format, its number of products and any problems.", as_="p"
            ),
        ),
        rx.foreach(feed.warnings, lambda warning: warning_callout(warning)),
        facts_card(
            fact("Address", web_value(feed.address, feed.link)),
            fact("Format", rx.cond(feed.format != "", feed.format, "Not known yet")),
            fact("Products", rx.cond(feed.products != "", feed.products, "Not known yet")),
            fact("Sign-in", feed.credentials),
            fact("Last check", rx.cond(feed.checked_at != "", when(feed.checked_at), "Never")),
        ),
        layout.row(
            rx.cond(
                ~shown_here,  # else it stands beside the error
                rx.button(
                    rx.icon("refresh-cw", size=14),
                    rx.cond(feed.checked_at == "", "Check feed", "Check again"),
                    on_click=FeedState.check,
                    loading=FeedState.checking,
                    variant="soft",
                ),
            ),
            link_button("Edit feed", href=FrameState.edit_address, quiet=True),
            rx.cond(FeedState.checking, muted(FeedState.check_stage, as_="span", role="status")),
            wrap="wrap",
        ),
        gap="4",
    )
