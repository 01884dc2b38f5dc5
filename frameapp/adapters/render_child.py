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
from frameapp.core.render import DesignRenderer, FrameImage, Rendered, frame_png, inspect_frame, thumbnail, trimmed
from frameapp.core.render.steps.scene import Assets
from frameapp.core.render.text.font_file import read_font
from frameapp.errors import PictureError

DESIGNS_KEPT = 4
PIXELS_KEPT = 40_000_000  # of their canvases, which take about sixteen bytes each with what is kept of them


class Child:
    """Answers one message after the other; keeps the last few designs, and images decoded for the designs to come."""

    def __init__(self) -> None:
        self._renderers: OrderedDict[str, DesignRenderer] = OrderedDict()
        self._files: dict[str, bytes] = {}
        self._images: dict[str, FrameImage] = {}

    def answer(self, head: dict[str, Any], blobs: list[bytes], _: Tell) -> Answer:
        """The answer to one message. Raises our errors, or ValueError for an unknown order."""
        match head["do"]:
            case "design":
                stored = StoredDesign(head["text"], tuple(head["assets"]))
                return self._keep(stored, dict(zip(head["files"], blobs, strict=True)))
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

    def _keep(self, stored: StoredDesign, files: dict[str, bytes]) -> Answer:
        """Keeps a design, or says which of its assets have to be sent with it."""
        self._files |= files
        lacking = [asset for asset in stored.assets if asset not in self._files]
        if lacking:
            return {"lacking": lacking}, ()
        assets = Assets({asset: self._files[asset] for asset in stored.assets}, self._images)
        try:
            self._renderers[stored.key] = DesignRenderer(stored.read(assets.size_of), assets)
            while len(self._renderers) > 1 and (len(self._renderers) > DESIGNS_KEPT or self._pixels() > PIXELS_KEPT):
                self._renderers.popitem(last=False)
        finally:
            self._drop_unused()
        return {}, ()

    def _pixels(self) -> int:
        return sum(size.width * size.height for one in self._renderers.values() for size in one.design.sizes)

    def _drop_unused(self) -> None:
        """Forgets the files and images that no kept design uses."""
        used = {asset for one in self._renderers.values() for asset in one.design.assets()}
        for kept in (self._files, self._images):
            for asset in kept.keys() - used:
                del kept[asset]

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
