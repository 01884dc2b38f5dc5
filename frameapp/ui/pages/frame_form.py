"""Add, edit and delete a frame."""

from __future__ import annotations

from typing import Any

import reflex as rx

from frameapp.services.frames import LONGEST_NAME
from frameapp.services.images import LARGEST_IMAGE
from frameapp.ui.components.messages import error_callout, page_body, skeleton, warning_callout
from frameapp.ui.components.page_header import page_header
from frameapp.ui.frame_form.state import FrameFormState
from frameapp.ui.shell import shell, signed_in_page

State = FrameFormState
UPLOAD = "frame-image"
ACCEPTED = {"image/png": [".png"], "image/jpeg": [".jpg", ".jpeg"], "image/webp": [".webp"]}


@signed_in_page("/add-frame", title="Add frame", on_load=State.start_new)
def add_frame() -> rx.Component:
    return _column(
        page_header("Add frame", back=("Frames", "/")), page_body(State, _form(), _loading(), State.start_new)
    )


@signed_in_page("/frame/[frame_id]/edit", title="Edit frame", on_load=State.start_editing)
def edit_frame() -> rx.Component:
    header = page_header("Edit frame", back=("Frames", "/"), subtitle=State.name)
    return _column(
        rx.cond(State.not_found, rx.fragment(), header), page_body(State, _form(), _loading(), State.start_editing)
    )


@signed_in_page("/frame/[frame_id]/delete", title="Delete frame", on_load=State.start_deleting)
def delete_frame() -> rx.Component:
    return _column(page_body(State, _delete_card(), skeleton("220px"), State.start_deleting))


def _column(*children: rx.Component) -> rx.Component:
    return shell(rx.box(*children, max_width="640px", margin="0 auto"))


def _loading() -> rx.Component:
    return rx.flex(skeleton("64px"), skeleton("240px"), skeleton("64px"), direction="column", spacing="5")


def _form() -> rx.Component:
    return rx.form(
        rx.flex(
            _field(
                "name",
                "Name",
                rx.text_field(
                    **_input("name"),
                    default_value=State.name,
                    on_blur=State.note_name,
                    placeholder="Summer sale",
                    max_length=LONGEST_NAME,
                    auto_complete="off",
                ),
            ),
            _image(),
            _feed(),
            rx.cond(State.errors.contains("form"), error_callout(State.errors["form"])),
            rx.flex(
                rx.button(State.save_label, type="submit", size="3", loading=State.saving, disabled=State.uploading),
                rx.link("Cancel", href="/", size="2", color_scheme="gray"),
                align="center",
                spacing="4",
            ),
            direction="column",
            spacing="6",
        ),
        on_submit=State.save,
        key=State.form_key,
        no_validate=True,
    )


def _field(
    name: str, label: str, control: rx.Component, *after: rx.Component, hint: str | rx.Component = ""
) -> rx.Component:
    return rx.box(
        rx.el.label(label, html_for=name, class_name="field-label"),
        control,
        rx.text(hint, size="1", color_scheme="gray", as_="div", margin_top="var(--space-1)") if hint else rx.fragment(),
        _error(name),
        *after,
    )


def _error(field: str) -> rx.Component:
    return rx.cond(
        State.errors.contains(field),
        rx.flex(
            rx.icon("circle-alert", size=14, aria_hidden="true", flex_shrink="0"),
            rx.text(State.errors[field], size="2"),
            id=f"{field}-error",
            role="alert",
            align="center",
            spacing="2",
            class_name="field-error",
        ),
    )


def _input(name: str, **props: Any) -> dict[str, Any]:
    wrong = State.errors.contains(name)
    return {
        "name": name,
        "id": name,
        "size": "3",
        "width": "100%",
        "color_scheme": rx.cond(wrong, "red", "indigo"),
        "custom_attrs": {
            "aria-invalid": rx.cond(wrong, "true", "false"),
            "aria-describedby": rx.cond(wrong, f"{name}-error", ""),
        },
        **props,
    }


def _image() -> rx.Component:
    return rx.box(
        rx.text("Frame image", as_="div", class_name="field-label"),
        _labelled(
            rx.cond(State.image.url != "", _picture(), _invitation()),
            id=UPLOAD,
            multiple=False,
            max_files=1,
            accept=ACCEPTED,
            max_size=LARGEST_IMAGE,
            on_drop=State.upload(rx.upload_files(upload_id=UPLOAD)),
            on_drop_rejected=State.refuse,
            class_name="drop-zone",
            border="1px dashed var(--gray-a7)",
            padding="var(--space-3)",
            drag_active_style={"borderColor": "var(--accent-9)", "background": "var(--accent-a3)"},
            custom_attrs={"role": "button"},
        ),
        rx.text(
            rx.cond(State.image.facts != "", State.image.facts, "PNG, JPEG or WebP, up to 20 MB and 40 megapixels."),
            size="1",
            color_scheme="gray",
            as_="div",
            margin_top="var(--space-1)",
        ),
        _error("image"),
        rx.cond(State.image.window != "", rx.box(_found_window(), margin_top="var(--space-3)")),
        rx.cond(
            State.warns_of_placement,
            rx.box(
                warning_callout("The frame image changes: after saving, the placement must be set again."),
                margin_top="var(--space-3)",
            ),
        ),
    )


