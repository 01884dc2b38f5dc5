"""Pictures: source bytes, a frame and a recipe -> a finished picture. Pure: no settings, clock, network or database.

The names load on first use, so that a process that only knows the formats does without the picture libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frameapp.core.render.designs import DesignRenderer
    from frameapp.core.render.facts import FrameFacts, Rendered, SourceFacts, Window
    from frameapp.core.render.frame import MAX_FRAME_BYTES, MAX_FRAME_PIXELS, FrameImage, frame_png, load_frame
    from frameapp.core.render.framing import Framing, render
    from frameapp.core.render.source import MAX_SOURCE_BYTES, MAX_SOURCE_PIXELS
    from frameapp.core.render.thumbnails import thumbnail, trimmed
    from frameapp.core.render.window import inspect_frame

_HOMES = {
    "designs": ("DesignRenderer",),
    "framing": ("Framing", "render"),
    "facts": ("FrameFacts", "Rendered", "SourceFacts", "Window"),
    "frame": ("MAX_FRAME_BYTES", "MAX_FRAME_PIXELS", "FrameImage", "frame_png", "load_frame"),
    "source": ("MAX_SOURCE_BYTES", "MAX_SOURCE_PIXELS"),
    "thumbnails": ("thumbnail", "trimmed"),
    "window": ("inspect_frame",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = [
    "MAX_FRAME_BYTES",
    "MAX_FRAME_PIXELS",
    "MAX_SOURCE_BYTES",
    "MAX_SOURCE_PIXELS",
    "DesignRenderer",
    "FrameFacts",
    "FrameImage",
    "Framing",
    "Rendered",
    "SourceFacts",
    "Window",
    "frame_png",
    "inspect_frame",
    "load_frame",
    "render",
    "thumbnail",
    "trimmed",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
