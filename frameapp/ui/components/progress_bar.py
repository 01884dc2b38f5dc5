"""A progress bar that moves smoothly."""

import reflex as rx


def progress_bar(
    percent: rx.Var | float, *, label: str | rx.Var, height: str = "6px", class_name: str = ""
) -> rx.Component:
    """``percent`` from 0 to 100; ``label`` says to a screen reader what progresses."""
    return rx.el.div(
        rx.el.div(class_name="progress-fill", style={"width": f"{percent}%", "background": "var(--accent-9)"}),
        class_name=f"progress-track {class_name}".strip(),
        role="progressbar",
        aria_label=label,
        aria_valuemin="0",
        aria_valuemax="100",
        aria_valuenow=f"{percent}",
        style={"height": height},
    )
