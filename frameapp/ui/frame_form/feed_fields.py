"""Where the products come from: the address, what a check of it found, and what few hosts ask for."""

import reflex as rx

from frameapp.core.feeds import formats
from frameapp.ui.components.messages import error_callout, skeleton, warning_callout
from frameapp.ui.frame_form.controls import control, field
from frameapp.ui.frame_form.state import FrameFormState as State


def feed_fields() -> rx.Component:
    return rx.cond(
        State.is_sample,
        rx.box(
            rx.text("Feed", as_="div", class_name="field-label"),
            rx.text("The sample feed of 60 products that comes with Frameapp.", size="2", color_scheme="gray"),
        ),
        rx.box(
            field("address", "Feed address", _address(), hint=f"{formats.listed()}, gzipped or not."),
            rx.cond(State.checking & ~State.checked, _being_checked()),
            rx.cond(State.checked, rx.box(_found(), margin_top="var(--space-3)", aria_live="polite")),
            _advanced(),
        ),
    )


def _address() -> rx.Component:
    return rx.flex(
        rx.box(
            rx.text_field(
                **control("address"),
                default_value=State.address,
                on_blur=State.note_address,
                type="url",
                placeholder="https://shop.example.com/feed.xml",
                auto_complete="off",
                spell_check=False,
            ),
            flex="1",
            min_width="0",
        ),
        rx.button(
            "Check feed",
            on_click=State.check_feed,
            loading=State.checking,
            variant="soft",
            size="3",
            type="button",
        ),
        spacing="3",
    )


def _being_checked() -> rx.Component:
    """What the check is at, over where its result will be."""
    return rx.flex(
        rx.text(State.check_stage, size="2", color_scheme="gray", role="status", min_height="20px"),
        skeleton("120px"),
        direction="column",
        spacing="2",
        margin_top="var(--space-3)",
    )


def _found() -> rx.Component:
    return rx.cond(
        State.feed.error != "",
        rx.flex(
            error_callout(State.feed.error, State.check_feed, label="Check again"),
            rx.text("You can save the frame as it is and check the feed again later.", size="2", color_scheme="gray"),
            direction="column",
            spacing="2",
        ),
        rx.card(
            rx.flex(
                rx.flex(
                    rx.icon("circle-check", size=16, color="var(--green-11)", aria_hidden="true"),
                    rx.text(State.feed.products, size="2", weight="medium"),
                    rx.text(State.feed.format, size="2", color_scheme="gray"),
                    align="center",
                    spacing="2",
                ),
                rx.cond(
                    State.feed.pictures,
                    rx.box(rx.foreach(State.feed.pictures, _feed_picture), class_name="feed-pictures"),
                ),
                rx.foreach(State.feed.warnings, lambda warning: warning_callout(warning)),
                direction="column",
                spacing="3",
            ),
            size="2",
        ),
    )


def _feed_picture(address: rx.Var[str]) -> rx.Component:
    return rx.cond(
        address != "",
        rx.el.img(src=address, alt="A product from the feed", class_name="feed-picture"),
        rx.flex(
            rx.icon("image-off", size=16, color="var(--gray-9)", aria_hidden="true"),
            align="center",
            justify="center",
            class_name="feed-picture",
            title="This picture could not be fetched",
        ),
    )


def _advanced() -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.icon("chevron-right", size=14, aria_hidden="true"), "Advanced: sign-in and User-Agent"),
        rx.flex(
            rx.text(
                "For hosts that require Basic authentication or a specific User-Agent.",
                size="2",
                color_scheme="gray",
            ),
            field(
                "feed_username",
                "Feed username",
                rx.text_field(
                    **control("feed_username"),
                    default_value=State.feed_username,
                    on_blur=State.note_username,
                    auto_complete="off",
                ),
            ),
            field(
                "feed_password",
                "Feed password",
                rx.text_field(
                    **control("feed_password"),
                    on_blur=State.note_password,
                    type="password",
                    auto_complete="new-password",
                    placeholder=rx.cond(State.has_credentials, "Unchanged", ""),
                ),
            ),
            field(
                "user_agent",
                "User-Agent",
                rx.text_field(
                    **control("user_agent"),
                    default_value=State.user_agent,
                    on_blur=State.note_user_agent,
                    auto_complete="off",
                    spell_check=False,
                ),
            ),
            direction="column",
            spacing="4",
            padding_top="var(--space-3)",
        ),
        open=State.wrong_in_advanced,
        class_name="advanced disclosure",
    )
