"""The look shared by all pages. Colours and spacing are Radix's; what it leaves open is in assets/frameapp.css."""

from typing import Any

STYLESHEETS = ["/frameapp.css", "/placement.css", "/details.css", "/admin.css"]

PRODUCT_NAME = "Frameapp"
PRODUCT_LINE = "Your brand's frame on every product picture of your feed."

# What a state is called is its own word; what colour it has is said once, here.
STATE_COLOURS: dict[str, str] = {
    "Draft": "gray",
    "Queued": "blue",
    "Planning": "blue",
    "Running": "blue",
    "Ready": "green",
    "Published": "indigo",
    "Needs attention": "amber",
    "Done": "green",
    "Failed": "red",
    "Cancelled": "gray",
    "Pending": "gray",
    "Review": "amber",
}


def page_title(name: str) -> str:
    """The browser's title of a page, as ``Summer sale · Frameapp``."""
    return f"{name} · {PRODUCT_NAME}"


def head_components() -> list[Any]:
    """What every page's head carries: the icon, and the colour of a phone's browser bar."""
    import reflex as rx

    return [
        rx.el.link(rel="icon", type="image/svg+xml", href="/logo.svg"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]
