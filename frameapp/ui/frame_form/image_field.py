"""The drop zone of the frame image."""

from typing import Any

import reflex as rx
from reflex.experimental import ClientStateVar
from reflex.vars import VarData

from frameapp.core.render import formats
from frameapp.services.images import LARGEST_IMAGE
from frameapp.ui.components import layout
from frameapp.ui.components.form_field import problem
from frameapp.ui.components.messages import info_callout, warning_callout
from frameapp.ui.components.text import muted
from frameapp.ui.frame_form.state import IMAGE_FIELD
from frameapp.ui.frame_form.state import FrameFormState as State

UPLOAD = "frame-image"
# Why the browser took none of what was dropped; its event holds the files too, which must not be sent to be refused.
REASONS = "_ev_0.flatMap((rejection) => rejection.errors.map((error) => error.code))"
ACCEPTED = {known.media_type: [f".{ending}" for ending in known.extensions] for known in formats.frame_images()}
ASKED = f"{formats.listed(formats.frame_images())}, up to 20 MB and 40 megapixels."

sent = ClientStateVar.create("frame_image_sent", 0)  # per cent


def image_field() -> rx.Component:
    return rx.box(
        rx.text("Frame image", as_="div", class_name="field-label"),
        _labelled(
            rx.cond(State.image.url != "", _picture(), _invitation()),
            id=UPLOAD,
            multiple=False,
            max_files=1,
            accept=ACCEPTED,
            max_size=LARGEST_IMAGE,
            on_drop=[
                State.expect_image(rx.Var("_ev_0.length").to(int)),
                State.upload(rx.upload_files(upload_id=UPLOAD, on_upload_progress=_sent_so_far)),
            ],
            on_drop_rejected=State.refuse(rx.Var(REASONS).to(list[str])),
            class_name="drop-zone",
            border="1px dashed var(--gray-a7)",
            padding="var(--space-3)",
            drag_active_style={"borderColor": "var(--accent-9)", "background": "var(--accent-a3)"},
            custom_attrs={"role": "button"},
        ),
        muted(
            rx.cond(State.image.facts != "", State.image.facts, ASKED), size="1", as_="div", margin_top="var(--space-1)"
        ),
        rx.cond(State.uploading, _watch()),
        problem("image", State.errors),
        rx.cond(
            State.image.window != "", rx.box(info_callout(State.image.window, icon="scan"), margin_top="var(--space-3)")
        ),
        rx.cond(
            State.warns_of_placement,
            rx.box(
                warning_callout("The frame image is new: after saving, set the placement again."),
                margin_top="var(--space-3)",
            ),
        ),
        id=IMAGE_FIELD,
        tab_index=-1,  # takes the focus where the image is missing; the drop zone is next
    )


def _sent_so_far(progress: rx.Var[dict[str, float]]) -> Any:
    return sent.set_value(rx.Var(f"Math.round(100 * {progress}.progress)"))


def _watch() -> rx.Component:
    """Asks the browser twice a second whether it still sends; Reflex does not report a failed upload."""
    sending = rx.Var(
        f'(refs["__upload_controllers_{UPLOAD}"] !== undefined)', _var_data=VarData(imports={"$/utils/state": "refs"})
    ).to(bool)
    return rx.box(rx.moment(interval=500, on_change=lambda _: State.note_sending(sending)), display="none")


def _uploading() -> rx.Component:
    return rx.text("Uploading… ", sent.value.to(int), " %", size="2", weight="medium", role="status")


def _labelled(*children: rx.Component, **props: Any) -> rx.Component:
    """A drop zone whose file input has a name; Reflex gives it none (docs/decisions/0006)."""
    upload = rx.upload(*children, **props)
    zone = upload.children[0]
    zone.children[0].custom_attrs = {"aria-label": "Frame image"}
    return upload


def _invitation() -> rx.Component:
    return layout.column(
        rx.cond(State.uploading, rx.spinner(size="3"), rx.icon("image-plus", size=28, color="var(--gray-9)")),
        rx.cond(
            State.uploading,
            _uploading(),
            rx.text("Drop the frame image here, or choose a file", size="2", weight="medium"),
        ),
        align="center",
        justify="center",
        gap="2",
        height="100%",
    )


def _picture() -> rx.Component:
    return rx.box(
        rx.el.img(
            src=State.image.url,
            alt="The frame image",
            width=State.image.width.to_string(),
            height=State.image.height.to_string(),
            class_name="drop-zone-picture checkered",
        ),
        layout.row(
            rx.cond(State.uploading, rx.spinner(), rx.icon("replace", size=14)),
            rx.cond(State.uploading, _uploading(), "To replace it, drop another picture or choose a file"),
            justify="center",
            gap="2",
            class_name="drop-zone-replace",
        ),
        class_name="drop-zone-filled",
    )
