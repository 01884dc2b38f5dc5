"""Frames: all frames of the viewer, as cards."""

import reflex as rx

from frameapp.ui.shell import shell


@rx.page(route="/", title="Frames · Frameapp")
def frames() -> rx.Component:
    return shell(rx.heading("Frames"))
