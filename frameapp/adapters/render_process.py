"""Rendering where a crash costs only itself: one child process that does the decoding.

The child is spawned, not forked. A picture that crashes, stalls or exhausts it raises PictureError; the next picture
finds a new child.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from frameapp.adapters.child_process import Answer, ChildProcess, failure_of
from frameapp.adapters.child_wire import WireClosed
from frameapp.core.design.content import Content
from frameapp.core.design.recipe import Box, Layer
from frameapp.core.design.stored import StoredDesign
from frameapp.core.render import formats
from frameapp.core.render.facts import FontFile, FrameFacts, Note, NoteKind, Rendered, SourceFacts, Window
from frameapp.errors import PictureError, StartError, TookTooLong

log = logging.getLogger(__name__)

SECONDS = 10.0
MEMORY_MB = 1_600
MODULE = "frameapp.adapters.render_child"
T = TypeVar("T")


class _Died(Exception):
    """The child died over this: ``picture`` or ``frame image``."""


class Renderer:
    """Owns one child process and takes turns on it: any thread may call any method.

    ``seconds`` is the time one picture may take, ``memory_mb`` the address space of the child (Linux),
    ``module`` what it runs.
    """

    def __init__(self, *, seconds: float = SECONDS, memory_mb: int = MEMORY_MB, module: str = MODULE) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._module = module
        self._turn = threading.Lock()
        self._child: ChildProcess | None = None
        self._closed = False

    def start(self) -> None:
        """Start the child now, where none runs, so that the first picture need not wait. Raises StartError."""
        with self._turn:
            self._living_child()

    def render(
        self,
        pictures: Mapping[str, bytes],
        content: Content,
        *,
        design: StoredDesign,
        load_asset: Callable[[str], bytes],
        sizes: Collection[str] | None = None,
        spent: Callable[[float], object] | None = None,
    ) -> dict[str, Rendered | PictureError]:
        """``DesignRenderer.render`` in the child; ``load_asset`` is called where the child lacks the design.

        ``spent`` gets the seconds that the child was at it, whatever comes of it; waiting for it does not count.
        Raises PictureError with a sentence for the user where no size can be rendered, Invalid where the design does
        not fit its frame image, TookTooLong where the time was over: the first time that may be the machine's fault.
        """
        order = {
            "do": "render",
            "design": design.key,
            "pictures": list(pictures),
            "texts": dict(content.texts),
            "hidden": sorted(content.hidden),
            "sizes": None if sizes is None else list(sizes),
        }

        def attempt() -> dict[str, Rendered | PictureError]:
            answer, blobs = self._of_design(order, pictures.values(), design, load_asset)
            files_left = iter(blobs)
            return {key: _result(facts, files_left) for key, facts in answer["rendered"].items()}

        return self._twice(attempt, spent)

    def missing(
        self, characters: Mapping[str, str], *, design: StoredDesign, load_asset: Callable[[str], bytes]
    ) -> dict[str, str]:
        """``DesignRenderer.missing`` in the child. Raises PictureError."""
        order = {"do": "missing", "design": design.key, "characters": dict(characters)}
        answer, _ = self._twice(lambda: self._of_design(order, (), design, load_asset))
        return dict(answer["missing"])

    def _of_design(
        self, order: dict[str, Any], blobs: Collection[bytes], design: StoredDesign, load_asset: Callable[[str], bytes]
    ) -> Answer:
        """The answer to an order about a design, which the child gets first where it lacks it."""
        answer, files = self._exchange(order, blobs, "picture")
        if answer.get("failed") == "unknown design":
            kept = {"do": "design", "text": design.text, "assets": design.assets}
            lacking = self._exchange(kept | {"files": []}, (), "frame image")[0].get("lacking", [])
            if lacking:
                self._exchange(kept | {"files": lacking}, map(load_asset, lacking), "frame image")
            answer, files = self._exchange(order, blobs, "picture")
        return answer, files

    def inspect_frame(self, data: bytes) -> FrameFacts:
        """``core.render.inspect_frame`` in the child. Raises PictureError."""
        answer, _ = self._twice(lambda: self._exchange({"do": "inspect"}, [data], "frame image"))
        return _frame_facts(answer["facts"])

    def frame_png(self, data: bytes) -> bytes:
        """``core.render.frame_png`` in the child. Raises PictureError."""
        _, blobs = self._twice(lambda: self._exchange({"do": "frame png"}, [data], "frame image"))
        return blobs[0]

    def font(self, data: bytes) -> FontFile:
        """``font_file.read_font`` in the child. Raises PictureError."""
        answer, blobs = self._twice(lambda: self._exchange({"do": "font"}, [data], "font"))
        return FontFile(answer["name"], blobs[0])

    def thumbnail(self, data: bytes, longest: int) -> bytes:
        """``core.render.thumbnail`` in the child. Raises PictureError."""
        return self._smaller("thumbnail", data, longest)

    def trimmed(self, data: bytes, longest: int) -> bytes:
        """``core.render.trimmed`` in the child. Raises PictureError."""
        return self._smaller("trim", data, longest)

    def _smaller(self, do: str, data: bytes, longest: int) -> bytes:
        _, blobs = self._twice(lambda: self._exchange({"do": do, "longest": longest}, [data], "picture"))
        return blobs[0]

    def close(self) -> None:
        """End the child; later calls raise StartError."""
        with self._turn:
            self._closed = True
            self._drop()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def child_pid(self) -> int | None:
        """The child's process id, None where none runs."""
        return self._child.process.pid if self._child else None

    def _twice(self, attempt: Callable[[], T], spent: Callable[[float], object] | None = None) -> T:
        """``attempt`` by the only thread whose turn it is; once more where the child died.

        Its death may have another cause than the picture: the second child shows which.
        """
        with self._turn, _timed(spent):
            try:
                return attempt()
            except _Died:
                pass
            try:
                return attempt()
            except _Died as death:
                raise PictureError(f"The {death} crashes the decoder: the file is damaged or hostile.") from None

    def _exchange(self, head: dict[str, Any], blobs: Iterable[bytes], what: str) -> Answer:
        child = self._living_child()
        try:
            answer, files = child.exchange(head, blobs, time.monotonic() + self._seconds)
        except (TimeoutError, WireClosed) as error:
            # The child's own alarm rings a second later: it comes first only where we were stopped with it.
            late = isinstance(error, TimeoutError) or child.status() == -signal.SIGALRM
            log.warning("The render process failed over %r: %s.", head["do"], child.end_with_reason(error))
            self._child = None
            if not late:
                raise _Died(what) from None
            raise TookTooLong(f"The {what} took longer than {self._seconds:g} seconds to render.") from None
        return self._checked(answer, what), files

    def _checked(self, answer: dict[str, Any], what: str) -> dict[str, Any]:
        failed = answer.get("failed")
        if failed == "unknown design":
            return answer
        if failed == "memory":
            self._drop()
        failure = failure_of(answer, what, PictureError, done="rendered")
        if failure is not None:
            raise failure
        return answer

    def _living_child(self) -> ChildProcess:
        if self._closed:
            raise StartError("The renderer is closed.")
        if self._child is None:
            self._child = ChildProcess.start(self._module, self._memory_mb, self._seconds + 1)
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


@contextmanager
def _timed(spent: Callable[[float], object] | None) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        if spent is not None:
            spent(time.monotonic() - began)


def picture_of(results: Mapping[str, Rendered | PictureError], size: str) -> Rendered:
    """The picture of one size. Raises PictureError where that is its result."""
    result = results[size]
    if isinstance(result, PictureError):
        raise result
    return result


def _result(facts: dict[str, Any], files: Iterator[bytes]) -> Rendered | PictureError:
    if "reason" in facts:
        return PictureError(facts["reason"])
    source = facts["source"]
    return Rendered(
        data=next(files),
        format=formats.output(facts["format"]),
        width=facts["width"],
        height=facts["height"],
        pixels_digest=facts["pixels_digest"],
        source=SourceFacts(**{**source, "traits": tuple(source["traits"])}),
        notes=tuple(Note(NoteKind(kind), layer, detail) for kind, layer, detail in facts["notes"]),
    )


def _frame_facts(facts: dict[str, Any]) -> FrameFacts:
    window = facts["window"]
    found = Window(box=Box(**window["box"]), layer=Layer(window["layer"])) if window else None
    return FrameFacts(**{**facts, "window": found})
