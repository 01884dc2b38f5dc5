"""The process that decodes strangers' pictures: started by ``Renderer``, imports nothing of ours but ``core``.

It ends when the renderer's end of the socket closes, or when one picture takes longer than it may.
"""

import sys
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from frameapp.adapters.child_main import Answer, Tell, serve
from frameapp.adapters.malloc import keep_memory
from frameapp.core.design.content import Content
from frameapp.core.design.stored import StoredDesign
from frameapp.core.render import DesignRenderer, Rendered, frame_png, inspect_frame, thumbnail, trimmed
from frameapp.core.render.steps.scene import Assets
from frameapp.core.render.text.font_file import read_font
from frameapp.errors import PictureError

DESIGNS_KEPT = 4


class Child:
    """Answers one message after the other; keeps the last few designs with their images decoded."""

    def __init__(self) -> None:
        self._renderers: OrderedDict[str, DesignRenderer] = OrderedDict()

    def answer(self, head: dict[str, Any], blobs: list[bytes], _: Tell) -> Answer:
        """The answer to one message. Raises our errors, or ValueError for an unknown order."""
        match head["do"]:
            case "design":
                return self._keep(StoredDesign(head["text"], tuple(head["assets"])), blobs)
            case "render":
                return self._render(head, blobs)
            case "missing":
                renderer = self._renderers.get(head["design"])
                if renderer is None:
                    return {"failed": "unknown design"}, ()
                return {"missing": renderer.missing(head["characters"])}, ()
            case "inspect":
                return {"facts": asdict(inspect_frame(blobs[0]))}, ()
            case "frame png":
                return {}, (frame_png(blobs[0]),)
            case "font":
                font = read_font(blobs[0])
                return {"name": font.name}, (font.data,)
            case "thumbnail":
                return {}, (thumbnail(blobs[0], head["longest"]),)
            case "trim":
                return {}, (trimmed(blobs[0], head["longest"]),)
            case unknown:
                raise ValueError(unknown)

    def _keep(self, stored: StoredDesign, files: list[bytes]) -> Answer:
        assets = Assets(dict(zip(stored.assets, files, strict=True)))
        self._renderers[stored.key] = DesignRenderer(stored.read(assets.size_of), assets)
        while len(self._renderers) > DESIGNS_KEPT:
            self._renderers.popitem(last=False)
        return {}, ()

    def _render(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        renderer = self._renderers.get(head["design"])
        if renderer is None:
            return {"failed": "unknown design"}, ()
        self._renderers.move_to_end(head["design"])
        content = Content(texts=head["texts"], hidden=frozenset(head["hidden"]))
        results = renderer.render(dict(zip(head["pictures"], blobs, strict=True)), content, head["sizes"])
        files = tuple(one.data for one in results.values() if isinstance(one, Rendered))
        return {"rendered": {key: _facts(one) for key, one in results.items()}}, files


def _facts(result: Rendered | PictureError) -> dict[str, Any]:
    """A result without its bytes."""
    if isinstance(result, PictureError):
        return {"reason": str(result)}
    return {
        "format": result.format.name,
        "width": result.width,
        "height": result.height,
        "pixels_digest": result.pixels_digest,
        "source": asdict(result.source),
        "notes": [[note.kind, note.layer, note.detail] for note in result.notes],
    }


def main(descriptor: int, memory_mb: int, seconds: float) -> None:
    """Serve until the other end closes."""
    keep_memory()
    serve(Child().answer, descriptor, memory_mb, seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
