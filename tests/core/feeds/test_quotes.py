"""Tables whose quotation marks do not add up, or are escaped by backslashes: every line keeps its own picture."""

from __future__ import annotations

import csv
import io
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frameapp.core.feeds import FeedReader, rewrite, source, unpack
from frameapp.errors import FeedError
from tests.core.feeds.damage import a_table, link, spoiled

NAMES = ["id", "title", "image_link", "price"]


@pytest.fixture(params=[unpack.BLOCK, 16])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole blocks, and ones that end within a cell."""
    monkeypatch.setattr(unpack, "BLOCK", request.param)
    monkeypatch.setattr(source, "HEAD", min(source.HEAD, request.param * 16))


def pictures(data: bytes) -> tuple[dict[str, str], list[str]]:
    """Each product's picture, and the notes; a published feed has a new one in each one's place, and nothing else."""
    feed = FeedReader(io.BytesIO(data))
    found = {entry.product_id: entry.image_link for entry in feed}
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: f"https://o.example.com/{entry.product_id}.jpg")
    expected = data.decode()
    for product_id, picture in found.items():
        marked = ('""{}"', '"{}""', '"{}"', '"{}', '{}"', "{}")
        old = next((cell for form in marked if picture and (cell := form.format(picture)) in expected), "")
        new = f"https://o.example.com/{product_id}.jpg"
        expected = expected.replace(old, f'"{new}"' if old.startswith('"') else new, 1)
    assert out.getvalue().decode() == expected
    return found, feed.notes


def around(line: str, at: int, *, quoted: bool, ends: str, delimiter: str) -> bytes:
    """A table of six products, the one with number ``at`` spelled so."""
    rows = [["id", "title", "price", "image_link"]]
    rows += [[str(number), f"Mug {number}", "1.00 EUR", link(number)] for number in range(1, 7)]
    text = io.StringIO(newline="")
    csv.writer(
        text, delimiter=delimiter, lineterminator=ends, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    ).writerows(rows)
    lines = text.getvalue().split(ends)
    lines[at] = line.replace("PICTURE", link(at)).replace("ID", str(at)).replace(",", delimiter)
    return ends.join(lines).encode()


PLACES = pytest.mark.parametrize("at", [1, 3, 6], ids=["first", "middle", "last"])
DIALECTS = pytest.mark.parametrize(
    ("delimiter", "ends", "quoted"), [(",", "\n", False), (";", "\r\n", True), ("\t", "\n", False), (",", "\r\n", True)]
)
EVERY = {str(number): link(number) for number in range(1, 7)}
LINES = {
    "stray mark at the end": 'ID,"TV 42"",1.00 EUR,PICTURE',
    "stray mark within": 'ID,"TV 42" wide",1.00 EUR,PICTURE',
    "stray mark at the beginning": 'ID,""TV 42",1.00 EUR,PICTURE',
    "no mark at the end": 'ID,"TV 42,1.00 EUR,PICTURE',
    "no mark at the beginning": '"ID",TV 42","1.00 EUR","PICTURE"',
    "stray mark before the picture": '"ID","TV 42","1.00 EUR"","PICTURE"',
    "no mark before the picture": '"ID","TV 42","1.00 EUR,"PICTURE"',
    "stray mark after the picture": '"ID","TV 42","1.00 EUR","PICTURE""',
    "stray mark in front of the picture": '"ID","TV 42","1.00 EUR",""PICTURE"',
    "picture without its end": '"ID","TV 42","1.00 EUR","PICTURE',
    "picture without its beginning": '"ID","TV 42","1.00 EUR",PICTURE"',
    "id without its end": '"ID,"TV 42","1.00 EUR","PICTURE"',
}


@pytest.mark.wild(
    "quotation marks",
    source="https://github.com/mafintosh/csv-parser/issues/52",
    given='3,"TV 42"",link,picture (a stray or a missing mark in any cell of a line, anywhere in the table)',
    right="each line keeps its own picture, and a warning names the line",
)
@PLACES
@DIALECTS
@pytest.mark.parametrize("name", LINES)
@pytest.mark.usefixtures("_blocks")
def test_a_mark_too_many_or_too_few_costs_no_line(name: str, at: int, delimiter: str, ends: str, quoted: bool) -> None:
    found, notes = pictures(around(LINES[name], at, quoted=quoted, ends=ends, delimiter=delimiter))
    assert found == EVERY
    assert all(f"line {at + 1} " in note for note in notes)


@pytest.mark.wild(
    "quotation marks",
    source="https://github.com/uniVocity/univocity-parsers/issues/259",
    given='a line with a mark that is never closed ("bad line,processes poorly) before one with quoted cells',
    right="three products, none with the picture of another, and a warning that names the line",
)
@pytest.mark.usefixtures("_blocks")
def test_a_mark_that_is_never_closed() -> None:
    table = (
        "id,title,image_link,price\n"
        f'1,"good line",{link(1)},"1.00 EUR"\n'
        f'2,"bad line,{link(2)},2.00 EUR\n'
        f'3,"good line",{link(3)},"3.00 EUR"\n'
    )
    found, notes = pictures(table.encode())
    assert found == {str(number): link(number) for number in (1, 2, 3)}
    assert notes == [
        "The quotation marks in line 3 do not add up. Each line was read by itself; check its texts, and have the feed "
        "corrected."
    ]


@pytest.mark.wild(
    "quotation marks",
    source="https://github.com/mafintosh/csv-parser/issues/6",
    given="inch marks that are not doubled, beside quoted cells that hold line breaks",
    right="the line breaks stay in their cells, every product keeps its picture",
)
@pytest.mark.usefixtures("_blocks")
def test_line_breaks_within_cells_stay_there() -> None:
    table = (
        "id,title,image_link\n"
        f'1,"two\nlines, one ""cell""",{link(1)}\n'
        f'2,"16" wide",{link(2)}\n'
        f'3,"three\n\nlines, 16" wide",{link(3)}\n'
        f'4,"last\nline",{link(4)}\n'
    )
    found, notes = pictures(table.encode())
    assert found == {str(number): link(number) for number in (1, 2, 3, 4)}
    titles = [entry.title for entry in FeedReader(io.BytesIO(table.encode()))]
    assert titles == ['two\nlines, one "cell"', '16" wide', 'three\n\nlines, 16" wide', "last\nline"]
    assert [note[:44] for note in notes] == ["The quotation marks in lines 4 and 5 do not "]


