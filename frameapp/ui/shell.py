"""The shell around every page but sign-in: a left rail on wide screens, a top bar below."""

from __future__ import annotations

import reflex as rx


def shell(*children: rx.Component, wide: bool = False) -> rx.Component:
    """The page's content inside the shell; ``wide`` lets it use the whole width."""
    return rx.box(*children, max_width="100%" if wide else "1280px", margin="0 auto", padding="6")
