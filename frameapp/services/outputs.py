"""Outputs: read page by page, looked at, downloaded, deleted. All by the viewer's own frames."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from frameapp.core.filenames import safe_stem
from frameapp.core.render import formats
from frameapp.db import generations
from frameapp.db import outputs as table
from frameapp.db.engine import after_commit
from frameapp.db.outputs import OutputSort, Selection
from frameapp.db.owned import owned_frame, owned_output
from frameapp.db.paging import FIRST, Page, clean_search, one_of
from frameapp.db.paging import Asked as Asked  # pages take it from here
from frameapp.db.work import sliced
from frameapp.errors import Invalid, NotFound
from frameapp.models import Frame, Output, OutputState, Product
from frameapp.services import audit, runs, thumbnails
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application

PAGE_SIZES = (10, 25, 50, 100)
LARGEST_PAGE = 100
DELETE_BATCH = 500
LARGEST_ID = 2**31  # ids are below: what PostgreSQL's integer holds


@dataclass(frozen=True, slots=True)
class OutputRow:
    """An output as lists show it. ``key_tail`` names its picture in addresses; empty where there is none."""

    id: int
    frame_id: int
    product_ref: int
    product_id: str
    title: str
    state: str
    reason: str
    key_tail: str
    width: int
    height: int
    size_bytes: int
    format: str
    rendered_at: datetime | None

    @property
    def picture_path(self) -> str:
        """Where its picture is served; empty where there is none."""
        return f"/files/output/{self.id}/{self.key_tail}" if self.key_tail else ""

    @property
    def thumbnail_path(self) -> str:
        """Where its small picture is served; empty where there is none."""
        return f"/files/thumb/{self.id}/{self.key_tail}" if self.key_tail else ""

    @property
    def download_path(self) -> str:
        """Where it is downloaded; empty where there is none."""
        return f"/frame/{self.frame_id}/outputs/{self.id}/download" if self.key_tail else ""


OutputPage = Page[OutputRow]


@dataclass(frozen=True, slots=True)
class OutputDetail:
    """An output with its product: what the side sheet shows."""

    row: OutputRow
    image_link: str
    source_width: int
    source_height: int
    data: dict[str, str]
    previous_id: int
    next_id: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Where an output's picture is stored, and what it is."""

    key: str
    format: str
    name: str


def selection(frame_id: int, search: str = "", state: str = "") -> Selection:
    """A selection from what a user typed. Raises Invalid for a state that there is not."""
    if state and state not in set(OutputState):
        raise Invalid("There is no such state.", field="state")
    return Selection(frame_id, clean_search(search), state)


def page(app: Application, viewer: Viewer, frame_id: int, asked: Asked = FIRST) -> OutputPage:
    """One page of the frame's outputs, in the state ``asked.chosen`` or in any."""
    chosen, size = selection(frame_id, asked.search, asked.chosen), max(1, min(asked.size, LARGEST_PAGE))
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        found = table.page(session, chosen, replace(asked, size=size))
        return Page(_rows(session, found.rows), found.next_key, found.previous_key)


def counts(app: Application, viewer: Viewer, frame_id: int, *, search: str = "") -> dict[str, int]:
    """How many of the frame's outputs that match the search are in each state."""
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        return table.counts(session, selection(frame_id, search))


def any_picture(app: Application, viewer: Viewer, frame_id: int, *, search: str = "", state: str = "") -> bool:
    """Whether a ZIP of the selection would hold a picture."""
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        return table.any_picture(session, selection(frame_id, search, state))


def refreshed(app: Application, viewer: Viewer, frame_id: int, ids: Sequence[int], asked: Asked = FIRST) -> OutputPage:
    """The page that shows these outputs, as they are now and in their places; where some are gone, more follow."""
    chosen, order = selection(frame_id, asked.search, asked.chosen), _order(asked)
    size = max(1, min(asked.size, LARGEST_PAGE))
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        kept = table.with_ids(session, frame_id, ids[:LARGEST_PAGE])
        edge, lacking = table.key_of(kept[-1], order) if kept else "", max(0, size - len(kept))
        following = table.page(session, chosen, Asked(sort=order, after=edge, size=lacking + 1)).rows
        known = {output.id for output in kept}
        shown = kept + [output for output in following if output.id not in known][:lacking]
        if not shown:
            return Page([], "", "")
        start, end = table.key_of(shown[0], order), table.key_of(shown[-1], order)
        before, after = _neighbours(session, chosen, order, start, end)
        return Page(_rows(session, shown), end if after else "", start if before else "")


def slice_of(
    app: Application, viewer: Viewer, frame_id: int, *, start: int, length: int, search: str
) -> tuple[list[OutputRow], int, int]:
    """Outputs by number in feed order, how many there are, and how many match the search."""
    chosen = selection(frame_id, search)
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        total = sum(table.counts(session, Selection(frame_id)).values())
        matching = sum(table.counts(session, chosen).values()) if chosen.search else total
        found = table.slice_of(session, chosen, start=max(0, start), length=max(1, min(length, LARGEST_PAGE)))
        return _rows(session, found), total, matching


