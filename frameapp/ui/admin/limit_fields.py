"""The three limits as fields of a form."""

from typing import Any

import reflex as rx


def limit_fields(state: Any, placeholder: str) -> rx.Component:
    """Frames, products and storage; ``state`` has what is set."""
    return rx.box(
        _field("max_frames", "Frames", state.max_frames, placeholder),
        _field("max_products", "Products", state.max_products, placeholder),
        _field("max_storage_mb", "Storage in MB", state.max_storage_mb, placeholder),
        class_name="limit-fields",
    )


def _field(name: str, label: str, value: rx.Var[str], placeholder: str) -> rx.Component:
    return rx.box(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.text_field(
            id=name,
            name=name,
            default_value=value,
            key=f"{name}-{value}",
            placeholder=placeholder,
            input_mode="numeric",
            auto_complete="off",
            max_length=10,
        ),
    )
