"""The settings in force."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from frameapp.services.admin import settings
from frameapp.services.admin.settings import SettingRow
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.session import PageState, loads

SOURCES = {"environment": "Environment", ".env": ".env file", "default": "Default", "page": "Registration page"}


@dataclass(frozen=True)
class SettingView:
    """A setting in the words of the page."""

    name: str
    value: str
    source: str
    description: str
    set: bool


class SettingsState(PageState, rx.State):
    """Every setting of the web process that answers."""

    rows: list[SettingView] = []

    @rx.event
    @loads
    async def load(self, admin: Viewer) -> None:
        """As they are."""
        found = await asyncio.to_thread(settings.in_force, application(), admin)
        self.rows = [setting_view(row) for row in found]


def setting_view(row: SettingRow) -> SettingView:
    """The setting in the words of the page."""
    description = row.description.replace("`", "")
    return SettingView(row.name, row.value, SOURCES[row.source], description, row.source != "default")
