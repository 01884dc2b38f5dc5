"""Outputs as the table, the gallery and the side sheet show them."""

from dataclasses import dataclass, field

from frameapp.models import OutputState
from frameapp.services.outputs import OutputDetail, OutputRow
from frameapp.services.sources import SAMPLE_LINK
from frameapp.ui.components.filters import Filter
from frameapp.ui.links import backend, web_link
from frameapp.ui.words import number, pixels, weight

LONGEST_VALUE = 600
MOST_VALUES = 60


@dataclass(frozen=True)
class Row:
    """One output of a list."""

    id: int = 0
    product_id: str = ""
    title: str = ""
    state: str = ""
    reason: str = ""
    thumbnail: str = ""
    size: str = ""
    weight: str = ""
    rendered_at: str = ""


@dataclass(frozen=True)
class Value:
    """A field of the product's data."""

    name: str
    value: str


@dataclass(frozen=True)
class Sheet(Row):
    """One output beside its original."""

    picture: str = ""
    download: str = ""
    format: str = ""
    original: str = ""
    original_size: str = ""
    image_link: str = ""
    image_address: str = ""  # of the image link, where it leads somewhere
    fields: list[Value] = field(default_factory=list)
    previous_id: int = 0
    next_id: int = 0


def row_view(row: OutputRow) -> Row:
    """The row of a list."""
    return Row(
        id=row.id,
        product_id=row.product_id,
        title=row.title,
        state=row.state,
        reason=row.reason if row.state == OutputState.FAILED else "",
        thumbnail=backend(row.thumbnail_path) if row.thumbnail_path else "",
        size=pixels(row.width, row.height),
        weight=weight(row.size_bytes) if row.key_tail else "",
        rendered_at=row.rendered_at.isoformat() if row.rendered_at else "",
    )


def filter_views(counts: dict[str, int], chosen: str) -> list[Filter]:
    """All, done and failed always; the others where there are some, or they are chosen."""
    always = {OutputState.DONE.value, OutputState.FAILED.value, chosen}
    shown = [state.value for state in OutputState if counts.get(state.value) or state.value in always]
    return [
        Filter("", "All", number(sum(counts.values()))),
        *(Filter(state, state.capitalize(), number(counts.get(state, 0))) for state in shown),
    ]


def sheet_view(detail: OutputDetail) -> Sheet:
    """The side sheet of an output."""
    row, sample = detail.row, detail.image_link.startswith(SAMPLE_LINK)
    return Sheet(
        **vars(row_view(row)),
        picture=backend(row.picture_path) if row.picture_path else "",
        download=backend(row.download_path) if row.download_path else "",
        format=row.format.upper(),
        original=backend(f"/files/source/{row.product_ref}/original") if detail.image_link else "",
        original_size=pixels(detail.source_width, detail.source_height),
        image_link="Included with the sample feed" if sample else detail.image_link,
        image_address="" if sample else web_link(detail.image_link),
        fields=[Value(name, _short(value)) for name, value in list(detail.data.items())[:MOST_VALUES] if value],
        previous_id=detail.previous_id,
        next_id=detail.next_id,
    )


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE].rstrip()}…"
