"""The account page."""

import reflex as rx

from frameapp.services.names import PASSWORD_LONGEST, PASSWORD_SHORTEST
from frameapp.ui.account.state import AccountState as State
from frameapp.ui.account.state import SessionLine
from frameapp.ui.components import layout
from frameapp.ui.components.form_field import form_field
from frameapp.ui.components.messages import page_body, skeleton
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.shell import shell, signed_in_page

EMAIL = "Administrators can see it. Frameapp sends no e-mail."


@signed_in_page("/account", title="Account", on_load=State.load)
def account() -> rx.Component:
    content = layout.column(_email(), _password(), _sessions(), _deletion(), gap="5")
    loading = layout.column(skeleton("140px"), skeleton("300px"), skeleton("180px"), gap="5")
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
        layout.column(
            form_field(
                "email",
                "E-mail (optional)",
                State.errors,
                hint=EMAIL,
                type="email",
                auto_complete="email",
                default_value=State.email,
            ),
            _foot("Save e-mail", "email"),
            gap="4",
        ),
        on_submit=State.save_email,
        no_validate=True,
    )
    return _card("E-mail", form)


def _password() -> rx.Component:
    limits = {"type": "password", "max_length": PASSWORD_LONGEST}
    hint = f"At least {PASSWORD_SHORTEST} characters, and not a common password."
    form = rx.form(
        layout.column(
            form_field("present", "Current password", State.errors, auto_complete="current-password", **limits),
            form_field("password", "New password", State.errors, hint=hint, auto_complete="new-password", **limits),
            form_field("password2", "Repeat new password", State.errors, auto_complete="new-password", **limits),
            _foot("Change password", "password"),
            gap="4",
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
        layout.row(
            rx.box(
                rx.text(line.device, size="2", weight="medium", as_="div"),
                muted(
                    rx.cond(line.address != "", f"{line.address} · ", ""),
                    rx.cond(line.present, "in use now", when(line.used_at)),
                    as_="div",
                    overflow_wrap="anywhere",
                ),
                min_width="0",
            ),
            rx.cond(line.present, rx.badge("Signed in here", color_scheme="green"), end),
            justify="between",
        ),
        padding="var(--space-3) 0",
        border_bottom="1px solid var(--gray-a4)",
    )


def _deletion() -> rx.Component:
    trigger = rx.button("Delete account", color_scheme="red", variant="soft", type="button")
    form = rx.form(
        form_field("own_password", "Your password", State.errors, type="password", auto_complete="current-password"),
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
        muted(note, margin_top="var(--space-1)") if note else rx.fragment(),
        rx.box(*children, margin_top="var(--space-4)"),
        size="3",
        width="100%",
    )


def _foot(action: str, form: str) -> rx.Component:
    return rx.box(rx.button(action, type="submit", loading=State.saving == form))
