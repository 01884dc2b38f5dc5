"""A field of a form: its label, its control, a hint, and what is wrong with it."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.text import muted

Errors = rx.Var[dict[str, str]]


def form_field(
    name: str, label: str, errors: Errors, *, hint: str = "", beside: rx.Component | None = None, **props: Any
) -> rx.Component:
    """``errors`` are sentences by field, ``props`` the text field's; ``beside`` stands at its right."""
    wrong = errors.contains(name)
    described = rx.cond(wrong, f"{name}-error", f"{name}-hint" if hint else "")
    field = rx.text_field(
        name=name,
        id=name,
        size="3",
        width="100%",
        color_scheme=rx.cond(wrong, "red", "indigo"),
        custom_attrs={"aria-invalid": rx.cond(wrong, "true", "false"), "aria-describedby": described},
        **props,
    )
    return rx.box(
        rx.el.label(label, html_for=name, class_name="field-label"),
        layout.row(rx.box(field, flex="1", min_width="0"), beside) if beside is not None else field,
        muted(hint, size="1", as_="div", margin_top="var(--space-1)", id=f"{name}-hint") if hint else rx.fragment(),
        problem(name, errors),
    )


def problem(name: str, errors: Errors) -> rx.Component:
    """The sentence on a field that was refused."""
    return rx.cond(
        errors.contains(name),
        layout.row(
            rx.icon("circle-alert", size=14, flex_shrink="0"),
            rx.text(errors[name], size="2"),
            gap="2",
            id=f"{name}-error",
            role="alert",
            class_name="field-error",
        ),
    )