def test_what_cannot_be_decided_costs_its_line() -> None:
    table = f'id,image_link,title\n1,{link(1)},a\n2,"x,"y,{link(2)},b,"c\n3,{link(3)},d\n'
    feed = FeedReader(io.BytesIO(table.encode()))
    assert {entry.product_id: entry.image_link for entry in feed} == {"1": link(1), "3": link(3)}
    assert feed.notes == [
        "Line 3 was left out: the quotation marks there do not add up, and which text belongs to which field is "
        "uncertain. Have the feed corrected."
    ]
    assert feed.lost == 1


@pytest.mark.parametrize("title", ["T", '"T, 1"'])
def test_lines_that_are_lost_without_a_quotation_mark_are_said_to_be(title: str) -> None:
    table = f"id,title,image_link\n1,{title},{link(1)}\nfoo bar\n4,{title},{link(4)}\nof it,x\n5,{title},{link(5)}\n"
    feed = FeedReader(io.BytesIO(table.encode()))
    assert {entry.product_id: entry.image_link for entry in feed} == {n: link(int(n)) for n in "145"}
    assert feed.notes == [
        "Lines 3 and 5 were left out: the fields there do not match the header, and which text belongs to which field "
        "is uncertain. Have the feed corrected."
    ]
    assert feed.lost == 2


def test_a_table_whose_lines_are_no_products_is_refused_for_its_fields() -> None:
    table = f"id,title,image_link\n1,T,{link(1)}\n" + "x y z\n" * 1_100
    with pytest.raises(FeedError, match="The fields of most lines do not match the header, lines 3, 4, 5"):
        list(FeedReader(io.BytesIO(table.encode())))


