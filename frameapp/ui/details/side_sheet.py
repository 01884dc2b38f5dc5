"""The side sheet: one output beside its original, with all that is known of it."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.facts import fact, facts, web_value
from frameapp.ui.components.focus import focus_first
from frameapp.ui.components.messages import error_callout
from frameapp.ui.components.reporting_image import reporting_image
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.state import DetailsState
from frameapp.ui.details.table import LIST_ID, opener_id

sheet = OutputsState.sheet
DELETE_ID = "delete-output"
# The output that was shown last, in the list; its neighbour where it is deleted or on another page.
BACK_TO = (*("#" + opener_id(shown) for shown in (sheet.id, sheet.next_id, sheet.previous_id)), f"#{LIST_ID}")


def side_sheet() -> rx.Component:
    """Slides in from the right. Escape closes it, the arrow keys lead to the neighbours."""
    return rx.fragment(
        rx.cond(OutputsState.sheet_open, rx.window_event_listener(on_key_down=_arrows)),
        rx.dialog.root(
            rx.dialog.content(
                _head(),
                rx.box(
                    rx.cond(sheet.reason != "", error_callout(sheet.reason)),
                    _pictures(),
                    _facts(),
                    _data(),
                    class_name="sheet-body",
                    tab_index=0,
                    role="region",
                    aria_label="About this output",
                ),
                _foot(),
                class_name="side-sheet",
                aria_describedby="",
                on_close_auto_focus=focus_first(BACK_TO, reveal=True),
            ),
            open=OutputsState.sheet_open,
            on_open_change=OutputsState.set_sheet_open,
        ),
        confirm_dialog(
            title="Delete this output?",
            sentence="The picture of " + sheet.product_id + " will be deleted and left out of the ZIP. "
            "The product stays in the feed, so the next full run creates it again.",
            action="Delete 1 output",
            on_confirm=OutputsState.delete_one.prevent_default,
            open=OutputsState.confirming_one,
            back_to=(f"#{DELETE_ID}", *BACK_TO),
            on_open_change=OutputsState.set_confirming_one,
            busy=OutputsState.deleting_one,
        ),
    )


def _arrows(key: rx.Var[str], _modifiers: rx.Var) -> Any:
    return rx.cond((key == "ArrowLeft") | (key == "ArrowRight"), OutputsState.sheet_key(key), rx.noop())


def _head() -> rx.Component:
    return layout.row(
        rx.box(
            layout.row(
                rx.dialog.title(
                    sheet.product_id,
                    size="4",
                    margin="0",
                    class_name="truncate",
                    title=sheet.product_id,
                    custom_attrs={"trim": "normal"},
                ),
                state_badge(sheet.state),
                min_width="0",
            ),
            rx.cond(sheet.title != "", muted(sheet.title, class_name="truncate", as_="p")),
            flex="1",
            min_width="0",
        ),
        _step("chevron-up", "Previous output", sheet.previous_id),
        _step("chevron-down", "Next output", sheet.next_id),
        rx.dialog.close(
            rx.icon_button(rx.icon("x", size=18), variant="ghost", color_scheme="gray", aria_label="Close", margin="0")
        ),
        gap="2",
        class_name="sheet-head",
    )


def _step(icon: str, label: str, target: rx.Var[int]) -> rx.Component:
    return rx.icon_button(
        rx.icon(icon, size=18),
        on_click=OutputsState.open_sheet(target),
        disabled=target == 0,
        variant="ghost",
        color_scheme="gray",
        aria_label=label,
        title=label,
        margin="0",
    )


def _pictures() -> rx.Component:
    return rx.el.div(
        _picture("Original", OutputsState.original, sheet.original_size, "The original cannot be shown."),
        _picture("Result", OutputsState.picture, sheet.size, "There is no picture."),
        class_name="sheet-pictures",
    )


def _picture(label: str, address: rx.Var[str], size: rx.Var[str], missing: str) -> rx.Component:
    return rx.el.figure(
        rx.el.figcaption(rx.text(label, size="2", weight="medium", as_="span"), muted(size, as_="span")),
        rx.cond(
            address != "",
            rx.el.a(
                reporting_image(
                    src=address,
                    alt=label + " of product " + sheet.product_id,
                    key=address,
                    on_error=OutputsState.picture_is_missing,
                ),
                href=address,
                reload_document=True,
                target="_blank",
                rel="noopener",
                class_name="sheet-picture checkered",
                title="Open in full size",
            ),
            rx.el.div(
                rx.icon("image-off", size=20), rx.text(missing, size="2"), class_name="sheet-picture sheet-missing"
            ),
        ),
    )


def _facts() -> rx.Component:
    rendered = rx.cond(sheet.rendered_at != "", fact("Rendered", when(sheet.rendered_at)))
    return facts(
        rx.cond(sheet.picture != "", rx.fragment(fact("File", sheet.format + " · " + sheet.weight), rendered)),
        rx.cond(sheet.image_link != "", fact("Image link", web_value(sheet.image_link, sheet.image_address))),
    )


def _data() -> rx.Component:
    return rx.cond(
        sheet.fields.length() > 0,
        rx.box(
            rx.heading("Product data", as_="h3", size="2", weight="medium", margin_bottom="var(--space-2)"),
            facts(rx.foreach(sheet.fields, lambda field: fact(field.name, field.value))),
        ),
    )


def _foot() -> rx.Component:
    return rx.flex(
        rx.button(
            rx.icon("trash-2", size=14),
            "Delete",
            id=DELETE_ID,
            on_click=OutputsState.set_confirming_one(True),
            color_scheme="red",
            variant="soft",
            margin_right="auto",
        ),
        rx.button(
            rx.icon("refresh-cw", size=14),
            "Render again",
            on_click=DetailsState.render_again(sheet.id),
            loading=DetailsState.asking == "again",
            disabled=DetailsState.asking != "",
            variant="soft",
        ),
        rx.cond(
            sheet.download != "",
            rx.button(
                rx.el.a(
                    rx.icon("download", size=14),
                    "Download",
                    href=sheet.download,
                    reload_document=True,  # the browser downloads it; the router would look for a page
                    download=True,
                ),
                as_child=True,
            ),
        ),
        spacing="2",
        class_name="sheet-foot",
    )
