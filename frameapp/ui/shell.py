"""The shell around every page but sign-in: a left rail at 1024 px and wider, a top bar with a menu below."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.focus import CONTENT_ID
from frameapp.ui.components.plain_form import plain_form
from frameapp.ui.components.text import muted
from frameapp.ui.finished import FinishedState
from frameapp.ui.links import backend
from frameapp.ui.session import SessionState
from frameapp.ui.theme import PRODUCT_NAME, page_title


def signed_in_page(
    route: str, *, title: str | rx.Var, on_load: Any | Sequence[Any] = ()
) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """``rx.page`` for a page that needs a login: who it is comes first, then ``on_load``."""
    handlers = list(on_load) if isinstance(on_load, list | tuple) else [on_load]
    name = page_title(title) if isinstance(title, str) else title
    return rx.page(route=route, title=name, on_load=[SessionState.enter, *handlers, FinishedState.watch])


def shell(*children: rx.Component, wide: bool = False, section: str = "frames") -> rx.Component:
    """The page's content inside the shell.

    ``wide`` uses the whole width and no padding. ``section`` is the entry of the rail that is lit: ``frames``,
    ``activity`` or ``admin``.
    """
    return rx.box(
        rx.el.a("Skip to the content", href=f"#{CONTENT_ID}", class_name="shell-skip"),
        rx.el.aside(
            brand(),
            _navigation(section, margin_top="var(--space-5)"),
            rx.spacer(),
            _account_menu(),
            class_name="shell-rail",
            aria_label="Main",
        ),
        rx.el.header(brand(), _small_menu(section), class_name="shell-bar"),
        rx.el.main(
            rx.box(*children, class_name="shell-content", data_wide="true" if wide else "false"),
            class_name="shell-main",
            id=CONTENT_ID,
            tab_index=-1,
        ),
        class_name="shell",
    )


def brand() -> rx.Component:
    """The logo with the product's name, leading home."""
    return rx.el.a(logo(24), PRODUCT_NAME, href="/", class_name="brand")


def logo(size: int) -> rx.Component:
    """The logo, ``size`` pixels a side; the product's name stands beside it."""
    return rx.el.img(src="/logo.svg", alt="", width=f"{size}", height=f"{size}")


def _navigation(section: str, **style: Any) -> rx.Component:
    return rx.el.nav(
        *_entries(section),
        aria_label="Pages",
        display="flex",
        flex_direction="column",
        gap="var(--space-1)",
        style=style,
    )


def _entries(section: str, wrap: Callable[[rx.Component], rx.Component] = lambda link: link) -> list[rx.Component]:
    return [
        wrap(_entry("Frames", "layout-grid", "/", section == "frames")),
        wrap(_entry("Activity", "activity", "/activity", section == "activity")),
        rx.cond(SessionState.is_admin, wrap(_entry("Admin", "shield-check", "/admin", section == "admin"))),
    ]


def _entry(label: str, icon: str, href: str, lit: bool) -> rx.Component:
    current = {"custom_attrs": {"aria-current": "page"}} if lit else {}
    return rx.link(rx.icon(icon, size=16), label, href=href, class_name="nav-link", underline="none", **current)


def _account_menu() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                _circle(),
                rx.text(SessionState.username, size="2", weight="medium", class_name="truncate", flex_grow="1"),
                rx.icon("chevrons-up-down", size=14),
                class_name="account-button",
                aria_label="Account",
                min_height="44px",
            )
        ),
        rx.popover.content(_account(), side="top", align="start", width="224px", size="1", aria_label="Account"),
    )


def _small_menu(section: str) -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.icon_button(rx.icon("menu", size=18), variant="ghost", color_scheme="gray", size="3", aria_label="Menu")
        ),
        rx.popover.content(
            rx.el.nav(*_entries(section, rx.popover.close), aria_label="Pages", display="grid", gap="var(--space-1)"),
            rx.separator(size="4", margin_y="var(--space-3)"),
            layout.row(
                _circle(),
                rx.text(SessionState.username, size="2", weight="medium", class_name="truncate"),
                padding="0 var(--space-3) var(--space-3)",
            ),
            _account(),
            align="end",
            width="260px",
            size="1",
            aria_label="Menu",
        ),
    )


def _circle() -> rx.Component:
    return rx.avatar(fallback=SessionState.initial, size="1", radius="full", variant="soft", aria_hidden="true")


def _account() -> rx.Component:
    return layout.column(
        layout.column(
            muted("Appearance", size="1", weight="medium", padding_left="var(--space-3)"),
            appearance(width="100%"),
            gap="2",
        ),
        rx.separator(size="4"),
        rx.flex(
            rx.link(
                rx.icon("user", size=16), "Account", href="/account", class_name="account-button", underline="none"
            ),
            sign_out_form(),
            direction="column",
        ),
    )


def appearance(**props: Any) -> rx.Component:
    """The switch between light, dark and what the system has."""
    return rx.segmented_control.root(
        rx.segmented_control.item("Light", value="light"),
        rx.segmented_control.item("Dark", value="dark"),
        rx.segmented_control.item("System", value="system"),
        value=rx.color_mode,
        on_change=_set_appearance,
        size="1",
        custom_attrs={"aria-label": "Appearance"},
        **props,
    )


def _set_appearance(value: rx.Var) -> Any:
    from reflex.style import set_color_mode

    return set_color_mode(value)


def sign_out_form() -> rx.Component:
    """Ends the session by a native post, so that the next page starts from nothing."""
    return plain_form(
        rx.el.button(rx.icon("log-out", size=16), "Sign out", type="submit", class_name="account-button"),
        action=backend("/logout"),
        method="post",
    )