def detail(app: Application, viewer: Viewer, output_id: int, asked: Asked = FIRST) -> OutputDetail:
    """An output with its product, and the ids of its neighbours in that selection (0: none)."""
    order = _order(asked)
    with app.database.read() as session:
        output = owned_output(session, viewer.workspace_ids, output_id)
        product = session.get_one(Product, output.product_ref)
        chosen, key = selection(output.frame_id, asked.search, asked.chosen), table.key_of(output, order)
        before, after = _neighbours(session, chosen, order, key, key)
        return OutputDetail(
            row=_row(output, product.title),
            image_link=product.image_link,
            source_width=product.source_width,
            source_height=product.source_height,
            data={str(name): _in_lines(value) for name, value in product.data.items()},
            previous_id=before[0].id if before else 0,
            next_id=after[0].id if after else 0,
        )


def _order(asked: Asked) -> OutputSort:
    return one_of(OutputSort, asked.sort or OutputSort.FEED)


def _neighbours(
    session: Session, chosen: Selection, order: OutputSort, start: str, end: str
) -> tuple[list[Output], list[Output]]:
    """The output before ``start`` and the one after ``end``, where there are such."""
    before = table.page(session, chosen, Asked(sort=order, before=start, size=1)).rows
    return before, table.page(session, chosen, Asked(sort=order, after=end, size=1)).rows


def _in_lines(value: object) -> str:
    """A field's value as text, each of several in a line of its own."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def picture(app: Application, viewer: Viewer, output_id: int, *, frame_id: int | None = None) -> Picture:
    """The output's picture. Raises NotFound where it has none, or ``frame_id`` is not its frame."""
    with app.database.read() as session:
        output = owned_output(session, viewer.workspace_ids, output_id)
        if not output.key or frame_id not in (None, output.frame_id):
            raise NotFound
        return Picture(
            output.key, output.format, f"{safe_stem(output.product_id)}.{formats.output(output.format).extension}"
        )


def picture_bytes(app: Application, found: Picture) -> bytes:
    """The picture's bytes. Raises NotFound where the storage has lost it."""
    data = app.storage.get(found.key)
    if data is None:
        raise NotFound
    return data


def present(app: Application, viewer: Viewer, frame_id: int, ids: Sequence[int]) -> list[int]:
    """Those of these outputs of the frame that are still there."""
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        return [output.id for part in sliced(ids, DELETE_BATCH) for output in table.with_ids(session, frame_id, part)]


def frame_of(app: Application, viewer: Viewer, frame_id: int) -> Frame:
    """The frame, where it is the viewer's."""
    with app.database.read() as session:
        return owned_frame(session, viewer.workspace_ids, frame_id)


def delete(app: Application, viewer: Viewer, frame_id: int, ids: Sequence[int]) -> int:
    """Delete these outputs of the frame with their pictures. Returns how many went."""
    return sum(deleting(app, viewer, frame_id, ids=ids))


def deleting(
    app: Application,
    viewer: Viewer,
    frame_id: int,
    *,
    ids: Sequence[int] | None = None,
    search: str = "",
    state: str = "",
) -> Iterator[int]:
    """Delete these outputs, or the selection, in short transactions, one for each count that is asked for."""
    frame_of(app, viewer, frame_id)  # asked with each part too, of which there may be none
    if ids is not None:
        for part in sliced(ids, DELETE_BATCH):
            yield _delete_batch(app, viewer, frame_id, part)
        return
    for found in table.parts(app.database, selection(frame_id, search, state), DELETE_BATCH):
        yield _delete_batch(app, viewer, frame_id, [output.id for output in found])


def _delete_batch(app: Application, viewer: Viewer, frame_id: int, ids: Sequence[int]) -> int:
    with app.database.write() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        generations.newest_run(session, frame_id, lock=True)  # one that is published next sees what is left
        mine = [output.id for output in table.with_ids(session, frame_id, ids)]
        if mine:
            audit.record(
                session, audit.Action.OUTPUTS_DELETED, viewer=viewer, subject=frame.name, detail=f"{len(mine)}"
            )
        unnamed = runs.forget_outputs(session, frame_id, mine)
        # A generation may name it, or a run in progress may just have stored the same picture again: then the
        # sweep collects it, or not.
        if not (table.has_active_run(session, frame_id) or generations.of_frame(session, frame_id)):
            after_commit(session, lambda: app.storage.delete(*unnamed, *map(thumbnails.place_of, unnamed)))
    return len(mine)


def _rows(session: Session, outputs: Sequence[Output]) -> list[OutputRow]:
    titles = table.titles(session, outputs)
    return [_row(output, titles.get(output.product_ref, "")) for output in outputs]


def _row(output: Output, title: str) -> OutputRow:
    return OutputRow(
        id=output.id,
        frame_id=output.frame_id,
        product_ref=output.product_ref,
        product_id=output.product_id,
        title=title,
        state=output.state,
        reason=output.reason,
        key_tail=output.key.rpartition("/")[2],
        width=output.width,
        height=output.height,
        size_bytes=output.size_bytes,
        format=output.format,
        rendered_at=output.rendered_at,
    )
