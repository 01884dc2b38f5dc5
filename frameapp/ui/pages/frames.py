"""Frames: all frames of the viewer, as cards."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.actions_menu import actions_menu
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.messages import empty_state, page_body, skeleton_cards
from frameapp.ui.components.page_header import page_header
from frameapp.ui.components.progress_bar import progress_bar
from frameapp.ui.components.search_box import search_box
from frameapp.ui.components.select import select
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.frames.state import SEARCH_ID, SORTS, FrameCard, FramesState
from frameapp.ui.limits import LimitsState, limits_note
from frameapp.ui.paging import pages_of
from frameapp.ui.shell import shell, signed_in_page


@signed_in_page("/", title="Frames", on_load=[FramesState.load, LimitsState.load, FramesState.follow])
def frames() -> rx.Component:
    return shell(
        page_header(
            "Frames",
            rx.cond(FramesState.summary != "", _add_frame()),
            subtitle=rx.cond(
                FramesState.summary != "", FramesState.summary, "Put your brand's frame on every product."
            ),
        ),
        limits_note(),
        page_body(FramesState, rx.cond(FramesState.summary != "", _list(), _nothing()), skeleton_cards(6)),
        _delete_dialog(),
    )


def _add_frame() -> rx.Component:
    return link_button(rx.icon("plus", size=16), "Add New Frame", href="/add-frame")


def _try_sample() -> rx.Component:
    return rx.button(
        "Try the sample",
        on_click=FramesState.try_sample,
        loading=FramesState.making_sample,
        variant="soft",
        color_scheme="gray",
    )


def _nothing() -> rx.Component:
    return empty_state(
        "Upload a frame image, enter your feed's address and place the product. "
        "Or try the sample first, with a frame and 60 products.",
        _add_frame(),
        _try_sample(),
        title="Your first frame",
        picture=rx.el.img(
            src="/before-after.webp",
            alt="A product picture before, and after in a brand's frame",
            width="640",
            height="300",
            class_name="before-after",
        ),
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.cond(FramesState.many, _search_and_sort()),
        rx.cond(
            FramesState.shown.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(FramesState.shown, _card), class_name="card-grid", aria_label="Frames"),
                pages_of(FramesState, "Pages of frames"),
            ),
            empty_state(
                "No frames match this name.",
                rx.button("Show all", on_click=FramesState.show_all, variant="soft"),
                title="Nothing found",
            ),
        ),
    )


def _search_and_sort() -> rx.Component:
    return layout.row(
        search_box(SEARCH_ID, "Search frames", FramesState.search, FramesState.set_search),
        select(FramesState.sort, FramesState.set_sort, SORTS, label="Sort by"),
        margin_bottom="var(--space-4)",
    )


def _card(card: rx.Var[FrameCard]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.img(src=card.picture, alt="", loading="lazy", class_name="frame-card-picture checkered"),
            rx.cond(
                card.running,
                progress_bar(card.percent, label=f"Progress of {card.name}", height="3px", class_name="frame-card-bar"),
            ),
            class_name="frame-card-top",
        ),
        rx.el.div(
            layout.row(
                rx.el.h2(
                    rx.link(
                        card.name,
                        href=card.address,
                        underline="none",
                        class_name="frame-card-link",
                        title=rx.cond(card.hint != "", card.name + "\n" + card.hint, card.name),
                    ),
                    class_name="frame-card-name",
                    title=card.name,
                ),
                _menu(card),
                justify="between",
                gap="2",
            ),
            rx.cond(card.running, muted(card.run), muted(card.products)),
            layout.row(
                muted(
                    rx.cond(card.run_at != "", rx.fragment(when(card.run_at), " · "), ""),
                    rx.cond(card.running, card.products, card.run),
                    as_="div",
                    class_name="truncate",
                ),
                rx.cond(
                    card.attention != "",
                    rx.tooltip(rx.flex(state_badge(card.state), tab_index=0), content=card.attention),
                    state_badge(card.state),
                ),
                justify="between",
                gap="2",
                margin_top="var(--space-2)",
                class_name="frame-card-foot",
            ),
            class_name="frame-card-body",
        ),
        class_name="frame-card",
        key=card.frame_id,
    )


def _menu(card: rx.Var[FrameCard]) -> rx.Component:
    place = f"/frame/{card.frame_id}"
    item = rx.dropdown_menu.item
    return actions_menu(
        card.name,
        item("Preview & Edit", on_select=rx.redirect(f"{place}/preview")),
        item("Details", on_select=rx.redirect(f"/frame_detail/{card.frame_id}")),
        item("Edit", on_select=rx.redirect(f"{place}/edit")),
        item("Duplicate", on_select=FramesState.duplicate(card.frame_id)),
        rx.dropdown_menu.separator(),
        item("Delete", color_scheme="red", on_select=FramesState.ask_delete(card.frame_id)),
        class_name="frame-card-menu",
        custom_attrs={"data-frame": card.frame_id},
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        title=f"Delete “{FramesState.doomed_name}”?",
        sentence=FramesState.what_goes,
        action=FramesState.delete_label,
        on_confirm=FramesState.delete,
        busy=FramesState.deleting,
        open=FramesState.asking,
        on_open_change=FramesState.set_asking,
        back_to=[f".frame-card-menu[data-frame='{FramesState.doomed_id}']"],
    )
