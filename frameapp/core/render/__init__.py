"""Pictures: source bytes, a frame and a recipe -> a finished picture. Pure: no settings, clock, network or database."""

from frameapp.core.render.compose import check, output_size, render
from frameapp.core.render.facts import FrameFacts, Rendered, SourceFacts, Window
from frameapp.core.render.frame import MAX_FRAME_BYTES, MAX_FRAME_PIXELS, FrameImage, load_frame
from frameapp.core.render.recipe import (
    Anchor,
    Box,
    Encoder,
    Fit,
    Layer,
    Recipe,
    first_placement,
    fit_inside,
)
from frameapp.core.render.source import MAX_SOURCE_BYTES, MAX_SOURCE_PIXELS
from frameapp.core.render.thumbnail import thumbnail, trimmed
from frameapp.core.render.window import inspect_frame

__all__ = [
    "MAX_FRAME_BYTES",
    "MAX_FRAME_PIXELS",
    "MAX_SOURCE_BYTES",
    "MAX_SOURCE_PIXELS",
    "Anchor",
    "Box",
    "Encoder",
    "Fit",
    "FrameFacts",
    "FrameImage",
    "Layer",
    "Recipe",
    "Rendered",
    "SourceFacts",
    "Window",
    "check",
    "first_placement",
    "fit_inside",
    "inspect_frame",
    "load_frame",
    "output_size",
    "render",
    "thumbnail",
    "trimmed",
]
