"""Sign in and register: one centred card each, posted by the browser itself."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from frameapp.services.names import PASSWORD_LONGEST, PASSWORD_SHORTEST, USERNAME_LONGEST
from frameapp.ui.components.messages import error_callout
from frameapp.ui.components.plain_form import plain_form
from frameapp.ui.links import backend
from frameapp.ui.shell import appearance, logo
from frameapp.ui.theme import PRODUCT_LINE, PRODUCT_NAME, page_title
from frameapp.web.accounts import read_note, safe_next


class SignInState(rx.State):
    """What the address brings: why the last try was refused, and where to go afterwards."""

    FOR_STRANGERS: ClassVar[bool] = True  # its events need no session, see ui/gate.py

    error: str = ""
    username: str = ""
    email: str = ""
    next: str = "/"
    shown: bool = False
    shown_again: bool = False

    @rx.event
    async def read_address(self) -> None:
        """Take over what the address says; passwords are hidden at first."""
        query = self.router.url.query_parameters
        note = read_note(query.get("note", ""))
        self.error, self.username, self.email = note.error, note.username, note.email
        self.next = safe_next(query.get("next", "/"))
        self.shown = self.shown_again = False

    @rx.event
    async def toggle(self) -> None:
        """Show or hide the password."""
        self.shown = not self.shown

    @rx.event
    async def toggle_again(self) -> None:
        """Show or hide the repeated password."""
        self.shown_again = not self.shown_again

    @rx.var
    def other_page(self) -> str:
        """What leads on from here keeps its aim."""
        return "" if self.next == "/" else f"?next={self.next}"


@rx.page(route="/login", title=page_title("Sign in"), on_load=SignInState.read_address)
def login() -> rx.Component:
    return _card(
        "Sign in",
        plain_form(
            _username(autofocus=True),
            _password("password", "Password", "current-password", SignInState.shown, SignInState.toggle),
            _foot("Sign in"),
            **_post("/login"),
        ),
        _other("New here?", "Create an account", "/register"),
    )


@rx.page(route="/register", title=page_title("Create an account"), on_load=SignInState.read_address)
def register() -> rx.Component:
    limits = {"min_length": PASSWORD_SHORTEST, "max_length": PASSWORD_LONGEST}
    return _card(
        "Create an account",
        plain_form(
            _username(autofocus=True),
            _field(
                "email",
                "E-mail",
                rx.el.span(" (optional)", color="var(--gray-11)", font_weight="400"),
                type="email",
                auto_complete="email",
                default_value=SignInState.email,
                key=SignInState.email,
            ),
            _password(
                "password",
                "Password",
                "new-password",
                SignInState.shown,
                SignInState.toggle,
                hint=f"At least {PASSWORD_SHORTEST} characters, and not a common one.",
                **limits,
            ),
            _password(
                "password2",
                "Repeat password",
                "new-password",
                SignInState.shown_again,
                SignInState.toggle_again,
                eye="second password",
                **limits,
            ),
            _foot("Create account"),
            **_post("/register"),
        ),
        _other("Have an account?", "Sign in", "/login"),
    )


def _card(title: str, form: rx.Component, other: rx.Component) -> rx.Component:
    return rx.el.main(
        rx.flex(
            rx.flex(
                logo(40),
                rx.text(PRODUCT_NAME, size="5", weight="bold"),
                rx.text(PRODUCT_LINE, size="2", color_scheme="gray", align="center"),
                direction="column",
                align="center",
                spacing="2",
            ),
            rx.card(
                rx.heading(title, as_="h1", size="4", weight="bold", margin_bottom="var(--space-4)"),
                form,
                size="4",
                width="100%",
            ),
            other,
            appearance(),
            direction="column",
            align="center",
            spacing="5",
            width="100%",
            max_width="400px",
        ),
        class_name="sign-in",
    )


def _post(path: str) -> dict[str, Any]:
    return {
        "action": backend(path),
        "method": "post",
        "display": "flex",
        "flex_direction": "column",
        "gap": "var(--space-4)",
    }


def _username(**props: Any) -> rx.Component:
    return _field(
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


def _field(name: str, label: str, *after: rx.Component, **props: Any) -> rx.Component:
    return rx.box(
        rx.el.label(label, *after, html_for=name, class_name="field-label"),
        rx.text_field(name=name, id=name, size="3", width="100%", **props),
    )


def _password(
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
    button = rx.icon_button(
        rx.cond(shown, rx.icon("eye-off", size=16), rx.icon("eye", size=16)),
        on_click=toggle,
        type="button",
        variant="ghost",
        color_scheme="gray",
        size="2",
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
        rx.text(hint, size="1", color_scheme="gray", margin_top="var(--space-1)", id=f"{name}-hint") if hint else None,
    )


def _foot(action: str) -> rx.Component:
    return rx.fragment(
        rx.el.input(type="hidden", name="next", value=SignInState.next, read_only=True),
        rx.cond(SignInState.error != "", error_callout(SignInState.error)),
        rx.button(action, type="submit", size="3", width="100%"),
    )


def _other(question: str, action: str, href: str) -> rx.Component:
    link = rx.link(action, href=f"{href}{SignInState.other_page}", weight="medium")
    return rx.text(question, " ", link, size="2", color_scheme="gray")
