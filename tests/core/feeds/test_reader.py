"""Formats, encodings and spellings that the wild sends."""

from __future__ import annotations

import gzip
import io
import time
from xml.sax.saxutils import escape

import pytest

from frameapp.core.feeds import FeedReader, formats
from frameapp.core.feeds.links import several
from frameapp.errors import FeedError
from tests.core.feeds import samples
from tests.core.feeds.reading import read


def test_rss_with_googles_prefix() -> None:
    reader = FeedReader(io.BytesIO(samples.RSS))
    entries = list(reader)
    assert (reader.format.name, reader.encoding) == ("rss", "utf-8")
    assert [entry.product_id for entry in entries] == ["TV_123456", "DVD-0564738", "DVD-0564738", ""]
    assert [entry.position for entry in entries] == [0, 1, 2, 3]
    first, second, third, fourth = entries
    assert first.data["link"] == "https://shop.example.com/tv?a=1&b=2"
    assert first.data["price"] == "49.99 USD"
    assert first.data["shipping.country"] == "US"
    assert second.title == "Mad Max & <b>Fury</b> Road"
    assert second.image_link == "https://img.example.com/a.jpg?x=1&y=2"
    assert second.additional_image_links == ("https://img.example.com/b.jpg", "https://img.example.com/c.jpg")
    assert second.data["custom_label_0"] == "summer"
    assert third.title == "Café & bar"
    assert third.image_link == "https://shop.example.com/img/mein%20bild.jpg"
    assert fourth.image_link == ""


def test_atom_with_a_prefix_of_its_own() -> None:
    reader = FeedReader(io.BytesIO(samples.ATOM))
    first, second = list(reader)
    assert reader.format == formats.ATOM
    assert first.product_id == "tddy123uk"
    assert first.image_link == "https://shop.example.com/de/bilder/m%C3%BCtze%20rot.jpg"
    assert first.data["link"] == "https://shop.example.com/p/1"
    assert first.title == "Mütze, rot"
    assert second.product_id == "2"
    assert second.title == "Schal <b>"
    assert second.image_link == "https://cdn.example.com/2.jpg"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("end", ["", "/"])
def test_googles_namespace_in_any_spelling(scheme: str, end: str) -> None:
    (entry,) = read(
        f'<rss xmlns:q="{scheme}://base.google.com/ns/1.0{end}"><channel><item><q:id>1</q:id></item></channel></rss>'.encode()
    )
    assert entry.product_id == "1"


def test_googles_own_field_counts_before_another_of_that_name() -> None:
    item = b"<item>%s<title>t</title></item>"
    for fields in (b"<id>atom</id><g:id>google</g:id>", b"<g:id>google</g:id><id>atom</id>"):
        (entry,) = read(b'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>' + item % fields + b"</channel></rss>")
        assert entry.product_id == "google"


@pytest.mark.parametrize(
    ("around", "own", "expected"),
    [
        ("<author xml:base='https://theirs.example.com/'/>", "", "https://shop.example.com/de/1.jpg"),
        ("", " xml:base='https://cdn.example.com/i/'", "https://cdn.example.com/i/1.jpg"),
        ("", " xml:base='i/'", "https://shop.example.com/de/i/1.jpg"),
        ("", " xml:base='http://['", "https://shop.example.com/de/1.jpg"),
    ],
)
def test_a_base_address_holds_within_its_element(around: str, own: str, expected: str) -> None:
    item = f"<item><id>1</id><image_link{own}>1.jpg</image_link></item>"
    (entry,) = read(f"<rss xml:base='https://shop.example.com/de/'><channel>{around}{item}</channel></rss>".encode())
    assert entry.image_link == expected


@pytest.mark.parametrize("place", ["channel", "item"])
def test_a_base_address_that_is_none_changes_nothing(place: str) -> None:
    feed = "<rss xml:base='https://h.example.com/'><channel><item><id>1</id><image_link>1.jpg</image_link></item></channel></rss>"
    (entry,) = read(feed.replace(f"<{place}>", f"<{place} xml:base='//[q'>").encode())
    assert entry.image_link == "https://h.example.com/1.jpg"


