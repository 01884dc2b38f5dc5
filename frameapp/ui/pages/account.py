"""The account page."""

from typing import Any

import reflex as rx

from frameapp.services.names import PASSWORD_LONGEST, PASSWORD_SHORTEST
from frameapp.ui.account.state import AccountState as State
from frameapp.ui.account.state import SessionLine
from frameapp.ui.components.messages import page_body, skeleton
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.when import when
from frameapp.ui.shell import shell, signed_in_page


@signed_in_page("/account", title="Account", on_load=State.load)
def account() -> rx.Component:
    content = rx.flex(_email(), _password(), _sessions(), _deletion(), direction="column", spacing="5")
    loading = rx.flex(skeleton("140px"), skeleton("300px"), skeleton("180px"), direction="column", spacing="5")
    return shell(
        rx.box(
            page_header("Account", subtitle=State.username),
            page_body(State, content, loading),
            max_width="640px",
            margin="0 auto",
        ),
        section="account",
    )


def _email() -> rx.Component:
    form = rx.form(
        rx.flex(
            _field("email", "E-mail (optional)", type="email", auto_complete="email", default_value=State.email),
            _foot("Save e-mail", "email"),
            direction="column",
            spacing="4",
        ),
        on_submit=State.save_email,
        no_validate=True,
    )
    return _card("E-mail", form)


def _password() -> rx.Component:
    limits = {"type": "password", "max_length": PASSWORD_LONGEST}
    hint = f"At least {PASSWORD_SHORTEST} characters, and not a common password."
    form = rx.form(
        rx.flex(
            _field("present", "Current password", auto_complete="current-password", **limits),
            _field("password", "New password", hint=hint, auto_complete="new-password", **limits),
            _field("password2", "Repeat new password", auto_complete="new-password", **limits),
            _foot("Change password", "password"),
            direction="column",
            spacing="4",
        ),
        on_submit=State.change_password,
        no_validate=True,
        key=State.forms.to_string(),
    )
    return _card("Password", form, note="Changing it ends all your other sessions.")


def _sessions() -> rx.Component:
    end_others = rx.button(
        "End all others", on_click=State.end_others, variant="soft", color_scheme="gray", type="button"
    )
    return _card(
        "Sessions",
        rx.el.ul(rx.foreach(State.lines, _session), class_name="plain-list"),
        rx.cond(State.has_others, rx.box(end_others, margin_top="var(--space-4)")),
        note="The devices where you are signed in.",
    )


def _session(line: rx.Var[SessionLine]) -> rx.Component:
    end = rx.button(
        "End",
        on_click=State.end_session(line.id),
        variant="soft",
        color_scheme="gray",
        size="1",
        type="button",
        aria_label=f"End the session of {line.device}",
    )
    return rx.el.li(
        rx.flex(
            rx.box(
                rx.text(line.device, size="2", weight="medium", as_="div"),
                rx.text(
                    rx.cond(line.address != "", f"{line.address} · ", ""),
                    rx.cond(line.present, "in use now", when(line.used_at)),
                    size="2",
                    color_scheme="gray",
                    as_="div",
                    overflow_wrap="anywhere",
                ),
                min_width="0",
            ),
            rx.cond(line.present, rx.badge("Signed in here", color_scheme="green"), end),
            align="center",
            justify="between",
            spacing="3",
        ),
        padding="var(--space-3) 0",
        border_bottom="1px solid var(--gray-a4)",
    )


def _deletion() -> rx.Component:
    trigger = rx.button("Delete account", color_scheme="red", variant="soft", type="button")
    form = rx.form(
        _field("own_password", "Your password", type="password", auto_complete="current-password"),
        rx.flex(
            rx.alert_dialog.cancel(rx.button("Cancel", variant="soft", color_scheme="gray", type="button")),
            rx.button(
                "Delete account and everything in it",
                type="submit",
                color_scheme="red",
                class_name="danger",
                loading=State.saving == "deletion",
            ),
            spacing="3",
            justify="end",
            wrap="wrap",
            margin_top="var(--space-5)",
        ),
        on_submit=State.delete,
        margin_top="var(--space-4)",
    )
    question = rx.alert_dialog.content(
        rx.alert_dialog.title("Delete your account?", size="4"),
        rx.alert_dialog.description(State.goes, size="2"),
        form,
        max_width="460px",
    )
    return _card(
        "Delete account",
        rx.alert_dialog.root(rx.alert_dialog.trigger(trigger), question, open=State.asking, on_open_change=State.ask),
        note="This also deletes your frames, outputs and published feeds, which ad platforms can then no longer read.",
    )


def _card(title: str, *children: rx.Component, note: str = "") -> rx.Component:
    return rx.card(
        rx.heading(title, as_="h2", size="4", weight="bold"),
        rx.text(note, size="2", color_scheme="gray", margin_top="var(--space-1)") if note else rx.fragment(),
        rx.box(*children, margin_top="var(--space-4)"),
        size="3",
        width="100%",
    )


def _foot(action: str, form: str) -> rx.Component:
    return rx.box(rx.button(action, type="submit", loading=State.saving == form))


def _field(name: str, label: str, *, hint: str = "", **props: Any) -> rx.Component:
    wrong = State.errors.contains(name)
    return rx.box(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.text_field(
            name=name,
            id=name,
            size="3",
            width="100%",
            color_scheme=rx.cond(wrong, "red", "indigo"),
            custom_attrs={
                "aria-invalid": rx.cond(wrong, "true", "false"),
                "aria-describedby": rx.cond(wrong, f"{name}-error", f"{name}-hint" if hint else ""),
            },
            **props,
        ),
        rx.text(hint, size="1", color_scheme="gray", margin_top="var(--space-1)", id=f"{name}-hint") if hint else None,
        rx.cond(
            wrong,
            rx.flex(
                rx.icon("circle-alert", size=14, aria_hidden="true", flex_shrink="0"),
                rx.text(State.errors[name], size="2"),
                id=f"{name}-error",
                role="alert",
                align="center",
                spacing="2",
                class_name="field-error",
            ),
        ),
    )
