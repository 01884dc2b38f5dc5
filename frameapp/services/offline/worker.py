"""One worker process of a folder: fetches, renders and writes what it is asked for over its pipe.

It holds a render child of its own, so that strangers' pictures are decoded one process further away.
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from frameapp.adapters.fetch import Fetcher
from frameapp.adapters.malloc import keep_memory
from frameapp.adapters.render_process import MODULE, SECONDS, Renderer
from frameapp.core.design.content import MAIN_PICTURE, Content, content_of
from frameapp.core.design.model import read_design
from frameapp.core.design.stored import StoredDesign
from frameapp.core.design.upgrades import MAIN
from frameapp.core.render import Rendered
from frameapp.core.values import Context
from frameapp.errors import FetchError, PictureError, StartError, TookTooLong
from frameapp.services.offline.files import written_whole
from frameapp.services.pulse import Pulse
from frameapp.settings import Settings

log = logging.getLogger(__name__)

PICTURES = "pictures"  # the folder's folder of pictures
TRIES = 3  # of a picture that takes too long: the first may be the machine's fault
AGAIN_SECONDS = 1.0  # before another
UNEXPECTED = "This picture failed unexpectedly; see the log."


@dataclass(frozen=True, slots=True)
class Job:
    """What all pictures of a folder share: the design, its assets by their SHA-256, and where they go.

    ``sizes`` are the keys of those to make, the feed's own one first; ``context`` is the market of a design's texts.

    ``seconds`` is the time one picture may take, ``module`` what the render children run.
    """

    settings: Settings
    design: StoredDesign
    assets: Mapping[str, bytes]
    folder: Path
    sizes: tuple[str, ...] = (MAIN,)
    context: Context | None = None
    seconds: float = SECONDS
    module: str = MODULE

    def pictures_of(self, size: str) -> str:
        """The folder's folder of a size's pictures: one of its own where there are several sizes."""
        return f"{PICTURES}/{size}" if len(self.sizes) > 1 else PICTURES


class Order(NamedTuple):
    """One product to render; ``number`` comes back with its answer. ``product`` has the fields that the design uses."""

    number: int
    image_link: str
    product: dict[str, str | list[str]] | None = None


class Ready(NamedTuple):
    """The worker has started and takes orders."""


class Made(NamedTuple):
    """What became of one size: a file, by its path in the folder, or the reason why there is none."""

    size: str
    file: str = ""
    reason: str = ""


class Answer(NamedTuple):
    """What became of an order: each size, or the reason why there is none. ``notes`` are kinds and sentences."""

    number: int
    made: tuple[Made, ...] = ()
    reason: str = ""
    notes: tuple[tuple[str, str], ...] = ()


class Hopeless(NamedTuple):
    """No order can be answered, and why."""

    sentence: str


def main(connection: Connection, job: Job) -> None:
    """Answer orders until the other end of the pipe closes."""
    keep_memory()
    asyncio.run(_Worker(connection, job).work())


class _Worker:
    def __init__(self, connection: Connection, job: Job) -> None:
        self.connection = connection
        self.job = job
        self.fetcher = Fetcher(job.settings)
        self.renderer = Renderer(seconds=job.seconds, module=job.module)
        self.pulse = Pulse()
        self.design = read_design(json.loads(job.design.text)) if job.context else None
        # Two threads keep the one render child busy: while one waits for it, the other hashes and writes.
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="render")
        self.tasks: set[asyncio.Task[None]] = set()
        self.closed = asyncio.Event()

    async def work(self) -> None:
        """Answer until the pipe closes."""
        self._send(Ready())  # before the first order, so that a death by an order is none at the start
        with self.pulse.beating():
            asyncio.get_running_loop().add_reader(self.connection.fileno(), self._receive)
            try:
                await asyncio.to_thread(self.renderer.start)
            except StartError as error:
                self._send(Hopeless(str(error)))
            await self.closed.wait()
        for task in self.tasks:
            task.cancel()
        self.threads.shutdown(wait=False, cancel_futures=True)
        await self.fetcher.aclose()
        self.renderer.close()

    def _receive(self) -> None:
        try:
            order = self.connection.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self.connection.fileno())
            self.closed.set()
            return
        task = asyncio.create_task(self._answer(order))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _send(self, message: Ready | Answer | Hopeless) -> None:
        try:
            self.connection.send(message)
        except OSError:  # nobody listens any more
            self.closed.set()

    async def _answer(self, order: Order) -> None:
        try:
            self._send(await self._answer_to(order))
        except (FetchError, PictureError) as error:
            self._send(Answer(order.number, reason=str(error)))
        except StartError as error:
            self._send(Hopeless(str(error)))
        except Exception:  # the boundary of one product
            log.exception("The picture at %s failed unexpectedly.", order.image_link)
            self._send(Answer(order.number, reason=UNEXPECTED))

    async def _answer_to(self, order: Order) -> Answer:
        """The finished pictures. What was late is tried again; where this process stood still, it is no try."""
        loop = asyncio.get_running_loop()
        content = self._content(order)
        tries = 0
        while True:
            began = time.monotonic()
            try:
                found = await asyncio.gather(*(self.fetcher.picture(link) for link in content.pictures.values()))
                pictures = {key: one.data for key, one in zip(content.pictures, found, strict=True)}
                return await loop.run_in_executor(self.threads, self._render, order.number, pictures, content)
            except (FetchError, PictureError) as error:
                if not self.pulse.excuses(error, began):
                    tries += 1
                    if tries == TRIES or not isinstance(error, TookTooLong):
                        raise
                log.warning("The picture at %s is tried again: %s", order.image_link, error)
            await asyncio.sleep(AGAIN_SECONDS)

    def _content(self, order: Order) -> Content:
        if self.design is None or self.job.context is None or order.product is None:
            return Content(pictures={MAIN_PICTURE: order.image_link})
        return content_of(self.design, order.product, self.job.context)

    def _render(self, number: int, pictures: Mapping[str, bytes], content: Content) -> Answer:
        job = self.job
        results = self.renderer.render(
            pictures, content, design=job.design, load_asset=job.assets.__getitem__, sizes=job.sizes
        )
        notes = [(warning.kind.value, str(warning)) for warning in content.warnings]
        made = []
        for size in job.sizes:
            result = results[size]
            if isinstance(result, PictureError):
                made.append(Made(size, reason=str(result)))
            else:
                notes += [(note.kind.value, str(note)) for note in result.notes]
                made.append(Made(size, self._written(size, result)))
        return Answer(number, tuple(made), notes=tuple(dict.fromkeys(notes)))

    def _written(self, size: str, rendered: Rendered) -> str:
        # Named by its bytes: another picture has another address, so that no cache on the way shows an old one.
        name = hashlib.sha256(rendered.data).hexdigest()[:40]
        file = f"{self.job.pictures_of(size)}/{name}.{rendered.format.extension}"
        try:
            with written_whole(self.job.folder / file) as target:
                target.write(rendered.data)
        except OSError as error:
            raise StartError(f"The pictures cannot be written to {self.job.folder}: {error.strerror}.") from error
        return file
