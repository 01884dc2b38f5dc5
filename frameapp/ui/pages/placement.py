"""Placement: where the product goes in the frame, with the rendered truth beside it."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.messages import page_body, skeleton
from frameapp.ui.components.text import muted
from frameapp.ui.placement.canvas import result_picture, view_area
from frameapp.ui.placement.panel import panel
from frameapp.ui.placement.shortcuts import shortcuts
from frameapp.ui.placement.state import PlacementState as State
from frameapp.ui.placement.strip import strip
from frameapp.ui.shell import shell, signed_in_page

GENERATE_ID = "generate"


@signed_in_page("/frame/[frame_id]/preview", title=State.page_title, on_load=State.load)
def placement() -> rx.Component:
    """The page."""
    return shell(page_body(State, _content(), _loading()), wide=True)


def _content() -> rx.Component:
    return rx.box(
        shortcuts(), _header(), view_area(), _beside(), strip(), panel(), _footer(), _question(), class_name="placement"
    )


def _header() -> rx.Component:
    return rx.flex(
        rx.box(
            rx.heading(State.name, as_="h1", size="4", weight="bold", class_name="truncate"),
            muted(
                "Frame image " + State.frame_size + " px", rx.cond(State.placed, "", ". " + State.proposal), size="1"
            ),
            min_width="0",
        ),
        rx.flex(
            rx.link("Details", href="/frame_detail/" + State.shown_id.to_string(), size="2"),
            rx.link("Edit frame", href="/frame/" + State.shown_id.to_string() + "/edit", size="2"),
            spacing="4",
            flex="none",
        ),
        class_name="placement-header",
    )


def _beside() -> rx.Component:
    """The result beside the canvas, on wide screens while editing."""
    return rx.cond(
        State.showing_result,
        rx.fragment(),
        rx.el.section(
            rx.flex(
                rx.heading("Result", as_="h2", size="2", weight="medium"),
                muted(State.final_size + " px", size="1"),
                justify="between",
                align="center",
            ),
            rx.box(
                result_picture(),
                class_name="beside-sheet checkered",
                style={"aspectRatio": State.final_width.to(str) + " / " + State.final_height.to(str)},
            ),
            muted(State.result_note, size="1"),
            class_name="placement-beside",
            aria_label="Result",
        ),
    )


def _footer() -> rx.Component:
    return rx.flex(
        rx.flex(
            rx.cond(
                State.dirty,
                layout.row(rx.box(class_name="dirty-dot"), rx.text("Unsaved changes", size="2"), gap="2"),
                muted(rx.cond(State.placed, "Saved", "Not saved yet"), class_name="quiet"),
            ),
            aria_live="polite",
        ),
        rx.flex(
            rx.button("Save", variant="soft", color_scheme="gray", on_click=State.save, loading=State.saving),
            rx.button(
                "Save & Generate Images", id=GENERATE_ID, on_click=State.generate(False), loading=State.generating
            ),
            spacing="3",
        ),
        class_name="placement-footer",
    )


def _question() -> rx.Component:
    return confirm_dialog(
        title="A run is in progress",
        sentence="The placement is saved. Cancel the current run and start again with this placement?",
        action="Cancel it and start again",
        dismiss="Let it finish",
        on_confirm=State.generate(True),
        open=State.asking,
        on_open_change=State.set_asking,
        back_to=[f"#{GENERATE_ID}"],
        destroys=False,
    )


def _loading() -> rx.Component:
    return rx.box(
        rx.box(skeleton("28px", width="240px"), class_name="placement-header"),
        rx.box(skeleton("100%"), class_name="placement-canvas", padding="24px"),
        rx.box(skeleton("200px"), class_name="placement-beside"),
        rx.box(skeleton("100px"), class_name="placement-strip"),
        rx.box(skeleton("320px"), class_name="placement-panel", padding="16px"),
        rx.box(class_name="placement-footer"),
        class_name="placement",
        role="status",
        aria_label="Loading",
    )
