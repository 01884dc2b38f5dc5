"""The centred card of the pages before the sign-in, and its fields: one form, posted by the browser itself."""

from typing import Any

import reflex as rx

from frameapp.services.names import PASSWORD_LONGEST, PASSWORD_SHORTEST, USERNAME_LONGEST
from frameapp.ui.components import layout
from frameapp.ui.components.messages import error_callout
from frameapp.ui.components.text import muted
from frameapp.ui.links import backend
from frameapp.ui.shell import appearance, logo
from frameapp.ui.sign_in.state import SignInState
from frameapp.ui.theme import PRODUCT_LINE, PRODUCT_NAME


def card(title: str, form: rx.Component, other: rx.Component) -> rx.Component:
    """The centred card with the product's name above and what else there is below."""
    return rx.el.main(
        layout.column(
            layout.column(
                logo(40),
                rx.text(PRODUCT_NAME, size="5", weight="bold"),
                muted(PRODUCT_LINE, align="center"),
                align="center",
                gap="2",
            ),
            rx.card(
                rx.heading(title, as_="h1", size="4", weight="bold", margin_bottom="var(--space-4)"),
                form,
                size="4",
                width="100%",
            ),
            other,
            appearance(),
            align="center",
            gap="5",
            width="100%",
            max_width="400px",
        ),
        class_name="sign-in",
    )


def post(path: str) -> dict[str, Any]:
    """The props of a form that the browser posts to our route."""
    return {
        "action": backend(path),
        "method": "post",
        "display": "flex",
        "flex_direction": "column",
        "gap": "var(--space-4)",
    }


def username_field(**props: Any) -> rx.Component:
    """The username, as it was typed before."""
    return text_field(
        "username",
        "Username",
        auto_complete="username",
        auto_capitalize="none",
        spell_check=False,
        required=True,
        max_length=USERNAME_LONGEST,
        default_value=SignInState.username,
        key=SignInState.username,
        custom_attrs={"autoFocus": True} if props.pop("autofocus", False) else {},
        **props,
    )


def text_field(name: str, label: str, *after: rx.Component, **props: Any) -> rx.Component:
    """A labelled field; ``after`` stands in the label."""
    return rx.box(
        rx.el.label(label, *after, html_for=name, class_name="field-label"),
        rx.text_field(name=name, id=name, size="3", width="100%", **props),
    )


def password_field(
    name: str,
    label: str,
    complete: str,
    shown: rx.Var,
    toggle: Any,
    *,
    hint: str = "",
    eye: str = "password",
    **props: Any,
) -> rx.Component:
    """A password that can be shown; ``hint`` says what it must be like."""
    button = rx.icon_button(
        rx.cond(shown, rx.icon("eye-off", size=16), rx.icon("eye", size=16)),
        on_click=toggle,
        type="button",
        variant="ghost",
        color_scheme="gray",
        aria_label=rx.cond(shown, f"Hide {eye}", f"Show {eye}"),
    )
    return rx.box(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.text_field(
            rx.text_field.slot(button, side="right"),
            name=name,
            id=name,
            type=rx.cond(shown, "text", "password"),
            auto_complete=complete,
            required=True,
            size="3",
            width="100%",
            aria_describedby=f"{name}-hint" if hint else None,
            **props,
        ),
        muted(hint, size="1", margin_top="var(--space-1)", id=f"{name}-hint") if hint else None,
    )


def foot(action: str) -> rx.Component:
    """Why the last try was refused, and the button."""
    return rx.fragment(
        rx.el.input(type="hidden", name="next", value=SignInState.next, read_only=True),
        rx.cond(SignInState.error != "", error_callout(SignInState.error)),
        rx.button(action, type="submit", size="3", width="100%"),
    )


def other_page(question: str, action: str, href: str) -> rx.Component:
    """What leads to the other page."""
    link = rx.link(action, href=f"{href}{SignInState.other_page}", weight="medium")
    return muted(question, " ", link)


def new_passwords() -> list[rx.Component]:
    """A new password, twice."""
    limits = {"min_length": PASSWORD_SHORTEST, "max_length": PASSWORD_LONGEST}
    return [
        password_field(
            "password",
            "Password",
            "new-password",
            SignInState.shown,
            SignInState.toggle,
            hint=f"At least {PASSWORD_SHORTEST} characters, and not a common password.",
            **limits,
        ),
        password_field(
            "password2",
            "Repeat password",
            "new-password",
            SignInState.shown_again,
            SignInState.toggle_again,
            eye="second password",
            **limits,
        ),
    ]
