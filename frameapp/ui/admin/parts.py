"""What the administration's pages share: the page with its sub-navigation, tool bar, filters and pager of a list."""

from typing import Any

import reflex as rx

from frameapp.ui.admin.list_state import SEARCH_ID
from frameapp.ui.components import layout
from frameapp.ui.components.copyable import copyable
from frameapp.ui.components.filters import filters
from frameapp.ui.components.focus import CONTENT_ID
from frameapp.ui.components.messages import (
    empty_state,
    error_callout,
    not_found,
    skeleton,
    skeleton_lines,
    warning_callout,
)
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.pager import turn_button
from frameapp.ui.components.search_box import search_box
from frameapp.ui.components.select import select
from frameapp.ui.session import SessionState
from frameapp.ui.shell import shell

SECTIONS = {
    "overview": ("Overview", "/admin"),
    "users": ("Users", "/admin/users"),
    "frames": ("Frames", "/admin/frames"),
    "runs": ("Runs", "/admin/runs"),
    "registration": ("Registration", "/admin/registration"),
    "settings": ("Settings", "/admin/settings"),
    "audit": ("Audit log", "/admin/audit"),
}


def admin_page(
    state: Any,
    section: str,
    content: rx.Component,
    *,
    title: str | rx.Var = "",
    subtitle: str | rx.Var = "",
    loading: rx.Component | None = None,
) -> rx.Component:
    """A page for administrators, of a PageState. With a title of its own it leads back to its section."""
    body = rx.cond(
        state.load_error != "",
        error_callout(state.load_error, state.load),
        rx.cond(state.loaded, content, loading if loading is not None else skeleton_lines(8, height="52px", gap="1")),
    )
    below = not isinstance(title, str)
    header = page_header(
        title if below else SECTIONS[section][0],
        subtitle=subtitle if not isinstance(subtitle, str) or subtitle else None,
        back=SECTIONS[section] if below else None,
    )
    return shell(
        rx.cond(
            state.not_found,
            not_found(),
            rx.cond(SessionState.is_admin, rx.fragment(_sections(section), header, body), skeleton("36px")),
        ),
        section="admin",
    )


def _sections(lit: str) -> rx.Component:
    return rx.el.nav(
        *[
            rx.link(
                label,
                href=href,
                underline="none",
                class_name="section-link",
                custom_attrs={"aria-current": "page"} if section == lit else {},
            )
            for section, (label, href) in SECTIONS.items()
        ],
        aria_label="Administration",
        class_name="sections",
    )


def tools(state: Any, *, placeholder: str, sorts: dict[str, str] | None = None) -> rx.Component:
    """Search, order and filters of a list; ``state`` is a ListState, ``sorts`` labels by the orders' words."""
    return layout.column(
        layout.row(
            search_box(SEARCH_ID, placeholder, state.search, state.find),
            rx.spacer(),
            _owner(state),
            select(state.sort, state.sort_by, sorts) if sorts else rx.fragment(),
            wrap="wrap",
        ),
        filters(state.filters, state.chosen, state.choose),
        margin_bottom="var(--space-3)",
    )


def _owner(state: Any) -> rx.Component:
    """The one user whose rows are shown, and the way back to all users."""
    return rx.cond(
        state.owner != "",
        rx.button(
            "Of " + state.owner,
            rx.icon("x", size=14),
            on_click=state.show_everybody,
            variant="soft",
            aria_label="Of " + state.owner + ": show all users",
        ),
    )


def listed(state: Any, content: rx.Component, nothing: str | rx.Var) -> rx.Component:
    """The rows with their pager, or the sentence that there are none."""
    return rx.cond(
        state.rows.length() > 0,
        layout.column(content, turns(state)),
        empty_state(nothing, rx.cond(state.narrowed, rx.button("Show all", on_click=state.show_all, variant="soft"))),
    )


def one_time_link(state: Any, label: str) -> rx.Component:
    """The state's ``link`` to be copied, with its ``link_warning`` where there is one."""
    return layout.column(
        copyable(state.link, label=label),
        rx.cond(state.link_warning != "", warning_callout(state.link_warning)),
        gap="3",
    )


def turns(state: Any) -> rx.Component:
    """The way to the next and the previous page, where there is one."""
    return rx.cond(
        (state.next_key != "") | (state.previous_key != ""),
        rx.el.nav(
            turn_button(state.turn, "first", state.previous_key == "", top=CONTENT_ID),
            turn_button(state.turn, "previous", state.previous_key == "", top=CONTENT_ID),
            turn_button(state.turn, "next", state.next_key == "", top=CONTENT_ID),
            aria_label="Pages",
            class_name="pager pager-end",
        ),
    )
