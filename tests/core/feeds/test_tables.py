"""CSV and TSV: delimiters, quotation marks, headers and lines as the wild sends them."""

from __future__ import annotations

import io

import pytest

from frameapp.core.feeds import Entry, FeedReader, formats, rewrite
from tests.core.feeds import samples
from tests.core.feeds.reading import read


def test_tsv_with_stray_quotation_marks() -> None:
    reader = FeedReader(io.BytesIO(samples.TSV))
    first, second = list(reader)
    assert reader.format == formats.TSV
    assert (first.title, second.title) == ('24" monitor', '"Best" shirt')
    assert first.additional_image_links == ("https://i.example.com/1b.jpg", "https://i.example.com/1c,d.jpg")


def test_csv_with_semicolons_and_embedded_lines() -> None:
    reader = FeedReader(io.BytesIO(samples.CSV))
    first, second, third = list(reader)
    assert reader.format == formats.CSV
    assert first == Entry(
        "1",
        "https://i.example.com/1.jpg",
        (),
        'Shirt; "blue"',
        {
            "id": "1",
            "image_link": "https://i.example.com/1.jpg",
            "title": 'Shirt; "blue"',
            "description": "two\nlines",
        },
        0,
    )
    assert second.image_link == "https://i.example.com/2%20x.jpg"
    assert third.product_id == ""


def test_csv_whose_header_follows_other_lines() -> None:
    (entry,) = read(samples.META_CSV)
    assert entry.product_id == "A-1"


@pytest.mark.parametrize("before", ["\n", "\r\n\r\n", "\ufeff\n", "\ufeff\n\n", "Our catalogue\n\n", "\nA,b\n\n\n"])
@pytest.mark.parametrize("title", ["T", '"A ""b"""', '"A\nb"'])
def test_blank_lines_before_the_header(before: str, title: str) -> None:
    table = f"id,title,image_link\n1,{title},http://i.example.com/1.jpg\n2,T,http://i.example.com/2.jpg\n"
    data = (before + table).encode()
    assert [entry.product_id for entry in read(data)] == ["1", "2"]
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: f"http://o.example.com/{entry.product_id}.jpg")
    assert out.getvalue() == data.replace(b"//i.", b"//o.")


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_either_quotation_mark(quote: str, delimiter: str) -> None:
    rows = [["id", "title", "image_link"], ["1", f"A{delimiter} {quote * 2}b{quote * 2}", "http://i.example.com/1.jpg"]]
    data = "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows).encode()
    (entry,) = read(data)
    assert (entry.product_id, entry.title) == ("1", f"A{delimiter} {quote}b{quote}")
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda _: "http://o.example.com/1.jpg")
    assert out.getvalue() == data.replace(b"//i.", b"//o.")


@pytest.mark.parametrize("header", ["id, title, image_link", '"id", "title", "image_link"'])
@pytest.mark.parametrize("link", ["http://i.example.com/1.jpg", 'http://i.example.com/""1"".jpg'])
def test_spaces_before_quotation_marks(header: str, link: str) -> None:
    data = f'{header}\n"1", "A, ""b""", "{link}"\n"2", "C",  "{link}"\n'.encode()
    assert [(entry.product_id, entry.title) for entry in read(data)] == [("1", 'A, "b"'), ("2", "C")]
    assert {entry.image_link for entry in read(data)} == {link.replace('""', "%22")}
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda _: "http://o.example.com/1.jpg")
    assert out.getvalue() == data.replace(link.encode(), b"http://o.example.com/1.jpg")


@pytest.mark.parametrize("text", ['"A, ""b"""', '"A, ""b"" c"', "\"A, 'b' c\"", 'A "b"', '"C, ""d"', ' "x'])
def test_spaces_before_other_quotation_marks_are_text(text: str) -> None:
    data = f'id,title,image_link\n1,{text},http://i.example.com/1.jpg\n2,"T, 2",http://i.example.com/2.jpg\n'.encode()
    assert [entry.product_id for entry in read(data)] == ["1", "2"]
    assert [entry.product_id for entry in read(data.replace(b'"T, 2"', b"T"))] == ["1", "2"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_and_line_end(delimiter: str, ends: str) -> None:
    rows = [
        ["Id", "Image-Link", "imageLink2"],
        ["1", "http://i.example.com/1.jpg", "x"],
        ["2", "http://i.example.com/2.jpg", ""],
    ]
    data = ends.join(delimiter.join(row) for row in rows).encode()
    assert [entry.product_id for entry in read(data)] == ["1", "2"]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_half_a_character_of_utf_16_is_replaced(delimiter: str) -> None:
    rows = [["id", "title", "image_link"], ["a\ud83d", "cut in two \ud83d", "https://shop.example/1.jpg"]]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    data = b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass")
    (entry,) = FeedReader(io.BytesIO(data))
    assert entry.product_id == "a\ufffd"
    assert entry.data["title"] == "cut in two \ufffd"


def test_a_tables_ids_are_what_they_are() -> None:
    (entry,) = read(b"id,title,image_link\nA&amp;B,C&amp;D,https://i.example.com/?a&amp;b\n")
    assert (entry.product_id, entry.title, entry.image_link) == ("A&amp;B", "C&D", "https://i.example.com/?a&b")


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_trailing_cells_may_be_missing(end: str) -> None:
    rows = ["id,image_link,title,brand", "1,https://i.example.com/1.jpg", "2,https://i.example.com/2.jpg,t,b", "3"]
    reader = FeedReader(io.BytesIO(("\n".join(rows) + end).encode()))
    assert [(e.product_id, e.image_link, e.title, e.data["brand"]) for e in reader] == [
        ("1", "https://i.example.com/1.jpg", "", ""),
        ("2", "https://i.example.com/2.jpg", "t", "b"),
        ("3", "", "", ""),
    ]
    assert reader.notes == ["2 lines have more or fewer fields than the header."]


@pytest.mark.parametrize(("end", "notes"), [("", 2), ("\n", 1)])
def test_a_last_line_that_may_be_cut_is_read_and_told(end: str, notes: int) -> None:
    reader = FeedReader(io.BytesIO(b"id,title,image_link\n1,a,http://i.example.com/1.jpg\n2,b" + end.encode()))
    assert [(entry.product_id, entry.title, entry.image_link) for entry in reader] == [
        ("1", "a", "http://i.example.com/1.jpg"),
        ("2", "b", ""),
    ]
    told = [
        "1 line has more or fewer fields than the header.",
        "It is the last one: if the feed was cut off, have it exported anew.",
    ]
    assert reader.notes == told[:notes]
