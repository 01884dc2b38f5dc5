"""What holds for every feed: hypothesis makes them up."""

from __future__ import annotations

import csv
import gzip
import io
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from frameapp.core.feeds import FeedReader, SeenIds, rewrite, source, unpack
from frameapp.core.feeds.encoding import Decoder
from frameapp.core.feeds.links import absolute
from frameapp.errors import FeedError
from tests.core.feeds import samples
from tests.core.feeds.reading import well_formed

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t")
TEXTS = st.one_of(st.text(LETTERS, max_size=20), st.sampled_from(["A&amp;B", "&lt;b&gt; &eacute;", "&#38;amp; a&b"]))
NAMES = st.sampled_from(
    ["id", "g:id", "title", "g:image_link", "image_link", "x:y", "shipping", "additional_image_link"]
)
FRAGMENTS = [
    b"<", b">", b"&", b";", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<item>", b"</item>", b"<g:image_link>", b"<?x ?>",
    b"</g:image_link>", b"<entry xmlns='x'>", b"</entry>", b"<id>1</id>", b" ", b"\xff", b"\xc3\xa9", b"\0", b"a='>'",
    b'"', b",", b"\n", b"\r", b"id", b"image_link", b"\t", b"http://a.example.com/1.jpg", b"&amp;", b"&eacute;", b"/>",
    b"<rss><channel>", b"</channel></rss>", b"<feed xmlns:g='http://base.google.com/ns/1.0'>", b"</feed>",
    b"\xef\xbb\xbf",
]  # fmt: skip


def spoiled(data: bytes, fragments: list[bytes], random: object) -> bytes:
    """A sample with fragments put in, or in place of what stood there."""
    for fragment in fragments:
        at = random.randrange(len(data) + 1)  # type: ignore[attr-defined]
        data = data[:at] + fragment + data[at + random.choice((0, len(fragment))) :]  # type: ignore[attr-defined]
    return data


BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(b"".join),
    st.builds(
        spoiled,
        st.sampled_from(sorted(samples.ALL.values())),
        st.lists(st.sampled_from(FRAGMENTS), max_size=4),
        st.randoms(),
    ),
)  # fmt: skip
many = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True, params=[unpack.BLOCK, 16])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BLOCK", request.param)
    monkeypatch.setattr(source, "HEAD", min(source.HEAD, request.param * 16))


@st.composite
def elements(draw: st.DrawFn) -> str:
    name = draw(NAMES)
    text = draw(TEXTS)
    attributes = draw(st.sampled_from(["", ' a="1"', " b='>'", ' xml:lang="de"', ' xmlns:q="urn:q"']))
    kind = draw(st.sampled_from(["text", "cdata", "comment", "nested", "empty", "mixed"]))
    content = {
        "text": escape(text),
        "cdata": f" <![CDATA[{text.replace(']]>', '')}]]>",
        "comment": f"{escape(text)}<!-- </item><item> -->x",
        "nested": f"<c>{escape(text)}</c><d/>",
        "mixed": f"{escape(text)}<![CDATA[<id>]]>{escape(text)}",
        "empty": "",
    }[kind]
    return f"<{name}{attributes}/>" if kind == "empty" and text else f"<{name}{attributes}>{content}</{name}>"


@st.composite
def feeds(draw: st.DrawFn) -> str:
    alike = draw(st.lists(elements(), max_size=6))
    items = draw(st.lists(st.one_of(st.just(alike), st.lists(elements(), max_size=6)), min_size=1, max_size=12))
    space = draw(st.sampled_from(["", "\n  ", "<!-- <item> -->", "<?php item ?>"]))
    inner = space.join("<item>" + "\n".join(item) + "</item>" for item in items)
    head = '<rss xmlns:g="http://base.google.com/ns/1.0" xmlns:x="urn:x"><channel>'
    return f"{draw(st.sampled_from(['', chr(0xFEFF)]))}{head}{space}{inner}{space}</channel></rss>"


@many
@given(BYTES)
@example(b"\xff\xfe<\0")
@example(b"id,image_link\n1,\x1f\x8b")
def test_reading_raises_nothing_but_feed_errors(data: bytes) -> None:
    for form in (data, gzip.compress(data)[: len(data) + 15]):
        with suppress(FeedError):
            list(FeedReader(io.BytesIO(form)))


@many
@given(BYTES)
@example(b"<rss><channel><item></item>&<item a=1></channel>\x08</rss>")
@example(b'<feed xmlns=">http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>')
def test_what_is_rewritten_with_the_same_links_is_the_same_or_well_formed(data: bytes) -> None:
    """Tables stay byte by byte; so does XML, unless it breaks the rules, and then it keeps them afterwards."""
    for link in (lambda _entry: None, lambda entry: entry.image_link):
        out = io.BytesIO()
        try:
            rewrite(io.BytesIO(data), out, link)
        except FeedError:
            continue
        feed_reader = FeedReader(io.BytesIO(data))
        list(feed_reader)
        if feed_reader.format.name in ("csv", "tsv") or well_formed(data, feed_reader):
            assert out.getvalue() == data
        else:
            assert well_formed(out.getvalue(), feed_reader)