def test_a_strangers_namespace_is_kept_apart() -> None:
    (entry,) = read(
        b'<rss xmlns:g="urn:other" xmlns:x="http://base.google.com/ns/1.0"><channel>'
        b"<item><g:id>theirs</g:id><x:id>ours</x:id></item></channel></rss>"
    )
    assert entry.product_id == "ours"
    assert entry.data["g:id"] == "theirs"


def test_namespaces_declared_on_the_product_itself() -> None:
    (entry, other) = read(
        b'<rss><channel><item xmlns:x="http://base.google.com/ns/1.0"><x:id>1</x:id></item>'
        b"<item><x:id>2</x:id></item></channel></rss>"
    )
    assert (entry.product_id, other.product_id, other.data["x:id"]) == ("1", "", "2")


def test_rss_without_a_namespace() -> None:
    assert [entry.image_link for entry in read(samples.PLAIN_RSS)] == [
        "https://i.example.com/1.jpg",
        "https://i.example.com/2.jpg",
    ]


@pytest.mark.parametrize("name", samples.ALL)
def test_gzip_is_known_by_its_bytes(name: str) -> None:
    data = samples.ALL[name]
    half = len(data) // 2
    assert read(gzip.compress(data)) == read(data)
    assert read(gzip.compress(data[:half]) + gzip.compress(data[half:]) + b"\0" * 20) == read(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", samples.ALL)
def test_unicode_in_every_form_with_and_without_a_mark(name: str, encoding: str) -> None:
    data = samples.ALL[name]
    assert read(data.decode().encode(encoding)) == read(data)


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "windows-1252", "UTF-16", "nonsense", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_wrong_declaration_is_not_believed(declared: str, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = declaration + "<rss><channel><item><id>1</id><title>Größe 38 € schön</title></item></channel></rss>"
    assert read(text.encode(encoding))[0].title == "Größe 38 € schön"


def test_a_declared_single_byte_encoding() -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><title>Рубашка</title></item></channel></rss>'
    )
    assert read(text.encode("cp1251"))[0].title == "Рубашка"


@pytest.mark.parametrize("comment", ["", "<!-- c -->"])
def test_mixed_encodings_lose_no_letter(comment: str) -> None:
    sound = "<item><id>1</id><title>schön, größer, süß</title></item>".encode()
    broken = f"<item>{comment}<id>2</id><title>sch".encode() + b"\xf6" + b"n</title></item>"
    reader = FeedReader(io.BytesIO(b"<rss><channel>" + sound + broken + b"</channel></rss>"))
    assert [entry.title for entry in reader] == ["schön, größer, süß", "schön"]
    assert len(reader.notes) == 1


@pytest.mark.parametrize("comment", ["", "<!-- c -->"])
def test_what_xml_forbids_and_shops_send(comment: str) -> None:
    data = (
        "\n <rss><channel><item>{}<id>1</id><title>A & B \x0b &nbsp;&euro; &#128; &bogus; ok</title>"
        "<image_link>https://i.example.com/?a=1&b=2</image_link></item></channel></rss>"
    )
    (entry,) = read(data.format(comment).encode())
    assert entry.image_link == "https://i.example.com/?a=1&b=2"
    assert entry.title.startswith("A & B")
    assert entry.title.endswith("\xa0€ € &bogus; ok")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (b"<html><head></head></html>", "web page"),
        (b'{"products": []}', "JSON"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"just some words", "neither XML nor a table"),
        (b"title,price\na,b\n", "no column id"),
        (b"<rss><channel></channel></rss>", "no products"),
        (b"id,image_link\n", "no products"),
        (b"<rss><channel><item><id>1</id>", "breaks off"),
        (b"<rss><channel><item><id>1</ie></item></channel></rss>", "no valid XML: mismatched tag in line 1"),
        (gzip.compress(samples.RSS, mtime=0)[:-20], "breaks off"),
        (gzip.compress(samples.RSS, mtime=0)[:40] + b"xxxx" + gzip.compress(samples.RSS, mtime=0)[44:], "damaged gzip"),
        ("<rss/>".encode("utf-16") + b"x", "middle of a character"),
    ],
)
def test_what_is_no_feed_is_told_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=words) as caught:
        read(data)
    assert str(caught.value).endswith(".")


