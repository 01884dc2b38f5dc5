"""The property panel: where the product goes, how it fills its box, and what comes out."""

from typing import Any

import reflex as rx

from frameapp.core.design.recipe import Anchor
from frameapp.core.render import formats
from frameapp.ui.components import layout
from frameapp.ui.components.text import muted
from frameapp.ui.placement.client import live, side
from frameapp.ui.placement.fields import choice, choices, number_field, quality_slider, section, tool_button
from frameapp.ui.placement.state import PlacementState as State

ANCHOR_NAMES = {anchor.value: anchor.value.replace("-", " ").replace("center", "centre") for anchor in Anchor}


def panel() -> rx.Component:
    """All properties, in the order in which they are set."""
    return rx.el.aside(
        _position(), _fit(), _layer(), _background(), _output(), class_name="placement-panel", aria_label="Properties"
    )


def _position() -> rx.Component:
    return section(
        "Position",
        rx.box(
            number_field("x", "X", side(live, "x"), State, prefix="X"),
            number_field("y", "Y", side(live, "y"), State, prefix="Y"),
            number_field("w", "Width", side(live, "w"), State, prefix="W"),
            number_field("h", "Height", side(live, "h"), State, prefix="H"),
            rx.box(_lock(), class_name="lock-place"),
            class_name="position-grid",
        ),
        rx.flex(
            tool_button("align-center-vertical", "Centre horizontally", State.center_box("horizontally")),
            tool_button("align-center-horizontal", "Centre vertically", State.center_box("vertically")),
            tool_button("crosshair", "Centre", State.center_box("both")),
            tool_button("maximize", "Fill the frame image", State.fill_frame),
            spacing="1",
            class_name="panel-tools",
        ),
        aside=rx.flex(
            tool_button("undo-2", "Undo (Ctrl+Z)", State.undo, disabled=~State.can_undo),
            tool_button("redo-2", "Redo (Ctrl+Shift+Z)", State.redo, disabled=~State.can_redo),
            spacing="1",
        ),
    )


def _lock() -> rx.Component:
    return rx.cond(
        State.locked,
        tool_button("lock", "Lock proportions", State.toggle_lock, pressed=State.locked),
        tool_button("lock-open", "Lock proportions", State.toggle_lock, pressed=State.locked),
    )


def _fit() -> rx.Component:
    return section(
        "Fit",
        rx.flex(
            rx.box(
                choices(
                    "Fit",
                    choice("shrink", "Contain: the whole product", State.fit == "contain", State.set_fit("contain")),
                    choice("crop", "Cover: fills the box", State.fit == "cover", State.set_fit("cover")),
                    choice("move-diagonal", "Stretch: distorts it", State.fit == "stretch", State.set_fit("stretch")),
                ),
                muted(
                    rx.match(
                        State.fit,
                        ("contain", "The whole product is visible."),
                        ("cover", "The product fills the box; its edges may be cut off."),
                        "The product is distorted.",
                    ),
                    size="1",
                    margin_top="8px",
                ),
                flex="1",
            ),
            _anchor_pad(),
            spacing="4",
            align="start",
        ),
    )


def _anchor_pad() -> rx.Component:
    return rx.box(
        *[_anchor(value, name) for value, name in ANCHOR_NAMES.items()],
        class_name="anchor-pad",
        role="radiogroup",
        aria_label="Anchor",
    )


def _anchor(value: str, name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="anchor",
            value=value,
            checked=State.anchor == value,
            on_change=lambda _: State.set_anchor(value),
            disabled=State.fit == "stretch",
            aria_label=name.capitalize(),
        ),
        rx.el.span(class_name="anchor-dot"),
        title=name.capitalize(),
    )


def _layer() -> rx.Component:
    return section(
        "Layer",
        _segments(
            "Layer", State.layer, State.set_layer, ("above", "Frame image above"), ("below", "Frame image below")
        ),
    )


def _segments(label: str, value: Any, on_change: Any, *items: tuple[str, str]) -> rx.Component:
    return rx.segmented_control.root(
        *[rx.segmented_control.item(text, value=name) for name, text in items],
        value=value,
        on_change=on_change,
        size="1",
        width="100%",
        custom_attrs={"aria-label": label},
    )


def _background() -> rx.Component:
    return section(
        "Product",
        _row(
            "Padding colour",
            layout.row(
                rx.cond(
                    State.padding != "",
                    tool_button("x", "No padding colour", State.set_padding("")),
                    muted("None", size="1"),
                ),
                rx.cond(State.padding != "", rx.text(State.padding, size="1", class_name="colour-code")),
                rx.el.input(
                    type="color",
                    value=rx.cond(State.padding != "", State.padding, "#ffffff"),
                    on_change=State.set_padding.debounce(120),
                    aria_label="Padding colour",
                    name="padding",
                    class_name="colour-well",
                    data_empty=rx.cond(State.padding == "", "true", "false"),
                ),
                gap="2",
            ),
        ),
        _row(
            "Trim white borders",
            rx.switch(checked=State.trim, on_change=State.set_trim, size="1", aria_label="Trim white borders"),
            element=rx.el.label,
        ),
    )


def _output() -> rx.Component:
    return section(
        "Output",
        _segments(
            "Format", State.format, State.set_format, *[(known.name, known.label) for known in formats.outputs()]
        ),
        rx.cond(
            State.has_quality,
            _row(
                "Quality",
                quality_slider(State.quality, State),
                rx.box(number_field("quality", "Quality", State.quality, State, unit=""), width="56px"),
            ),
        ),
        rx.box(
            number_field("output_width", "Output width", State.final_width, State, prefix="W"),
            number_field("output_height", "Output height", State.final_height, State, prefix="H"),
            rx.box(
                tool_button(
                    "rotate-ccw",
                    "Size of the frame image",
                    State.original_size,
                    disabled=(State.output_width == 0) & (State.output_height == 0),
                ),
                class_name="lock-place",
            ),
            class_name="position-grid",
        ),
    )


def _row(label: str, *children: rx.Component, element: Any = rx.el.div) -> rx.Component:
    """A property's name and its control; as a ``label`` all of it works a single control."""
    return element(muted(label, as_="span", size="1", flex="none"), *children, class_name="panel-row")
