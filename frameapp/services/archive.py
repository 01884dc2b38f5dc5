"""A ZIP of outputs, made while it is sent: one picture in memory at a time, no database transaction held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import zipstream

from frameapp.core.filenames import UniqueNames, safe_stem
from frameapp.core.render import formats
from frameapp.db import outputs as table
from frameapp.db.owned import owned_frame
from frameapp.errors import Invalid
from frameapp.models import Output
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.outputs import selection

BATCH = 200
MOST_IDS = 10_000
TOO_MANY = f"At most {MOST_IDS:,} outputs can be selected one by one; select all of them instead."
MISSING_NAME = "_missing.txt"


@dataclass(frozen=True, slots=True)
class Archive:
    """A ZIP file's name and its bytes, made as they are read."""

    name: str
    chunks: Iterator[bytes]


def archive(
    app: Application,
    viewer: Viewer,
    frame_id: int,
    *,
    ids: Sequence[int] | None = None,
    search: str = "",
    state: str = "",
) -> Archive:
    """The pictures of these outputs, or of the selection, in constant memory; unreadable ones are listed inside."""
    if ids is not None and len(ids) > MOST_IDS:
        raise Invalid(TOO_MANY, field="ids")
    chosen = selection(frame_id, search, state)
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
    parts = _named(app, frame_id, sorted(set(ids))) if ids is not None else table.parts(app.database, chosen, BATCH)
    return Archive(f"{safe_stem(frame.name, fallback='outputs')}.zip", _chunks(app, chain.from_iterable(parts)))


def _named(app: Application, frame_id: int, ids: Sequence[int]) -> Iterator[list[Output]]:
    for start in range(0, len(ids), BATCH):
        with app.database.read() as session:
            found = table.with_ids(session, frame_id, ids[start : start + BATCH])
        yield found


def _chunks(app: Application, outputs: Iterator[Output]) -> Iterator[bytes]:
    stream, names = zipstream.ZipStream(), UniqueNames()
    missing: list[str] = []
    for output in outputs:
        if not output.key:
            continue
        data = app.storage.get(output.key)
        if data is None:
            missing.append(output.product_id)
            continue
        stream.add(data, names.take(safe_stem(output.product_id), formats.output(output.format).extension))
        yield from stream.all_files()
    if missing:
        stream.add("These pictures could not be read:\n" + "\n".join(missing) + "\n", MISSING_NAME)
    yield from stream.finalize()
