"""Sign in, register, and set a password by a link."""

import reflex as rx

from frameapp.services.links import UNUSABLE
from frameapp.ui.components.messages import info_callout, skeleton
from frameapp.ui.components.plain_form import plain_form
from frameapp.ui.components.text import muted
from frameapp.ui.sign_in.card import (
    card,
    foot,
    new_passwords,
    other_page,
    password_field,
    post,
    text_field,
    username_field,
)
from frameapp.ui.sign_in.state import SignInState
from frameapp.ui.theme import page_title


@rx.page(route="/login", title=page_title("Sign in"), on_load=SignInState.read_address)
def login() -> rx.Component:
    return card(
        "Sign in",
        plain_form(
            rx.cond(SignInState.ended & (SignInState.error == ""), info_callout(ENDED)),
            username_field(autofocus=True),
            password_field("password", "Password", "current-password", SignInState.shown, SignInState.toggle),
            foot("Sign in"),
            _forgotten(),
            **post("/login"),
        ),
        rx.cond(
            SignInState.read & (SignInState.refusal == ""), other_page("New here?", "Create an account", "/register")
        ),
    )


@rx.page(route="/register", title=page_title("Create an account"), on_load=SignInState.read_address)
def register() -> rx.Component:
    return card(
        "Create an account",
        rx.cond(
            SignInState.read,
            rx.cond(SignInState.refusal == "", _register_form(), _sentence(SignInState.refusal)),
            skeleton("320px"),
        ),
        other_page("Have an account?", "Sign in", "/login"),
    )


@rx.page(route="/set-password", title=page_title("Set a password"), on_load=SignInState.read_address)
def set_password() -> rx.Component:
    return card(
        "Set a new password",
        rx.cond(
            SignInState.read, rx.cond(SignInState.owner != "", _password_form(), _sentence(UNUSABLE)), skeleton("220px")
        ),
        other_page("Remember your password?", "Sign in", "/login"),
    )


ENDED = "Your session has ended. Sign in again to continue."
FIRST = "This is the first account, so it becomes the administrator and manages users, registration and limits."
FORGOTTEN = "Ask an administrator for a link to set a new one. The link works once, within 24 hours."


def _register_form() -> rx.Component:
    return plain_form(
        rx.cond(SignInState.is_first, info_callout(FIRST)),
        username_field(autofocus=True),
        text_field(
            "email",
            "E-mail",
            rx.el.span(" (optional)", color="var(--gray-11)", font_weight="400"),
            type="email",
            auto_complete="email",
            default_value=SignInState.email,
            key=SignInState.email,
        ),
        *new_passwords(),
        rx.el.input(type="hidden", name="invitation", value=SignInState.invitation, read_only=True),
        foot("Create account"),
        **post("/register"),
    )


def _password_form() -> rx.Component:
    return plain_form(
        muted("For ", rx.text.strong(SignInState.owner), ". This ends all its sessions."),
        # Password managers file the new password under this name.
        rx.el.input(name="username", value=SignInState.owner, auto_complete="username", read_only=True, hidden=True),
        *new_passwords(),
        rx.el.input(type="hidden", name="token", value=SignInState.token, read_only=True),
        foot("Set password"),
        **post("/set-password"),
    )


def _forgotten() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.button("Forgot your password?", type="button", variant="ghost", align_self="center", margin="0")
        ),
        rx.popover.content(rx.text(FORGOTTEN, size="2"), max_width="320px", size="2", aria_label="Forgotten password"),
    )


def _sentence(text: str | rx.Var) -> rx.Component:
    return muted(text, as_="p")
