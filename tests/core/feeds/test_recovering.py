"""XML that breaks the rules: what closes properly is read, and no product gets its neighbour's picture."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from frameapp.core.feeds import Entry, FeedReader, rewrite, source, unpack
from frameapp.errors import FeedError

HEAD = (
    '<?xml version="1.0"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>'
    "<link>https://shop.example.com/</link>\n"
)
TAIL = "</channel></rss>\n"


def item(number: int, more: str = "") -> str:
    """A product in a line of its own, line 3 for the first."""
    return (
        f"<item><g:id>{number}</g:id><title>Product {number}</title>{more}<link>https://shop.example.com/{number}</link>"
        f"<g:image_link>https://img.example.com/{number}.jpg</g:image_link></item>\n"
    )


def feed(*parts: str) -> str:
    return "".join((HEAD, *parts, TAIL))


def reads(text: str | bytes) -> tuple[list[Entry], list[str]]:
    """The entries and notes, once it is checked that each has its own picture, and that what is published is right."""
    data = text if isinstance(text, bytes) else text.encode()
    feed_reader = FeedReader(io.BytesIO(data))
    entries = list(feed_reader)
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: f"https://out.example.com/{entry.product_id}.jpg?a&b")
    etree.fromstring(out.getvalue())
    published = list(FeedReader(io.BytesIO(out.getvalue())))
    assert [{**entry.data, "image_link": ""} for entry in published] == [
        {**entry.data, "image_link": ""} for entry in entries
    ]
    for before, after in zip(entries, published, strict=True):
        assert before.image_link == f"https://img.example.com/{before.product_id}.jpg"
        assert after.image_link == f"https://out.example.com/{before.product_id}.jpg?a&b"
        assert before.position == after.position
    return entries, feed_reader.notes


def ids(entries: list[Entry]) -> list[str]:
    return [entry.product_id for entry in entries]


@pytest.fixture(autouse=True, params=[unpack.BLOCK, 16, 61])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BLOCK", request.param)
    monkeypatch.setattr(source, "HEAD", min(source.HEAD, request.param * 16))


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/tontof/kriss_feed/issues/446",
    given="`<script>` after `</rss>`",
    right="all products; the line is named",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/nmdias/FeedKit/pull/53",
    given="`[]` after `</rss>`",
    right="all products; the line is named",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/opendcim/openDCIM/issues/422",
    given="`</xml>` after the root's end",
    right="all products; the line is named",
)
@pytest.mark.parametrize(
    "after",
    ['<script defer src="https://x/b.js" data-x=\'{"a":"1"}\'></script>', "[]", "</xml>", "]]>", "</rss></rss>"],
)
def test_what_stands_after_the_root_is_no_part_of_the_feed(after: str) -> None:
    entries, notes = reads(feed(item(1), item(2)) + after)
    assert ids(entries) == ["1", "2"]
    assert notes[0].startswith("The feed is no valid XML: ")
    assert "in line 6." in notes[0]


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/kurtmckee/feedparser/issues/254",
    given="several feeds one after the other in a file",
    right="the products of all",
)
def test_a_feed_after_a_feed_is_read_too() -> None:
    entries, notes = reads(feed(item(1)) + feed(item(2), item(3)))
    assert ids(entries) == ["1", "2", "3"]
    assert "junk after document element in line 5" in notes[0]


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/Leonidas-from-XIV/node-xml2js/issues/330",
    given="products one after the other without a root element around them",
    right="all of them, the first too; what is published has a root",
)
@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>\n'])
@pytest.mark.parametrize("declared", [True, False])
def test_products_without_a_root_are_read(before: str, declared: bool) -> None:
    tag = '<item xmlns:g="http://base.google.com/ns/1.0">' if declared else "<item>"
    products = "".join(item(number).replace("<item>", tag) for number in (1, 2, 3))
    entries, notes = reads(before + products)
    assert ids(entries) == ["1", "2", "3"]
    assert notes[0].startswith("The feed is no valid XML: ")


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/bebo-dot-dev/m3u-epg-editor/issues/35",
    given="a feed that is cut off in the midst of a product",
    right="the products before; a warning says so",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/mmcdole/gofeed/issues/219",
    given="a feed that is cut off in a CDATA section",
    right="the products before; a warning says so",
)
@pytest.mark.parametrize(
    "at", ["<item", "<g:id>", "</g:id>", "Prod", "CDATA[", "CDATA[x", "https://img", "</g:image", "</item"]
)
def test_of_a_feed_that_is_cut_off_the_whole_products_are_read(at: str) -> None:
    whole = feed(item(1), item(2), item(3, "<description><![CDATA[xyz]]></description>"))
    start = whole.index("<item><g:id>3")
    data = whole[: whole.index(at, start) + len(at)].encode()
    entries, notes = reads(data)
    assert ids(entries) == ["1", "2"]
    assert notes[0] == "The feed breaks off in line 5, before its end; it is read up to there."
    assert _reader(data).doubted
    assert _reader(data).lost == (at != "<item")


def test_a_feed_that_is_cut_off_between_products_is_doubted() -> None:
    entries, notes = reads(HEAD + item(1) + item(2))
    assert ids(entries) == ["1", "2"]
    assert "breaks off" in notes[0]
    assert _reader((HEAD + item(1)).encode()).doubted
    assert not _reader(feed(item(1)).encode()).doubted


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/contao/contao/issues/366",
    given="`<br>` in a description",
    right="the product; the line is named",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/mozilla/bedrock/issues/13830",
    given="`<img>` that is not closed in a description",
    right="the product; the line is named",
)
@pytest.mark.parametrize(
    "html", ["one<br>two", "<p>one<br>two</p>", 'one<img alt="x" src="https://x/y.png">', "one</p>", "<p>one"]
)
def test_html_within_a_description_costs_nothing(html: str) -> None:
    entries, notes = reads(feed(item(1), item(2, f"<description>{html}</description>"), item(3)))
    assert ids(entries) == ["1", "2", "3"]
    assert entries[1].data["description"].startswith("one") or "description.p" in entries[1].data
    assert "in line 4" in notes[0]


FAULTS = {
    "other end tag": ("</g:id>", "</id>"),
    "no end of the id": ("</g:id>", ""),
    "no end of the link": ("</link>", ""),
    "no end of the picture": ("</g:image_link>", ""),
    "no start of the picture": ("<g:image_link>", ""),
    "an end too many": ("</title>", "</title></title>"),
    "an element left open": ("<title>", "<b><title>"),
    "crossed": ("<title>", "<title><b>x</title></b><title>"),
    "no end": ("</item>", ""),
    "half an end": ("</item>", "</item"),
    "a tag cut off": ("<title>", "<tit"),
    "an open CDATA section": ("<title>", "<title><![CDATA["),
    "an open comment": ("<title>", "<!-- <title>"),
    "an open quotation mark": ("<title>", '<title a="b>'),
    "another start": ("<item>", "<item>\n<item>"),
}


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/rhymix/rhymix/issues/508",
    given="tags that do not match",
    right="the other products with their own pictures; one that does not close is left out with a warning",
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", [1, 2, 40])
def test_a_product_with_a_fault_costs_none_of_its_neighbours(fault: str, number: int, encoding: str) -> None:
    """What is checked of pictures stands in ``reads``."""
    items = [item(n, "<description>Größe</description>") for n in range(1, 41)]
    items[number - 1] = items[number - 1].replace(*FAULTS[fault], 1)
    text = feed(*items).replace('version="1.0"', f'version="1.0" encoding="{encoding}"', 1)
    entries, notes = reads(text.encode(encoding))
    others = [str(n) for n in range(1, 41) if n != number]
    assert [entry_id for entry_id in ids(entries) if entry_id in others] == others
    assert set(ids(entries)) <= {*others, str(number)}
    assert len(notes) == (2 if len(entries) == 39 or fault == "another start" else 1)
    assert all("Größe" in entry.data["description"] for entry in entries)


@pytest.mark.parametrize(
    "junk", ["</item>", "</channel>", "<b>", "</b>", "a < b", "<", "<br>", "<item/>", "<x y=z>", "]]>"]
)
@pytest.mark.parametrize("number", [0, 1, 3])
def test_what_stands_between_products_costs_none(junk: str, number: int) -> None:
    items = [item(n) for n in range(1, 4)]
    items.insert(number, junk)
    feed_reader = FeedReader(io.BytesIO(feed(*items).encode()))
    assert [entry.product_id for entry in feed_reader if entry.product_id] == ["1", "2", "3"]
    assert junk == "<item/>" or feed_reader.notes


def test_products_that_all_lack_their_ends_are_refused() -> None:
    with pytest.raises(FeedError, match="more than 64 elements"):
        reads(feed(*(item(n).replace("</item>", "") for n in range(300))))


def test_a_missing_end_far_before_the_feeds_end_costs_one_product() -> None:
    """Of everything after it, nothing is taken for a part of that product, however much it is."""
    count = 400
    items = [item(n) for n in range(count)]
    items[7] = items[7].replace("</item>", "")
    entries, notes = reads(feed(*items))
    assert ids(entries) == [str(n) for n in range(count) if n != 7]
    assert notes[1] == "1 product does not close properly and is left out: it begins in line 10."


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/isaacs/sax-js/issues/166",
    given="an attribute twice",
    right="the product, with the first of them; the line is named",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/aptana/studio3/pull/224",
    given="an attribute without quotation marks, or without a value",
    right="the product; the line is named",
)
@pytest.mark.parametrize("attributes", ['a="1" a="2"', "a=1", "a", "a=1 b='2'", 'a="1"b="2"', 'a="1" x:b="2"'])
@pytest.mark.parametrize("where", ["<item", "<title", "<g:image_link"])
def test_attributes_that_break_the_rules_cost_nothing(attributes: str, where: str) -> None:
    items = [item(n) for n in range(1, 30)]
    items[11] = items[11].replace(where, f"{where} {attributes}")
    entries, notes = reads(feed(*items))
    assert ids(entries) == [str(n) for n in range(1, 30)]
    assert "in line 14." in notes[0]


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/google/google-gdata/issues/678",
    given="a prefix that is not declared",
    right="the products; what is published declares it",
)
def test_a_prefix_that_is_not_declared_is_told_by_its_name() -> None:
    text = feed(item(1, "<x:y>z</x:y>"), item(2)).replace(' xmlns:g="http://base.google.com/ns/1.0"', "")
    entries, notes = reads(text)
    assert ids(entries) == ["1", "2"]
    assert entries[0].data["x:y"] == "z"
    assert "the prefix g is not declared in line 3" in notes[0]


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/wp-e-commerce/WP-e-Commerce/issues/169",
    given="a bare `&` in a link",
    right="the link as it is meant; what is published has `&amp;`",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/miniflux/v2/issues/416",
    given="a bare `&` in a title",
    right="the title as it is meant; the line is named",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/aureliendavid/rsspreview/issues/39",
    given="`&eacute;` without a document type",
    right="é; the line is named",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/tontof/kriss_feed/issues/440",
    given="`&nbsp;` without a document type",
    right="a space that does not break; the line is named",
)
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("D&D", "D&D"),
        ("D & D", "D & D"),
        ("https://x/?a=1&copy=2&b", "https://x/?a=1&copy=2&b"),
        ("Caf&eacute;", "Café"),
        ("a&nbsp;b", "a\xa0b"),
        ("a&LT;b", "a<b"),
        ("a&#0;b", "a\ufffdb"),
        ("a&#x1F;b", "ab"),
        ("a&nonsense;b", "a&nonsense;b"),
        ("a]]>b", "a]]>b"),
    ],
)
def test_references_that_xml_does_not_know_are_read_as_they_are_meant(written: str, read: str) -> None:
    field, inner = f"<x>{written}</x>", f"<y><![CDATA[{written.replace(']]>', '')}]]></y><!-- {written} -->"
    entries, notes = reads(feed(*(item(n, inner) for n in range(1, 9)), item(9, field), item(10, inner)))
    assert ids(entries) == [str(n) for n in range(1, 11)]
    assert entries[8].data["x"] == read
    assert "line 11" in notes[0] or "line" not in notes[0]


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/mmcdole/gofeed/issues/274",
    given="a control character in a title",
    right="a space in its place; the line is named",
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_control_characters_are_read_as_spaces(encoding: str) -> None:
    entries, notes = reads(feed(*(item(n) for n in range(1, 9)), item(9, "<x>a\x08b</x>")).encode(encoding))
    assert entries[8].data["x"] == "a b"
    assert notes == ["XML does not allow the character U+0008 in line 11; it is read as a space."]


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/autobrr/autobrr/issues/1346",
    given="bytes that are no UTF-8 in a title",
    right="read as Windows-1252; what is published is UTF-8",
)
def test_bytes_outside_of_the_encoding_are_published_inside_of_it() -> None:
    entries, notes = reads(feed(item(1, "<x>Größe — 5</x>"), item(2, "<x>Caf@</x>")).encode().replace(b"@", b"\xe9"))
    assert entries[1].data["x"] == "Café"
    assert notes == ["Some of the feed's text is not in its encoding; it is read as Windows-1252."]


def test_a_feed_whose_encoding_is_guessed_is_published_in_utf_8() -> None:
    entries, _ = reads(feed(*(item(n, "<x>Größe, Café, Übermaß</x>") for n in range(9))).encode("cp1252"))
    assert entries[3].data["x"] == "Größe, Café, Übermaß"


@pytest.mark.wild(
    "broken xml",
    source="https://github.com/martinrotter/rssguard/issues/1403",
    given="blank lines before the XML declaration",
    right="all products; what is published has none",
)
@pytest.mark.wild(
    "broken xml",
    source="https://github.com/SiCKRAGETV/sickrage-issues/issues/3469",
    given="HTML before the XML declaration",
    right="all products; what is published has none",
)
@pytest.mark.parametrize(
    "before", ["\n\n", " \ufeff", "<br />\n<b>Warning</b>: x in <b>y.php</b><br />\n", "<!-- cached -->\n"]
)
def test_what_stands_before_the_declaration_costs_nothing(before: str) -> None:
    entries, notes = reads(before + feed(item(1), item(2)))
    assert ids(entries) == ["1", "2"]
    assert notes


@pytest.mark.parametrize("title", ["Shop <br> x", "Shop</b>", "<b>Shop", "a < b"])
def test_a_fault_before_the_first_product_costs_none(title: str) -> None:
    text = feed(item(1), item(2)).replace("<title>Shop", f"<title>{title}").replace("https://img.example.com/2", "/2")
    feed_reader = FeedReader(io.BytesIO(text.encode()))
    assert [entry.product_id for entry in feed_reader] == ["1", "2"]
    assert feed_reader.notes


@pytest.mark.parametrize("again", ["<b></i>", ""])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!ENTITY a "b">',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/" [<!ENTITY % a "b">]>',
    ],
)
def test_declarations_stay_refused_after_a_fault(again: str, declaration: str) -> None:
    with pytest.raises(FeedError):
        list(FeedReader(io.BytesIO(f"{HEAD}{item(1)}{again}{declaration}{item(2, '&a;')}".encode())))
    with pytest.raises(FeedError, match="a document type with declarations"):
        list(FeedReader(io.BytesIO(f"<br/>{declaration}{feed(item(2, '&a;'))}".encode())))


@pytest.mark.wild(
    "large fields",
    source="https://github.com/laminas/laminas-feed/issues/86",
    given="a text of more than 10 MB in a product",
    right="the other products; that one is left out with a warning",
)
@pytest.mark.parametrize("field", ["<description>{}</description>", "<description><![CDATA[{}]]></description>"])
def test_a_text_of_megabytes_costs_its_product_at_most(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BLOCK", 128 * 1024)
    large = field.format("data:image/png;base64," + "iVBORw0KGgo" * 1_000_000)
    entries, notes = reads(feed(item(1), item(2, large), item(3), item(4)))
    assert ids(entries) == ["1", "3", "4"]
    assert "more than 4,000,000 bytes" in notes[0]
    assert "line 4" in notes[1]


@pytest.mark.wild(
    "large fields",
    source="https://github.com/sparklemotion/nokogiri/issues/1552",
    given="a picture in base64 of 3 MB in a product",
    right="the product",
)
def test_a_text_of_three_megabytes_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BLOCK", 128 * 1024)
    entries, notes = reads(feed(item(1), item(2, f"<x>{'iVBORw0KGgo' * 272_000}</x>"), item(3)))
    assert ids(entries) == ["1", "2", "3"]
    assert notes == []


@pytest.mark.wild(
    "large fields",
    source="https://github.com/radgeek/feedwordpress/pull/23",
    given="a picture of a megabyte and more, base64 in the markup of a description, or commented out",
    right="the other products; that one is left out with a warning",
)
@pytest.mark.parametrize(
    "field", ['<description><img src="{}"/></description>', "<!-- {} --><x/>", "<x>a<!-- <item><id>9</id>{} --></x>"]
)
@pytest.mark.parametrize("letters", ["iVBORw0KGgo", "\u00e9" * 6])
def test_a_tag_or_comment_of_megabytes_costs_its_product_at_most(
    field: str, letters: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "BLOCK", 128 * 1024)
    large = field.format("data:image/png;base64," + letters * 100_000)
    entries, notes = reads(feed(item(1), item(2, large), item(3), item(4)))
    assert ids(entries) == ["1", "3", "4"]
    assert "a single tag or comment of more than 1,000,000 bytes" in notes[0]
    assert "line 4" in notes[1]


def _reader(data: bytes) -> FeedReader:
    feed_reader = FeedReader(io.BytesIO(data))
    list(feed_reader)
    return feed_reader
