"""How the viewer stands to their limits: said before they are reached."""

import asyncio

import reflex as rx

from frameapp.services import limits
from frameapp.services.application import application
from frameapp.services.limits import Standing
from frameapp.services.viewer import Viewer
from frameapp.ui.components.messages import warning_callout
from frameapp.ui.components.text import muted
from frameapp.ui.session import acts
from frameapp.ui.words import counted, number, weight


class LimitsState(rx.State):
    """Empty where there are no limits."""

    line: str = ""  # all of them
    warning: str = ""  # those that are near

    @rx.event
    @acts
    async def load(self, viewer: Viewer) -> None:
        """As it is now."""
        found = await asyncio.to_thread(limits.standings, application(), viewer)
        self.line = " · ".join(map(in_words, found))
        self.warning = warning_of(found)


def in_words(standing: Standing) -> str:
    """``18 of 20 frames``, ``84 MB of 500 MB``."""
    if standing.noun == "storage":
        return f"{weight(standing.used)} of {weight(standing.limit)}"
    return f"{number(standing.used)} of {counted(standing.limit, standing.noun[:-1])}"


def warning_of(found: list[Standing]) -> str:
    """A sentence for the limits that are near or reached; empty where none is."""
    near = [standing for standing in found if standing.near]
    if not near:
        return ""
    have = " and ".join(map(in_words, near))
    what = "You have reached a limit" if any(standing.reached for standing in near) else "You are close to a limit"
    return f"{what}: you have {have}. Delete what you no longer need, or ask an administrator for more."


def limits_note() -> rx.Component:
    """The line, and from 80 % on a callout in its place."""
    return rx.cond(
        LimitsState.warning != "",
        rx.box(warning_callout(LimitsState.warning), margin_bottom="var(--space-4)"),
        rx.cond(LimitsState.line != "", muted(LimitsState.line, as_="p", margin_bottom="var(--space-4)")),
    )
