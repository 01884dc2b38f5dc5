"""The process that decodes strangers' pictures: started by ``Renderer``, imports nothing of ours but ``core``.

It ends when the renderer's end of the socket closes, or when one picture takes longer than it may.
"""

import json
import sys
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from frameapp.adapters.child_main import Answer, Tell, serve
from frameapp.adapters.malloc import keep_memory
from frameapp.core.design.recipe import Recipe
from frameapp.core.render import FrameImage, frame_png, inspect_frame, load_frame, render, thumbnail, trimmed

FRAMES_KEPT = 4


class Child:
    """Answers one message after the other; keeps the last few frame images decoded."""

    def __init__(self) -> None:
        self._frames: OrderedDict[str, FrameImage] = OrderedDict()
        self._recipes: dict[str, Recipe] = {}

    def answer(self, head: dict[str, Any], blobs: list[bytes], _: Tell) -> Answer:
        """The answer to one message. Raises our errors, or ValueError for an unknown order."""
        match head["do"]:
            case "frame":
                return self._keep(head["frame"], load_frame(blobs[0]))
            case "render":
                return self._render(head["frame"], head["recipe"], blobs[0])
            case "inspect":
                return {"facts": asdict(inspect_frame(blobs[0]))}, ()
            case "frame png":
                return {}, (frame_png(blobs[0]),)
            case "thumbnail":
                return {}, (thumbnail(blobs[0], head["longest"]),)
            case "trim":
                return {}, (trimmed(blobs[0], head["longest"]),)
            case unknown:
                raise ValueError(unknown)

    def _keep(self, digest: str, frame: FrameImage) -> Answer:
        self._frames[digest] = frame
        while len(self._frames) > FRAMES_KEPT:
            self._frames.popitem(last=False)
        return {}, ()

    def _render(self, digest: str, recipe: str, source: bytes) -> Answer:
        frame = self._frames.get(digest)
        if frame is None:
            return {"failed": "unknown frame"}, ()
        self._frames.move_to_end(digest)
        rendered = render(source, frame, self._recipe(recipe))
        facts = {
            "format": rendered.format.name,
            "width": rendered.width,
            "height": rendered.height,
            "pixels_digest": rendered.pixels_digest,
            "source": asdict(rendered.source),
        }
        return {"rendered": facts}, (rendered.data,)

    def _recipe(self, text: str) -> Recipe:
        if text not in self._recipes:
            if len(self._recipes) > 100:
                self._recipes.clear()
            self._recipes[text] = Recipe.from_json(json.loads(text))
        return self._recipes[text]


def main(descriptor: int, memory_mb: int, seconds: float) -> None:
    """Serve until the other end closes."""
    keep_memory()
    serve(Child().answer, descriptor, memory_mb, seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
