"""The page of users."""

import reflex as rx

from frameapp.ui.admin.limit_fields import limit_fields
from frameapp.ui.admin.parts import admin_page, listed, one_time_link, tools
from frameapp.ui.admin.users_state import SORTS, UsersState, UserView
from frameapp.ui.components import layout
from frameapp.ui.components.actions_menu import actions_menu
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.focus import focus_first
from frameapp.ui.components.messages import error_callout
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin/users", title="Users", on_load=[UsersState.load, UsersState.follow])
def users() -> rx.Component:
    """All accounts."""
    return admin_page(
        UsersState,
        "users",
        rx.fragment(
            tools(UsersState, placeholder="Search by name or e-mail", sorts=SORTS),
            listed(UsersState, _table(), "No matching users."),
            _link_dialog(),
            _limits_dialog(),
            _delete_dialog(),
        ),
    )


def _table() -> rx.Component:
    columns = [
        ("User", ""),
        ("Frames", "number wide-only"),
        ("Products", "number wide-only"),
        ("Storage", "number wide-only"),
        ("Joined", "number cell-when wide-only"),
        ("", "cell-menu"),
    ]
    return table("Users", columns, rx.foreach(UsersState.rows, _row))


def _row(row: rx.Var[UserView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            layout.row(
                rx.text(row.username, size="2", weight="medium", as_="span", class_name="truncate", title=row.username),
                rx.cond(row.is_admin, rx.badge("Administrator", color_scheme="indigo", high_contrast=True)),
                rx.cond(row.deleting, rx.badge("Being deleted", color_scheme="red", high_contrast=True)),
                rx.cond(row.deactivated, rx.badge("Deactivated", color_scheme="gray", high_contrast=True)),
                rx.cond(row.limited, rx.badge("Own limits", color_scheme="amber", high_contrast=True)),
                gap="2",
                wrap="wrap",
            ),
            muted(row.email, as_="div", class_name="truncate"),
            muted(row.summary, as_="div", class_name="narrow-only"),
        ),
        rx.el.td(row.frames, class_name="number wide-only"),
        rx.el.td(row.products, class_name="number wide-only"),
        rx.el.td(row.storage, class_name="number wide-only"),
        rx.el.td(when(row.joined), class_name="number cell-when wide-only quiet"),
        rx.el.td(_menu(row), class_name="cell-menu"),
        key=row.user_id.to_string(),
    )


def _menu(row: rx.Var[UserView]) -> rx.Component:
    item = rx.dropdown_menu.item
    return actions_menu(
        row.username,
        item("Frames", on_select=rx.redirect(f"/admin/frames?owner={row.user_id}")),
        item("Runs", on_select=rx.redirect(f"/admin/runs?owner={row.user_id}")),
        rx.cond(row.deleting, rx.fragment(), rx.fragment(*_acts_on(row))),
        class_name="user-menu",
        custom_attrs={"data-user": row.user_id},
    )


def _acts_on(row: rx.Var[UserView]) -> list[rx.Component]:
    item = rx.dropdown_menu.item
    return [
        rx.dropdown_menu.separator(),
        item("Password link…", on_select=UsersState.make_link(row.user_id)),
        item("Limits…", on_select=UsersState.open_limits(row.user_id)),
        rx.cond(
            row.is_admin,
            item("Remove as administrator", on_select=UsersState.set_administrator(row.user_id, False)),
            item("Make administrator", on_select=UsersState.set_administrator(row.user_id, True)),
        ),
        rx.dropdown_menu.separator(),
        rx.cond(
            row.deactivated,
            item("Activate", on_select=UsersState.activate(row.user_id)),
            item("Deactivate", on_select=UsersState.deactivate(row.user_id), disabled=row.is_self),
        ),
        item("Delete…", color_scheme="red", on_select=UsersState.ask_delete(row.user_id), disabled=row.is_self),
    ]


def menu_of(user_id: rx.Var[int]) -> str:
    """The CSS selector of a user's menu, which has the focus again once its dialogue is closed."""
    return f".user-menu[data-user='{user_id}']"


def _link_dialog() -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Password link for ", UsersState.link_of, size="4"),
            rx.dialog.description(
                "It sets a new password, works once and expires after 24 hours. Copy it now: it is not shown again.",
                size="2",
            ),
            rx.box(one_time_link(UsersState, "Password link"), margin_y="var(--space-4)"),
            rx.flex(rx.dialog.close(rx.button("Done", variant="soft", color_scheme="gray")), justify="end"),
            max_width="520px",
            on_close_auto_focus=focus_first([menu_of(UsersState.link_id)]),
        ),
        open=UsersState.link != "",
        on_open_change=UsersState.close_link,
    )


def _limits_dialog() -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Limits for ", UsersState.limiting, size="4"),
            rx.dialog.description("Leave a field empty to use the default for all users; 0 means no limit.", size="2"),
            rx.form(
                layout.column(
                    limit_fields(UsersState, "Default"),
                    rx.cond(UsersState.limits_error != "", error_callout(UsersState.limits_error)),
                    rx.flex(
                        rx.dialog.close(rx.button("Cancel", variant="soft", color_scheme="gray")),
                        rx.button("Save limits", type="submit"),
                        spacing="3",
                        justify="end",
                    ),
                    gap="4",
                    margin_top="var(--space-4)",
                ),
                on_submit=UsersState.save_limits,
            ),
            max_width="460px",
            on_close_auto_focus=focus_first([menu_of(UsersState.limited_id)]),
        ),
        open=UsersState.limiting_id > 0,
        on_open_change=UsersState.close_limits,
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        title=f"Delete {UsersState.doomed}?",
        sentence=UsersState.what_goes,
        action=UsersState.delete_label,
        on_confirm=UsersState.delete,
        open=UsersState.asking,
        on_open_change=UsersState.set_asking,
        back_to=[menu_of(UsersState.doomed_id)],
    )