def test_a_line_within_a_cell_gives_its_picture_to_no_neighbour() -> None:
    text = (
        "image_link,description,title,id\n"
        'https://i.example.com/p/1.jpg,"9"" mug, red","\'s mug, red mug, red,A-1\n'
        'https://i.example.com/p/2.jpg,"He said ""yes"" see https://x.example.com now \'s","mug, red",A-2\n'
        "https://i.example.com/p/3.jpg,TV 42,,A-3\n"
    )
    found, notes = pictures(text.encode())
    assert found == {"A-3": "https://i.example.com/p/3.jpg"}
    assert "Lines 2 and 3 were left out" in notes[1]


def test_lines_that_no_reading_is_left_of_cost_themselves_only() -> None:
    stretch = ">" + "\n" * 13 + ">" + "\n" * 4 + ">\n>\n\n\n \n"  # found by the fuzzer
    feed = FeedReader(io.BytesIO(f"id,image_link\n1,http://a/1.jpg\n{stretch}2,http://a/2.jpg\n".encode()))
    assert [(entry.product_id, entry.image_link) for entry in feed] == [
        ("1", "http://a/1.jpg"),
        ("2", "http://a/2.jpg"),
    ]
    assert feed.lost
    with pytest.raises(FeedError, match="left out"):
        list(FeedReader(io.BytesIO(f"id,\n{stretch}".encode())))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
@example(14870)
@example(1369)
@pytest.mark.usefixtures("_blocks")
def test_no_line_gets_anothers_picture(seed: int) -> None:
    chance = random.Random(seed)
    header, records = a_table(chance)
    at = chance.randrange(len(records))
    lines = [*records[:at], spoiled(chance, records[at]), *records[at + 1 :]]
    data = (header + "".join(lines)).encode()
    feed = FeedReader(io.BytesIO(data))
    try:
        found = {entry.product_id: entry.image_link for entry in feed}
    except FeedError:
        assert len(records) <= 2, "nothing is left beside a damaged one, so the feed is refused"
        return
    own = {f"A-{number}": link(number) for number in range(1, len(records) + 1)}
    for product_id, picture in own.items():
        if product_id in found:
            assert found[product_id] == picture or (
                product_id == f"A-{at + 1}" and found[product_id] not in own.values()
            )
        else:
            assert feed.notes or any(name.replace('"', "") == product_id for name in found)
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda _entry: None)
    assert out.getvalue() == data


ESCAPED = {
    "within": (r'"He said \"yes, 1\" twice"', 'He said "yes, 1" twice'),
    "at the end": (r'"He said \"yes, 1\""', 'He said "yes, 1"'),
    "all of it": (r'"\"ok\""', '"ok"'),
    "before a delimiter": (r'"She said \"no\", then left"', 'She said "no", then left'),
    "an end that is none": (r'"path C:\"', "path C:\\"),
    "both": (r'"He said ""yes"" and \"no, 1\""', 'He said "yes" and "no, 1"'),
    "over lines": ('"He said\n\\"yes, 1\\"\ntwice"', 'He said\n"yes, 1"\ntwice'),
    "doubled": (r'"path C:\""x"" y"', 'path C:\\"x" y'),
    "plain": ('"yes, 1"', "yes, 1"),
}


@pytest.mark.wild(
    "backslashes",
    source="https://github.com/tilo/smarter_csv/pull/237",
    given=r'"He said \"yes, 1\" twice", also beside "path C:\", and doubled marks',
    right="the marks are text, a backslash before a cell's end stays one, every product keeps its picture",
)
@pytest.mark.parametrize("before", [0, 1, 3_000])
@pytest.mark.usefixtures("_blocks")
def test_marks_escaped_by_backslashes(before: int) -> None:
    if before and unpack.BLOCK == 16:
        before = 20
    rows = [("Mug", "Mug")] * before + list(ESCAPED.values()) * 2
    lines = [f"{number},{cell},{link(number)},1.00 EUR" for number, (cell, _) in enumerate(rows)]
    data = ("id,title,image_link,price\n" + "\n".join(lines)).encode()
    entries = list(FeedReader(io.BytesIO(data)))
    assert [entry.title for entry in entries] == [title for _, title in rows]
    assert [entry.image_link for entry in entries] == [link(number) for number in range(len(rows))]
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: f"https://o.example.com/{entry.position}.jpg")
    assert out.getvalue() == data.replace(b"//i.example.com/p/", b"//o.example.com/")