@many
@given(feeds(), st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))
def test_a_feed_of_any_shape_is_read_as_lxml_reads_it(feed: str, encoding: str) -> None:
    data = feed.encode(encoding)
    tree = etree.fromstring(feed.lstrip("\ufeff").encode())
    items = tree.findall("./channel/item")
    entries = list(FeedReader(io.BytesIO(data)))
    assert len(entries) == len(items)
    for entry, item in zip(entries, items, strict=True):
        expected = _first(item, "{http://base.google.com/ns/1.0}id") or _first(item, "id")
        assert entry.product_id == expected
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: f"https://out.example.com/{entry.position}?a&b")
    written = list(FeedReader(io.BytesIO(out.getvalue())))
    for before, after in zip(entries, written, strict=True):
        wanted = f"https://out.example.com/{before.position}?a&b" if before.image_link else ""
        assert after.image_link == wanted
        assert {**after.data, "image_link": ""} == {**before.data, "image_link": ""}
    etree.fromstring(out.getvalue().decode(encoding).lstrip("\ufeff").encode())


@many
@given(feeds())
def test_the_short_cut_and_expat_agree(feed: str) -> None:
    """A processing instruction in a product sends it to expat."""
    quick, slow = feed, feed.replace("<item>", "<item><?x?>")
    assert list(FeedReader(io.BytesIO(quick.encode()))) == list(FeedReader(io.BytesIO(slow.encode())))
    written = []
    for text in (quick, slow):
        out = io.BytesIO()
        rewrite(io.BytesIO(text.encode()), out, lambda entry: f"https://out.example.com/{entry.position}?a&b")
        written.append(out.getvalue().replace(b"<?x?>", b""))
    assert written[0] == written[1]


@many
@given(feeds(), st.sampled_from(["rss", "atom"]))
def test_the_recovering_reader_and_the_fast_one_agree(feed: str, form: str) -> None:
    """An element before the root sends all of a feed to the recovering reader."""
    text = feed.lstrip("\ufeff")
    if form == "atom":
        text = text.replace("<rss ", '<feed xmlns="http://www.w3.org/2005/Atom" ').replace("</rss>", "</feed>")
        text = text.replace("<item>", "<entry>").replace("</item>", "</entry>")
    assert list(FeedReader(io.BytesIO(f"<br/>{text}".encode()))) == list(FeedReader(io.BytesIO(text.encode())))


def _first(item: etree._Element, tag: str) -> str:
    texts = ("".join(found.xpath("text()")).strip() for found in item.findall(tag))
    return next((text for text in texts if text), "")


@many
@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=10),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_is_read_as_csv_reads_it(
    rows: list[tuple[str, str, str]], delimiter: str, quoting: int, ends: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=ends)  # type: ignore[arg-type]
    writer.writerow(["id", "image_link", "description"])
    writer.writerows(rows)
    writer.writerow(["last", "http://i.example.com/last.jpg", "x"])
    data = text.getvalue().encode()
    entries = list(FeedReader(io.BytesIO(data)))
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    for entry, row in zip(entries[:-1], kept, strict=True):
        assert entry.product_id == row[0].strip()
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: f"http://o.example.com/{entry.position}")
    for row in csv.reader(io.StringIO(out.getvalue().decode(), newline=""), delimiter=delimiter):
        assert not row or len(row) == 3
    written = list(FeedReader(io.BytesIO(out.getvalue())))
    for before, after in zip(entries, written, strict=True):
        assert after.image_link == (f"http://o.example.com/{before.position}" if before.image_link else "")
        assert {**after.data, "image_link": ""} == {**before.data, "image_link": ""}


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_decoding_can_be_undone(first: bytes, second: bytes) -> None:
    decoder = Decoder(first)
    try:
        text = decoder.decode(first) + decoder.decode(second) + decoder.decode(b"", final=True)
    except FeedError:
        return
    assert decoder.encode(text) == first + second or not decoder.exact


@given(st.text(max_size=60), st.sampled_from(["", "https://shop.example.com/feed.xml"]))
def test_links_come_out_in_ascii_without_spaces_and_stay_as_they_are(link: str, base: str) -> None:
    made = absolute(link, base)
    assert made.isascii()
    assert " " not in made
    assert absolute(made, base) == made


@given(st.lists(st.text(max_size=5)))
def test_ids_are_new_once(ids: list[str]) -> None:
    seen = SeenIds()
    new = [product_id for product_id in ids if seen.add(product_id)]
    assert new == list(dict.fromkeys(ids))