def _labelled(*children: rx.Component, **props: Any) -> rx.Component:
    """A drop zone whose file input has a name; Reflex gives it none."""
    upload = rx.upload(*children, **props)
    zone = upload.children[0]
    zone.children[0].custom_attrs = {"aria-label": "Frame image"}
    return upload


def _found_window() -> rx.Component:
    return rx.callout.root(
        rx.callout.icon(rx.icon("scan", size=16, aria_hidden="true")),
        rx.callout.text(State.image.window),
        size="1",
        width="100%",
    )


def _invitation() -> rx.Component:
    return rx.flex(
        rx.cond(
            State.uploading,
            rx.spinner(size="3"),
            rx.icon("image-plus", size=28, color="var(--gray-9)", aria_hidden="true"),
        ),
        rx.text(
            rx.cond(State.uploading, "Uploading…", "Drop the frame image here, or choose a file"),
            size="2",
            weight="medium",
        ),
        direction="column",
        align="center",
        justify="center",
        spacing="2",
        height="100%",
    )


def _picture() -> rx.Component:
    return rx.box(
        rx.el.img(
            src=State.image.url,
            alt="The frame image",
            width=State.image.width.to_string(),
            height=State.image.height.to_string(),
            class_name="drop-zone-picture checkered",
        ),
        rx.flex(
            rx.cond(State.uploading, rx.spinner(size="2"), rx.icon("replace", size=14, aria_hidden="true")),
            rx.cond(State.uploading, "Uploading…", "Replace: drop another, or choose a file"),
            align="center",
            justify="center",
            spacing="2",
            class_name="drop-zone-replace",
        ),
        class_name="drop-zone-filled",
    )


def _feed() -> rx.Component:
    return rx.cond(
        State.is_sample,
        rx.box(
            rx.text("Feed", as_="div", class_name="field-label"),
            rx.text("The sample feed of 60 products that comes with Frameapp.", size="2", color_scheme="gray"),
        ),
        rx.box(
            _field("address", "Feed address", _address(), hint="Atom, RSS 2.0, CSV or TSV, gzipped or not."),
            rx.cond(State.checking & ~State.checked, rx.box(skeleton("148px"), margin_top="var(--space-3)")),
            rx.cond(State.checked, rx.box(_found(), margin_top="var(--space-3)", aria_live="polite")),
            _advanced(),
        ),
    )


def _address() -> rx.Component:
    return rx.flex(
        rx.box(
            rx.text_field(
                **_input("address"),
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
                    State.feed.pictures.length() > 0,
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
        rx.el.img(src=address, alt="A product of the feed", class_name="feed-picture"),
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
                "For hosts that ask for Basic authentication or for a User-Agent of their own.",
                size="2",
                color_scheme="gray",
            ),
            _field(
                "feed_username",
                "Feed username",
                rx.text_field(
                    **_input("feed_username"),
                    default_value=State.feed_username,
                    on_blur=State.note_username,
                    auto_complete="off",
                ),
            ),
            _field(
                "feed_password",
                "Feed password",
                rx.text_field(
                    **_input("feed_password"),
                    on_blur=State.note_password,
                    type="password",
                    auto_complete="new-password",
                    placeholder=rx.cond(State.has_credentials, "Unchanged", ""),
                ),
            ),
            _field(
                "user_agent",
                "User-Agent",
                rx.text_field(
                    **_input("user_agent"),
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


def _delete_card() -> rx.Component:
    return rx.card(
        rx.heading(f"Delete “{State.name}”?", as_="h1", size="5", weight="bold", overflow_wrap="anywhere"),
        rx.text(
            rx.cond(State.deleting_running, "Its run is stopped. ", ""),
            "The frame, its placement, its outputs and their files go. This cannot be undone.",
            size="2",
            color_scheme="gray",
            margin_top="var(--space-2)",
        ),
        rx.flex(
            rx.link("Cancel", href=f"/frame_detail/{State.editing_id}", class_name="button-link", data_quiet="true"),
            rx.button(
                State.delete_label,
                on_click=State.delete,
                loading=State.deleting,
                color_scheme="red",
                type="button",
                class_name="danger",
            ),
            spacing="3",
            wrap="wrap",
            margin_top="var(--space-5)",
        ),
        size="3",
    )