def test_the_line_of_a_fault_counts_products_read_before_it() -> None:
    items = "<item>\n<id>1</id>\n</item>\n" * 20_000
    feed_reader = FeedReader(io.BytesIO(f"<rss><channel>\n{items}</channal></rss>".encode()))
    assert len(list(feed_reader)) == 20_000
    assert "in line 60,002" in feed_reader.notes[0]


def test_a_stream_that_gives_little_at_a_time() -> None:
    class Drops(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 7))

    assert list(FeedReader(Drops(samples.RSS))) == read(samples.RSS)


@pytest.mark.parametrize("declaration", [b"", b'<?xml version="1.0" encoding="UTF-8"?>'])
def test_one_bad_byte_spoils_nothing_after_it(declaration: bytes) -> None:
    plain = b"<item><id>1</id><title>plain</title></item>" * 4_000
    titles = ["caf\xe9".encode("latin-1"), "größe".encode()]
    first, last = (b"<item><id>1</id><title>" + title + b"</title></item>" for title in titles)
    entries = read(declaration + b"<rss><channel>" + first + plain + last + b"</channel></rss>")
    assert (entries[0].title, entries[-1].title) == ("café", "größe")


def test_many_spaces_between_links_cost_no_time() -> None:
    link = "https://shop.example/1.jpg"
    start = time.process_time()  # our own, whatever else the machine does
    assert several(link + " " * 20_000 + "x y", "") == (link + "%20" * 20_000 + "x%20y",)
    assert several(f"{link}, \n {link};{link}|{link} {link}", "") == (link,) * 5
    assert time.process_time() - start < 1


@pytest.mark.parametrize("comment", ["", "<?x?>"])
@pytest.mark.parametrize(
    ("written", "exact", "text"),
    [
        ("A&amp;B", "A&B", "A&B"),
        ("A&amp;amp;B", "A&amp;B", "A&B"),
        ("A&amp;amp;amp;B", "A&amp;amp;B", "A&amp;B"),
        ("A&#38;amp;B", "A&amp;B", "A&B"),
        ("<![CDATA[A&amp;B]]>", "A&amp;B", "A&B"),
        ("<![CDATA[A&eacute;B]]>", "A&eacute;B", "AéB"),
        ("A&eacute;B", "AéB", "AéB"),
        ("A&amp;eacute;B", "A&eacute;B", "AéB"),
        ("A & B", "A & B", "A & B"),
    ],
)
def test_identifiers_are_unescaped_once_and_other_fields_as_html_too(
    comment: str, written: str, exact: str, text: str
) -> None:
    item = (
        f"<item>{comment}<id>{written}</id><item_group_id>{written}</item_group_id><title>{written}</title>"
        f"<image_link>{written}</image_link><s><id>{written}</id></s></item>"
    )
    for entry in read(f"<rss><channel>{item * 5}</channel></rss>".encode()):
        assert (entry.product_id, entry.data["item_group_id"]) == (exact, exact)
        assert (entry.title, entry.data["image_link"]) == (text, text)


RICH = {
    "sale_price": ("9.90 EUR", "9.90 EUR"),
    "availability": (" in stock ", "in stock"),
    "brand": ("Müller & Söhne", "Müller & Söhne"),
    "custom_label_0": ("summer", "summer"),
    "my_own_field": ("mine", "mine"),
}
MORE = ("https://i.example.com/b.jpg", "https://i.example.com/c.jpg?x=1&y=2")


