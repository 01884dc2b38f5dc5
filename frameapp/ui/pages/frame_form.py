"""Add, edit and delete a frame."""

import reflex as rx

from frameapp.services.frames import LONGEST_NAME
from frameapp.ui.components import layout
from frameapp.ui.components.form_field import form_field
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.messages import error_callout, page_body, skeleton
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.text import muted
from frameapp.ui.frame_form.deletion import DeletionState
from frameapp.ui.frame_form.feed_fields import feed_fields
from frameapp.ui.frame_form.image_field import image_field
from frameapp.ui.frame_form.state import FrameFormState as State
from frameapp.ui.limits import LimitsState, limits_note
from frameapp.ui.shell import shell, signed_in_page


@signed_in_page("/add-frame", title="Add frame", on_load=[State.start_new, LimitsState.load])
def add_frame() -> rx.Component:
    return _column(
        page_header("Add frame", back=("Frames", "/")),
        limits_note(),
        page_body(State, _form(), _loading(), State.start_new),
    )


@signed_in_page("/frame/[frame_id]/edit", title=State.edit_title, on_load=State.start_editing)
def edit_frame() -> rx.Component:
    header = page_header("Edit frame", back=("Frames", "/"), subtitle=State.saved_name)
    return _column(
        rx.cond(State.not_found, rx.fragment(), header), page_body(State, _form(), _loading(), State.start_editing)
    )


@signed_in_page("/frame/[frame_id]/delete", title="Delete frame", on_load=DeletionState.load)
def delete_frame() -> rx.Component:
    return _column(page_body(DeletionState, _delete_card(), skeleton("220px")))


def _column(*children: rx.Component) -> rx.Component:
    return shell(rx.box(*children, max_width="640px", margin="0 auto"))


def _loading() -> rx.Component:
    return layout.column(skeleton("64px"), skeleton("240px"), skeleton("64px"), gap="5")


def _form() -> rx.Component:
    return rx.form(
        layout.column(
            form_field(
                "name",
                "Name",
                State.errors,
                default_value=State.name,
                on_blur=State.note_name,
                placeholder="Summer sale",
                max_length=LONGEST_NAME,
                auto_complete="off",
            ),
            image_field(),
            feed_fields(),
            rx.cond(State.errors.contains("form"), error_callout(State.errors["form"])),
            layout.row(
                rx.button(State.save_label, type="submit", size="3", loading=State.saving, disabled=State.uploading),
                rx.cond(State.reading, _cancel_saving(), rx.link("Cancel", href="/", size="2", color_scheme="gray")),
                gap="4",
            ),
            gap="6",
        ),
        on_submit=State.save,
        no_validate=True,
    )


def _cancel_saving() -> rx.Component:
    """A slow feed may take minutes."""
    return rx.fragment(
        muted(rx.cond(State.check_stage != "", State.check_stage, "Reading the feed…"), role="status"),
        rx.button("Cancel", on_click=State.cancel_saving, variant="soft", color_scheme="gray", type="button"),
    )


def _delete_card() -> rx.Component:
    return rx.card(
        rx.heading(f"Delete “{DeletionState.name}”?", as_="h1", size="5", weight="bold", overflow_wrap="anywhere"),
        muted(DeletionState.what_goes, margin_top="var(--space-2)"),
        rx.flex(
            link_button("Cancel", href=f"/frame_detail/{DeletionState.frame_id}", quiet=True),
            rx.button(
                DeletionState.delete_label,
                on_click=DeletionState.delete,
                loading=DeletionState.deleting,
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
