"""The page of registration and default limits."""

import reflex as rx

from frameapp.models import Registration
from frameapp.ui.admin.limit_fields import limit_fields
from frameapp.ui.admin.parts import admin_page, one_time_link
from frameapp.ui.admin.registration_state import MODES, RegistrationState
from frameapp.ui.components import layout
from frameapp.ui.components.messages import error_callout, skeleton
from frameapp.ui.components.text import muted
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin/registration", title="Registration", on_load=RegistrationState.load)
def registration() -> rx.Component:
    """The registration mode, invitations, and the default limits."""
    return admin_page(
        RegistrationState,
        "registration",
        layout.column(_modes(), _invitations(), _limits(), gap="6", max_width="640px"),
        loading=skeleton("320px"),
    )


def _heading(text: str) -> rx.Component:
    return rx.heading(text, as_="h2", size="3", weight="bold", margin_bottom="var(--space-3)")


def _modes() -> rx.Component:
    return rx.el.section(
        _heading("Who can register"),
        rx.radio_cards.root(
            *[
                rx.radio_cards.item(
                    layout.column(rx.text(name, size="2", weight="medium"), muted(sentence), gap="1", width="100%"),
                    value=mode.value,
                )
                for mode, (name, sentence) in MODES.items()
            ],
            value=RegistrationState.mode,
            on_value_change=RegistrationState.set_mode,
            columns="1",
            gap="2",
            size="1",
        ),
        muted(
            rx.cond(
                RegistrationState.overridden,
                "Set on this page. This overrides FRAMEAPP_REGISTRATION.",
                "Set by FRAMEAPP_REGISTRATION or its default. A choice made here overrides it.",
            ),
            size="1",
            margin_top="var(--space-2)",
        ),
        aria_label="Who can register",
    )


def _invitations() -> rx.Component:
    return rx.el.section(
        _heading("Invitation links"),
        muted(
            "Each link creates one account, expires after seven days and is shown only once.",
            rx.cond(
                RegistrationState.mode == Registration.CLOSED.value,
                " While registration is closed, links do not work.",
                "",
            ),
            margin_bottom="var(--space-3)",
        ),
        rx.cond(
            RegistrationState.link != "",
            rx.box(one_time_link(RegistrationState, "Invitation link"), margin_bottom="var(--space-3)"),
        ),
        rx.button(
            rx.icon("link", size=14),
            rx.cond(RegistrationState.link != "", "Create another link", "Create invitation link"),
            on_click=RegistrationState.invite,
            variant="soft",
        ),
        aria_label="Invitation links",
    )


def _limits() -> rx.Component:
    return rx.el.section(
        _heading("Limits for each user"),
        muted(
            "Leave a field empty or enter 0 for no limit. Limits set for one user on the Users page override these. "
            "Users are warned at 80 %.",
            margin_bottom="var(--space-3)",
        ),
        rx.form(
            layout.column(
                limit_fields(RegistrationState, "No limit"),
                rx.cond(RegistrationState.limits_error != "", error_callout(RegistrationState.limits_error)),
                rx.box(rx.button("Save limits", type="submit")),
                gap="4",
            ),
            on_submit=RegistrationState.save_limits,
        ),
        aria_label="Limits for each user",
    )