def rich(form: str) -> bytes:
    """The same product in each form."""
    written = {name: value for name, (value, _) in RICH.items()}
    if form in ("csv", "tsv"):
        delimiter = "," if form == "csv" else "\t"
        names = ["id", *(name.replace("_", " ").title() for name in written), "additional image link"]
        cells = ["1", *written.values(), f'"{",".join(MORE)}"']
        return f"{delimiter.join(names)}\n{delimiter.join(cells)}\n".encode()
    prefix = "" if form == "plain rss" else "g:"
    fields = {"id": "1", **written}
    inner = "".join(f"<{prefix}{name}>{escape(value)}</{prefix}{name}>" for name, value in fields.items())
    inner += "".join(f"<{prefix}additional_image_link>{escape(link)}</{prefix}additional_image_link>" for link in MORE)
    space = 'xmlns:g="http://base.google.com/ns/1.0"'
    if form == "atom":
        return f'<feed xmlns="http://www.w3.org/2005/Atom" {space}>{f"<entry>{inner}</entry>" * 6}</feed>'.encode()
    return f"<rss {space}><channel>{f'<item>{inner}</item>' * 6}</channel></rss>".encode()


@pytest.mark.parametrize("form", ["rss", "plain rss", "atom", "csv", "tsv"])
def test_product_data_is_kept_in_every_form(form: str) -> None:
    """Products of one feed alike are read by expat, by the short cut and by their shape."""
    entries = read(rich(form))
    assert len(entries) == (1 if form in ("csv", "tsv") else 6)
    for entry in entries:
        assert {name: entry.data[name] for name in RICH} == {name: value for name, (_, value) in RICH.items()}
        assert entry.additional_image_links == MORE


LANGUAGES = {
    "windows-1251": "Рубашка мужская, хлопок, голубая",
    "koi8-r": "Рубашка мужская, хлопок, голубая",
    "windows-1250": "Żółta koszula męska, bawełna, ładne wykończenie, świeża",
    "iso-8859-2": "Příliš žluťoučký kůň úpěl",
    "windows-1254": "Erkek gömleği, açık mavi, pamuklu kışlık şık yeşil ışıklı",  # noqa: RUF001
    "iso-8859-9": "Erkek gömleği, 38 €, şık",  # noqa: RUF001
    "windows-1253": "Ανδρικό πουκάμισο",
    "windows-874": "เสื้อเชิ้ต",
    "shift_jis": "メンズシャツ 綿 ①青",
    "x-sjis": "メンズシャツ",
    "euc-jp": "メンズシャツ",
    "gbk": "男士纯棉衬衫蓝色",
    "gb2312": "男士纯棉衬衫蓝色",
    "big5": "男士純棉襯衫",
    "euc-kr": "남성 셔츠",
}
CODECS = {"x-sjis": "cp932", "shift_jis": "cp932", "windows-874": "cp874", "iso-8859-9": "cp1254"}


@pytest.mark.parametrize("comment", ["", "<?x?>"])
@pytest.mark.parametrize("declared", LANGUAGES)
def test_a_declared_encoding_is_read(declared: str, comment: str) -> None:
    title = LANGUAGES[declared]
    item = f"<item>{comment}<id>{title}</id><title>{title}</title></item>" * 5
    text = f'<?xml version="1.0" encoding="{declared}"?><rss><channel>{item}</channel></rss>'
    reader = FeedReader(io.BytesIO(text.encode(CODECS.get(declared, declared))))
    assert [(entry.product_id, entry.title) for entry in reader] == [(title, title)] * 5
    assert reader.notes == []


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>'])
@pytest.mark.parametrize("form", ["xml", "csv"])
@pytest.mark.parametrize("encoding", ["windows-1251", "windows-1250", "windows-1254", "cp932", "gbk", "windows-1252"])
def test_an_encoding_that_nothing_tells_is_guessed_and_told(encoding: str, form: str, declaration: str) -> None:
    title = {**LANGUAGES, "cp932": LANGUAGES["shift_jis"], "windows-1252": "Größe für 38 €, très léger, 5 m³"}[encoding]
    if form == "xml":
        item = f"<item><id>1</id><title>{title}</title></item>" * 5
        text = f"{declaration}<rss><channel>{item}</channel></rss>"
    else:
        text = "id;title;image_link\n" + f"1;{title};http://i.example.com/1.jpg\n" * 5
    reader = FeedReader(io.BytesIO(text.encode(encoding)))
    assert [entry.title for entry in reader] == [title] * 5
    assert [note for note in reader.notes if "was guessed" in note] == reader.notes
    assert len(reader.notes) == 1
