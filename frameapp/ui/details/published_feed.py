"""The published feed, first on the Feed tab."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.copyable import copyable
from frameapp.ui.components.facts import fact, facts_card
from frameapp.ui.components.messages import error_callout, page_body, skeleton_lines, warning_callout
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.details.published_feed_state import SECTION_ID, PublishedFeedState
from frameapp.ui.details.state import DetailsState

published = PublishedFeedState.published
WHAT_IT_IS = (
    "Your feed, with its image links replaced by links to the outputs. Its published address stays the "
    "same: give it to Meta, TikTok or another ad platform. Anyone with the address can read the feed."
)
NOT_FOR_GOOGLE = "Google Shopping does not allow frames or text in image_link."


def publication_section() -> rx.Component:
    """The published address and what it gives; or what publishing is, and the button."""
    return rx.el.section(
        rx.heading("Published feed", as_="h2", size="3", weight="bold"),
        page_body(PublishedFeedState, _body(), skeleton_lines(2)),
        class_name="feed-section",
        id=SECTION_ID,
        tab_index=-1,
        aria_label="Published feed",
    )


def publish_button(**props: Any) -> rx.Component:
    """Publishes the last run's outputs."""
    return rx.button(
        rx.icon("radio-tower", size=14),
        rx.cond(published.address != "", "Publish again", "Publish"),
        on_click=DetailsState.publish,
        loading=published.pending | (DetailsState.asking == "publish"),
        disabled=DetailsState.asking != "",
        **props,
    )


def _body() -> rx.Component:
    return layout.column(
        rx.cond(published.error != "", error_callout("Publishing failed. " + published.error)),
        rx.foreach(published.notes, lambda note: warning_callout(note)),
        rx.cond(published.address != "", _published(), _explained()),
        layout.row(
            rx.cond(published.refusal == "", publish_button(variant=rx.cond(published.wanted, "solid", "soft"))),
            rx.cond((published.address != "") | published.pending, _end()),
            muted(
                rx.cond(published.pending, "The feed is being written.", published.refusal), as_="span", role="status"
            ),
            wrap="wrap",
        ),
        gap="4",
    )


def _explained() -> rx.Component:
    return muted(WHAT_IT_IS, " ", NOT_FOR_GOOGLE, as_="p", max_width="72ch")


def _published() -> rx.Component:
    return rx.fragment(
        copyable(published.address, label="Address"),
        facts_card(
            fact("Products", published.counts),
            fact("Published", when(published.published_at)),
            fact("Suitable for", "Meta, TikTok and other ad catalogues. " + NOT_FOR_GOOGLE),
        ),
    )


def _end() -> rx.Component:
    return confirm_dialog(
        title="Stop publishing?",
        sentence="Ad platforms will no longer be able to read the feed. Publishing again restores the same address.",
        action="Stop publishing",
        dismiss="Keep publishing",
        on_confirm=PublishedFeedState.unpublish,
        trigger=rx.button("Stop publishing", variant="soft", color_scheme="red", loading=PublishedFeedState.ending),
    )
