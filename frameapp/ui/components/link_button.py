"""Links that look like buttons: they lead somewhere, so they are links."""

from typing import Any

import reflex as rx


def link_button(*children: Any, href: str | rx.Var[str], quiet: bool = False, **props: Any) -> rx.Component:
    """Leads to a page of ours; ``quiet`` stands back behind another button."""
    look = {"variant": "soft", "color_scheme": "gray"} if quiet else {}
    return rx.button(rx.el.a(*children, href=href), as_child=True, **look, **props)
