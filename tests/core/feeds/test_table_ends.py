"""What stands between and after a table's products: repeated headers, the mark of a file's end, fields of megabytes."""

from __future__ import annotations

import io

import pytest

from frameapp.core.feeds import FeedReader, rewrite
from tests.core.feeds.damage import link

PICTURE = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUg" * 50_000
LINES = "\n".join(["iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"] * 20_000)


def rewritten(data: bytes) -> bytes:
    """The feed with other addresses of the same length."""
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: entry.image_link.replace("//i.", "//o."))
    return out.getvalue()


@pytest.mark.wild(
    "table ends",
    source="https://github.com/ballerina-platform/ballerina-library/issues/4040",
    given="the header line once more, and again in the middle of the table, also in other spelling",
    right="skipped, and counted in a warning",
)
def test_repeated_headers_are_skipped() -> None:
    header = "id,title,image_link"
    data = f"{header}\n{header}\n1,a,{link(1)}\n\ufeffID,Title,Image Link\n2,b,{link(2)}\n".encode()
    feed = FeedReader(io.BytesIO(data))
    assert [(entry.product_id, entry.image_link) for entry in feed] == [("1", link(1)), ("2", link(2))]
    assert feed.notes == ["2 lines repeat the header and were skipped."]
    assert rewritten(data) == data.replace(b"//i.", b"//o.")


@pytest.mark.wild(
    "table ends",
    source="https://github.com/tidyverse/readr/issues/1075",
    given="a byte-order mark before a line in the middle of the table, where a file was added to another",
    right="ignored",
)
@pytest.mark.parametrize("columns", ["id,title,image_link", "image_link,title,id", "title,id,image_link"])
@pytest.mark.parametrize("mark", ["", '"'])
def test_a_byte_order_mark_within_the_table_is_ignored(columns: str, mark: str) -> None:
    def line(number: int) -> str:
        cells = {"id": str(number), "title": f"Mug {number}", "image_link": link(number)}
        return ",".join(f"{mark}{cells[name]}{mark}" for name in columns.split(","))

    data = f"\ufeff{columns}\n{line(1)}\n{line(2)}\n\ufeff{line(3)}\n{line(4)}\n".encode()
    feed = FeedReader(io.BytesIO(data))
    assert {entry.product_id: (entry.title, entry.image_link) for entry in feed} == {
        str(number): (f"Mug {number}", link(number)) for number in range(1, 5)
    }
    assert feed.notes == []
    published = FeedReader(io.BytesIO(rewritten(data)))
    assert [entry.image_link for entry in published] == [link(number).replace("//i.", "//o.") for number in range(1, 5)]


@pytest.mark.wild(
    "table ends",
    source="https://github.com/Rdatatable/data.table/issues/1612",
    given="Ctrl-Z after the last line, in a line of its own or right behind the last cell",
    right="ignored, and copied to the published feed",
)
@pytest.mark.parametrize("end", ["\n\x1a", "\x1a", "\r\n\x1a\r\n", "\n\x1a\x1a"])
@pytest.mark.parametrize("cell", [link(2), f'"{link(2)}"'])
def test_the_mark_of_a_files_end_is_ignored(cell: str, end: str) -> None:
    data = f"id,title,image_link\n1,a,{link(1)}\n2,b,{cell}{end}".encode()
    feed = FeedReader(io.BytesIO(data))
    assert [(entry.product_id, entry.image_link) for entry in feed] == [("1", link(1)), ("2", link(2))]
    assert feed.notes == []
    assert rewritten(data) == data.replace(b"//i.", b"//o.")


@pytest.mark.wild(
    "large fields",
    source="https://github.com/simonw/datasette-lite/issues/84",
    given="a picture of a megabyte and more, base64 in a description, quoted or not, in one line or in many",
    right="the field is left empty with a warning that names it, its product keeps its picture",
)
@pytest.mark.parametrize("text", [PICTURE, f'"{PICTURE}"', f'"{LINES}"', f'"{LINES},"'])
def test_a_field_that_is_too_long_costs_that_field(text: str) -> None:
    text = text if text.startswith('"') else text.replace(",", "")
    data = f"id,description,image_link\n1,a,{link(1)}\n2,{text},{link(2)}\n3,c,{link(3)}\n".encode()
    feed = FeedReader(io.BytesIO(data))
    assert {entry.product_id: (entry.image_link, entry.data["description"]) for entry in feed} == {
        "1": (link(1), "a"),
        "2": (link(2), ""),
        "3": (link(3), "c"),
    }
    assert feed.notes == ["The field description in line 3 is longer than 1,000,000 characters and was left empty."]
    assert rewritten(data) == data.replace(b"//i.", b"//o.")


@pytest.mark.wild(
    "large fields",
    source="https://github.com/turicas/rows/issues/299",
    given="a field of many megabytes, or one that is a product's picture itself",
    right="that product alone is left out, with a warning that names its line",
)
@pytest.mark.parametrize("column", ["description", "image_link"])
@pytest.mark.parametrize("text", [PICTURE * 8, f'"{PICTURE * 8}"', f'"{LINES}\n{LINES}\n{LINES}\n{LINES}"'])
def test_a_product_that_is_too_long_costs_itself(text: str, column: str) -> None:
    text = text if text.startswith('"') else text.replace(",", "")
    cells = {"description": "b", "image_link": link(2)} | {column: text}
    data = (
        f"id,description,image_link\n1,a,{link(1)}\n2,{cells['description']},{cells['image_link']}\n3,c,{link(3)}\n"
    ).encode()
    feed = FeedReader(io.BytesIO(data))
    assert {entry.product_id: entry.image_link for entry in feed} == {"1": link(1), "3": link(3)}
    assert feed.notes == ["A product was left out, being longer than 4,000,000 characters or 50,000 lines: line 3."]
    assert feed.lost == 1
    assert rewritten(data) == data.replace(link(1).encode(), b"https://o.example.com/p/1.jpg").replace(
        link(3).encode(), b"https://o.example.com/p/3.jpg"
    )


def test_a_needed_field_that_is_too_long_costs_its_product_with_a_true_sentence() -> None:
    data = f"id,title,image_link\n1,a,{link(1)}\n2,{PICTURE.replace(',', '')},{link(2)}\n3,c,{link(3)}\n".encode()
    feed = FeedReader(io.BytesIO(data))
    assert {entry.product_id: entry.image_link for entry in feed} == {"1": link(1), "3": link(3)}
    assert feed.notes == ["A product was left out, having a needed field of more than 1,000,000 characters: line 3."]
    assert feed.lost == 1
