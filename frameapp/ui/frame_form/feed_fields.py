"""Where the products come from: the address, what a check of it found, and what few hosts ask for."""

import reflex as rx

from frameapp.core.feeds import formats
from frameapp.ui.components import layout
from frameapp.ui.components.form_field import form_field
from frameapp.ui.components.messages import error_callout, skeleton, warning_callout
from frameapp.ui.components.text import muted
from frameapp.ui.frame_form.state import FrameFormState as State


def feed_fields() -> rx.Component:
    return rx.cond(
        State.is_sample,
        rx.box(
            rx.text("Feed", as_="div", class_name="field-label"),
            muted("The sample feed of 60 products that comes with Frameapp."),
        ),
        rx.box(
            _address(),
            rx.cond(State.checking & ~State.checked, _being_checked()),
            rx.cond(State.checked, rx.box(_found(), margin_top="var(--space-3)", aria_live="polite")),
            _advanced(),
        ),
    )


def _address() -> rx.Component:
    check = rx.button(
        "Check feed", on_click=State.check_feed, loading=State.checking, variant="soft", size="3", type="button"
    )
    return form_field(
        "address",
        "Feed address",
        State.errors,
        hint=f"{formats.listed()}, gzipped or not.",
        beside=check,
        default_value=State.address,
        on_blur=State.note_address,
        type="url",
        placeholder="https://shop.example.com/feed.xml",
        auto_complete="off",
        spell_check=False,
    )


def _being_checked() -> rx.Component:
    """What the check is at, over where its result will be."""
    return layout.column(
        muted(State.check_stage, role="status", min_height="20px"),
        skeleton("120px"),
        gap="2",
        margin_top="var(--space-3)",
    )


def _found() -> rx.Component:
    return rx.cond(
        State.feed.error != "",
        layout.column(
            error_callout(State.feed.error, State.check_feed, label="Check again"),
            muted("You can save the frame as it is and check the feed again later."),
            gap="2",
        ),
        rx.card(
            layout.column(
                layout.row(
                    rx.icon("circle-check", size=16, color="var(--green-11)"),
                    rx.text(State.feed.products, size="2", weight="medium"),
                    muted(State.feed.format),
                    gap="2",
                ),
                rx.cond(
                    State.feed.pictures,
                    rx.box(rx.foreach(State.feed.pictures, _feed_picture), class_name="feed-pictures"),
                ),
                rx.foreach(State.feed.warnings, lambda warning: warning_callout(warning)),
            ),
            size="2",
        ),
    )


def _feed_picture(address: rx.Var[str]) -> rx.Component:
    return rx.cond(
        address != "",
        rx.el.img(src=address, alt="A product from the feed", class_name="feed-picture"),
        rx.flex(
            rx.icon("image-off", size=16, color="var(--gray-9)"),
            align="center",
            justify="center",
            class_name="feed-picture",
            title="This picture could not be fetched",
        ),
    )


def _advanced() -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.icon("chevron-right", size=14), "Advanced: sign-in and User-Agent"),
        layout.column(
            muted("For hosts that require Basic authentication or a specific User-Agent."),
            form_field(
                "feed_username",
                "Feed username",
                State.errors,
                default_value=State.feed_username,
                on_blur=State.note_username,
                auto_complete="off",
            ),
            form_field(
                "feed_password",
                "Feed password",
                State.errors,
                on_blur=State.note_password,
                type="password",
                auto_complete="new-password",
                placeholder=rx.cond(State.has_credentials, "Unchanged", ""),
            ),
            form_field(
                "user_agent",
                "User-Agent",
                State.errors,
                default_value=State.user_agent,
                on_blur=State.note_user_agent,
                auto_complete="off",
                spell_check=False,
            ),
            gap="4",
            padding_top="var(--space-3)",
        ),
        open=State.wrong_in_advanced,
        class_name="advanced disclosure",
    )
