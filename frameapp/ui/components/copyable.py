"""A text that is there to be copied, with the button that does it."""

import reflex as rx

from frameapp.ui.components import layout

NO_CLIPBOARD = "The browser lets a page copy on https only. Select the address and copy it."


class CopyState(rx.State):
    """What came of copying."""

    @rx.event
    def copied(self, done: bool) -> rx.event.EventSpec:
        """Say whether the address is in the clipboard, which only pages on https (or localhost) have."""
        return rx.toast.success("Address copied.") if done else rx.toast.info(NO_CLIPBOARD)


def copyable(text: rx.Var[str], *, label: str) -> rx.Component:
    """The address in a box of its own, and **Copy**. ``label`` says what it is."""
    copying = rx.run_script(
        rx.Var(f"navigator.clipboard?.writeText({text}).then(() => true, () => false) ?? false"),
        callback=CopyState.copied,
    )
    return layout.row(
        rx.el.code(text, class_name="published-address", aria_label=label, tab_index=0),
        rx.button(rx.icon("copy", size=14), "Copy", on_click=copying, variant="soft"),
        wrap="wrap",
    )
