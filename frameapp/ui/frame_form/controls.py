"""A field of the form: its label, its control, and what is wrong with it."""

from typing import Any

import reflex as rx

from frameapp.ui.frame_form.state import FrameFormState as State


def field(name: str, label: str, control: rx.Component, *, hint: str | rx.Component = "") -> rx.Component:
    return rx.box(
        rx.el.label(label, html_for=name, class_name="field-label"),
        control,
        rx.text(hint, size="1", color_scheme="gray", as_="div", margin_top="var(--space-1)") if hint else rx.fragment(),
        problem(name),
    )


def problem(field: str) -> rx.Component:
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


def control(name: str) -> dict[str, Any]:
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
    }
