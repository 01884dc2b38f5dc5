"""The small controls of the property panel."""

from typing import Any

import reflex as rx

from frameapp.ui.placement.client import drafts


def _blurred(event: rx.Var) -> tuple[rx.Var[str]]:
    return (rx.Var("_event.target.value").to(str),)


def _key(event: rx.Var) -> tuple[rx.Var[str], rx.Var[str], rx.Var[bool]]:
    """The key, the text so far, Shift. Up and Down step the number, so they lose their default."""
    key = '(["ArrowUp", "ArrowDown", "Enter"].includes(_event.key) && _event.preventDefault(), _event.key)'
    return rx.Var(key).to(str), rx.Var("_event.target.value").to(str), rx.Var("_event.shiftKey").to(bool)


class NumberInput(rx.el.Input):
    """A text input for a whole number; its key event carries the text."""

    on_blur: rx.EventHandler[_blurred]
    on_key_down: rx.EventHandler[_key]


def number_field(name: str, label: str, value: Any, state: Any, *, prefix: str = "", unit: str = "px") -> rx.Component:
    """A number with its label inside. Typing is a draft; blur and Enter commit it, Escape gives it up."""
    draft = drafts[name]
    typed = draft.value
    return rx.el.label(
        rx.el.span(prefix, class_name="field-name", aria_hidden="true") if prefix else rx.fragment(),
        NumberInput.create(
            value=rx.cond(typed == rx.Var("null"), value.to_string(), typed.to(str)).to(str),
            on_change=draft.set,
            on_blur=lambda text: rx.cond(typed == rx.Var("null"), rx.noop(), state.commit_field(name, text)),
            on_key_down=lambda key, text, shift: [
                rx.cond(
                    (key == "Enter") | (key == "ArrowUp") | (key == "ArrowDown"),
                    state.key_in_field(name, key, rx.cond(typed == rx.Var("null"), "", text), shift),
                    rx.cond(key == "Escape", state.drop_draft(name), rx.noop()),
                )
            ],
            type="text",
            input_mode="numeric",
            auto_complete="off",
            name=name,
            aria_label=label,
        ),
        rx.el.span(unit, class_name="field-unit", aria_hidden="true") if unit else rx.fragment(),
        class_name="number-field",
    )


def quality_slider(value: Any, state: Any) -> rx.Component:
    """A slider for the quality; it shares the draft of the number field beside it, so both move as one."""
    draft = drafts["quality"]
    typed = draft.value
    return rx.el.input(
        type="range",
        min="1",
        max="100",
        value=rx.cond(typed == rx.Var("null"), value.to_string(), typed.to(str)).to(str),
        on_change=lambda text: [draft.set_value(text), state.commit_field("quality", text).debounce(100)],
        name="quality-slider",
        aria_label="Quality",
        class_name="slider",
    )


def tool_button(icon: str, label: str, on_click: Any, *, pressed: Any = None, **props: Any) -> rx.Component:
    """An icon with a tooltip and a name; ``pressed`` makes it a toggle."""
    attributes = {} if pressed is None else {"aria-pressed": rx.cond(pressed, "true", "false")}
    look = {"class_name": "tool-button", **props}
    button = rx.el.button(rx.icon(icon, size=16), on_click=on_click, aria_label=label, custom_attrs=attributes, **look)
    return rx.tooltip(button, content=label)


def section(title: str, *children: rx.Component, aside: rx.Component | None = None) -> rx.Component:
    """A titled part of the property panel."""
    return rx.el.section(
        rx.flex(
            rx.heading(title, as_="h2", size="2", weight="medium"),
            aside if aside is not None else rx.fragment(),
            align="center",
            justify="between",
            min_height="28px",
        ),
        *children,
        class_name="panel-section",
        aria_label=title,
    )


def choice(icon: str, label: str, chosen: Any, on_click: Any) -> rx.Component:
    """One of a row of icons of which one is chosen."""
    return tool_button(icon, label, on_click, pressed=chosen, class_name="choice")


def choices(label: str, *items: rx.Component) -> rx.Component:
    """A row of ``choice``."""
    return rx.box(*items, class_name="choices", role="group", aria_label=label)