@pytest.mark.wild(
    "backslashes",
    source="https://github.com/stevehansen/csv/issues/35",
    given=r'"B \"" in a table that doubles its marks',
    right=r"B \" and no more: the table has no escapes",
)
def test_a_backslash_before_a_doubled_mark() -> None:
    data = f'"id";"title";"image_link"\n"1";"B \\""";"{link(1)}"\n"2";"A \\""x";"{link(2)}"\n'.encode()
    found, notes = pictures(data)
    assert found == {"1": link(1), "2": link(2)}
    assert not notes
    assert [entry.title for entry in FeedReader(io.BytesIO(data))] == ['B \\"', 'A \\"x']


@pytest.mark.wild(
    "backslashes",
    source="https://github.com/databricks/spark-csv/issues/454",
    given="delimiters that are escaped by backslashes in cells without quotation marks (`3,TV\\, 42,...`)",
    right="the delimiters are text, every product keeps its picture",
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("columns", [("id", "title", "image_link", "price"), ("image_link", "title", "id", "price")])
def test_delimiters_escaped_by_backslashes(delimiter: str, columns: tuple[str, ...]) -> None:
    def line(number: int) -> str:
        title = rf"TV\, 42\\\, C:\{number}".replace(",", delimiter) if number % 2 else "path C:\\"
        cells = {"id": str(number), "title": title, "image_link": link(number), "price": rf"1\,00{number}"}
        return delimiter.join(cells[name].replace(",", delimiter) for name in columns)

    data = "\n".join((delimiter.join(columns), *map(line, range(1, 7)), "")).replace("path C:\\", "path C:").encode()
    found, notes = pictures(data)
    assert found == EVERY
    assert notes == []
    titles = [entry.title for entry in FeedReader(io.BytesIO(data))]
    assert titles[:2] == [r"TV, 42\\, C:\1".replace(",", delimiter), "path C:"]


def test_an_escaped_delimiter_in_a_link_is_no_other_link() -> None:
    data = f"id,title,image_link\n1,a,{link(1)}\n2,b,https://i.example.com/a\\,b.jpg\n".encode()
    feed = FeedReader(io.BytesIO(data))
    assert [entry.product_id for entry in feed] == ["1", "2"]
    assert feed.notes == ["1 line has more or fewer fields than the header."]


TWO_HALVES = '1,"Lamp, red",{0}1.jpg\n2,"Sofa, big,{0}2.jpg\n3,Chair, soft",{0}3.jpg\n4,"Desk, oak",{0}4.jpg\n'


@pytest.mark.parametrize("base", ["https://x.example/", "/media/"])
@pytest.mark.parametrize("times", [1, 10])
def test_two_rows_that_lack_a_mark_each_are_never_one_product(base: str, times: int) -> None:
    """Together they are a sound row of the header's width, which only its links and ids give away."""
    table = "id,title,image_link\n" + "".join(
        line.replace(line[0], str(4 * n + int(line[0])), 1).replace(f"/{line[0]}.jpg", f"/{4 * n + int(line[0])}.jpg")
        + "\n"
        for n in range(times)
        for line in TWO_HALVES.format(base).splitlines()
    )
    feed = FeedReader(io.BytesIO(table.encode()))
    found = {entry.product_id: entry.image_link for entry in feed}
    assert all(picture == f"{base}{product_id}.jpg" for product_id, picture in found.items())
    assert len(found) == 2 * times
    assert feed.lost == 2 * times
    assert "were left out" in feed.notes[0]


@pytest.mark.parametrize(
    "row",
    [
        '{0},"Sizes:\n38, 39, 40",https://x.example/{0}.jpg,9\n',
        '{0},"More:\nsee, https://x.example/x.jpg, b",https://x.example/{0}.jpg,9\n',
        '{0},"a\nb, https://x.example/zz, c",https://x.example/{0}.jpg,9\n',
    ],
)
def test_a_sound_text_of_several_lines_costs_nothing(row: str) -> None:
    feed = FeedReader(io.BytesIO(("id,title,image_link,price\n" + "".join(map(row.format, range(1, 7)))).encode()))
    assert [entry.image_link for entry in feed] == [f"https://x.example/{n}.jpg" for n in range(1, 7)]
    assert (feed.lost, feed.notes) == (0, [])
