"""Frames: all frames of the viewer, as cards."""

import reflex as rx

from frameapp.ui.components.page_header import page_header
from frameapp.ui.shell import shell, signed_in_page


@signed_in_page("/", title="Frames")
def frames() -> rx.Component:
    return shell(page_header("Frames"))
