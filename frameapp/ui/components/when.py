"""Moments, as the reader's clock has them."""

import reflex as rx


def when(moment: str | rx.Var) -> rx.Component:
    """``2 hours ago``, kept up to date, with the full time in the reader's zone on hover. ``moment`` is ISO 8601."""
    return rx.moment(moment, from_now=True, with_title=True, title_format="D MMMM YYYY, HH:mm:ss", interval=30_000)
