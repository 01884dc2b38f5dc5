"""The page of settings."""

import reflex as rx

from frameapp.ui.admin.parts import admin_page
from frameapp.ui.admin.settings_state import SettingsState, SettingView
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin/settings", title="Settings", on_load=SettingsState.load)
def settings() -> rx.Component:
    """Every setting, and where it comes from."""
    columns = [("Setting", ""), ("Value", "cell-value"), ("From", "cell-state")]
    return admin_page(
        SettingsState,
        "settings",
        table("Settings", columns, rx.foreach(SettingsState.rows, _row), class_name="stacked"),
        subtitle="The values at server start. To change a setting, set it in the environment and restart.",
    )


def _row(row: rx.Var[SettingView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.code(row.name, class_name="setting-name"), muted(row.description, as_="div")),
        rx.el.td(row.value, class_name="cell-value breaks"),
        rx.el.td(
            rx.badge(row.source, color_scheme=rx.cond(row.set, "indigo", "gray"), high_contrast=True),
            class_name="cell-state",
        ),
        key=row.name,
    )
