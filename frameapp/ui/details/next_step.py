"""The button that makes a frame's outputs, or leads to what they still need."""

import reflex as rx

from frameapp.ui.components.link_button import link_button
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.state import DetailsState


def next_step() -> rx.Component:
    """Start a run where the product has its place in the frame, else set it."""
    return rx.cond(
        FrameState.placed,
        rx.button("Generate Images", on_click=DetailsState.run_again, loading=DetailsState.asking == "run"),
        link_button("Preview & Edit", href=FrameState.preview_address),
    )
