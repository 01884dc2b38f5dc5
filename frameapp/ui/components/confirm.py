"""The question before something is destroyed or replaced."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from frameapp.ui.components.focus import focus_first


def confirm_dialog(
    *,
    title: str | rx.Var,
    sentence: str | rx.Var | rx.Component,
    action: str | rx.Var,
    dismiss: str = "Cancel",
    on_confirm: Any,
    trigger: rx.Component | None = None,
    open: rx.Var | bool | None = None,
    on_open_change: Any = None,
    back_to: Sequence[str | rx.Var[str]] = (),
    busy: rx.Var | bool = False,
    destroys: bool = True,
) -> rx.Component:
    """Asks once. Escape closes it, and the focus starts on ``dismiss`` (Radix's alert dialogue does both).

    ``action`` names what goes ("Delete frame and 1,204 outputs"), ``dismiss`` says what else. Opened by
    ``trigger``, or by ``open`` with ``on_open_change``; then the first of the CSS selectors ``back_to`` that
    finds an element gives it the focus afterwards.
    """
    look = {"color_scheme": "red", "class_name": "danger"} if destroys else {}
    root: dict[str, Any] = {}
    if open is not None:
        root = {"open": open, "on_open_change": on_open_change}
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(trigger) if trigger is not None else rx.fragment(),
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, size="4"),
            rx.alert_dialog.description(sentence, size="2"),
            rx.flex(
                rx.alert_dialog.cancel(rx.button(dismiss, variant="soft", color_scheme="gray")),
                rx.alert_dialog.action(rx.button(action, on_click=on_confirm, loading=busy, **look)),
                spacing="3",
                justify="end",
                wrap="wrap",
                margin_top="var(--space-5)",
            ),
            max_width="460px",
            on_close_auto_focus=focus_first(back_to),
        ),
        **root,
    )
