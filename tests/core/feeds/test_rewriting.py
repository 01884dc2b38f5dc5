"""Only the links change."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import etree

from frameapp.core.feeds import Entry, FeedReader, rewrite, source, unpack
from frameapp.errors import FeedError
from tests.core.feeds import samples

NEW = "https://out.example.com/x.jpg?a=1&b=2"


def rewritten(data: bytes, link: str | None = NEW) -> bytes:
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda _entry: link)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", samples.ALL)
@pytest.mark.parametrize("block", [unpack.BLOCK, 1, 7, 64])
def test_links_left_alone_leave_every_byte(
    name: str, encoding: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = samples.ALL[name].decode().encode(encoding)
    monkeypatch.setattr(unpack, "BLOCK", block)
    monkeypatch.setattr(source, "HEAD", 256)
    assert rewritten(data, None) == data
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, lambda entry: entry.image_link)
    assert out.getvalue() == data


def test_rss_differs_in_its_links_only() -> None:
    expected = (
        samples.RSS.replace(b"https://img.example.com/TV_123456.png", b"https://out.example.com/x.jpg?a=1&amp;b=2")
        .replace(b"https://img.example.com/a.jpg?x=1&y=2", NEW.encode())
        .replace(b"/img/mein bild.jpg", b"https://out.example.com/x.jpg?a=1&amp;b=2")
    )
    assert rewritten(samples.RSS) == expected


def test_every_replaced_link_is_read_back() -> None:
    for data in samples.ALL.values():
        before, after = list(FeedReader(io.BytesIO(data))), list(FeedReader(io.BytesIO(rewritten(data))))
        assert [entry.image_link for entry in after] == [NEW if entry.image_link else "" for entry in before]
        assert [entry.additional_image_links for entry in after] == [entry.additional_image_links for entry in before]


def test_lxml_reads_what_is_written() -> None:
    tree = etree.fromstring(rewritten(samples.ATOM))
    links = tree.findall(".//{http://base.google.com/ns/1.0}image_link")
    assert [link.text for link in links] == [NEW]


def test_csv_keeps_its_quoting() -> None:
    expected = (
        samples.CSV.replace(b"https://i.example.com/1.jpg", NEW.encode())
        .replace(b"https://i.example.com/2 x.jpg", NEW.encode())
        .replace(b"https://i.example.com/3.jpg", NEW.encode())
    )
    assert rewritten(samples.CSV) == expected


def test_a_link_that_stands_twice_in_a_line_is_replaced_in_its_own_cell() -> None:
    data = b'id,link,image_link,note\n1,http://a.example.com/1,http://a.example.com/1,"x ""http://a.example.com/1"""\n'
    assert rewritten(data, "http://n.example.com/") == (
        b'id,link,image_link,note\n1,http://a.example.com/1,http://n.example.com/,"x ""http://a.example.com/1"""\n'
    )


def test_blank_rows_before_a_product_are_no_part_of_it() -> None:
    data = b"id,image_link,title\n\n,,\n , ,\n,/0,/0\n"
    assert rewritten(data, "http://n.example.com/") == b"id,image_link,title\n\n,,\n , ,\n,http://n.example.com/,/0\n"


def test_a_link_that_leads_nowhere_is_left_alone() -> None:
    data = b"<rss><channel><item><!-- c --><id>1</id><image_link>?</image_link></item></channel></rss>"
    assert rewritten(data) == data


def test_a_link_with_the_delimiter_is_quoted() -> None:
    data = b"id,image_link,title\n1,http://a.example.com/1,t\n"
    rows = list(csv.reader(io.StringIO(rewritten(data, "http://n.example.com/a,b").decode())))
    assert rows[1] == ["1", "http://n.example.com/a,b", "t"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("http://a.example.com/", "NEW"),
        ("\n  http://a.example.com/ \n", "\n  NEW \n"),
        ("<![CDATA[http://a.example.com/]]>", "<![CDATA[NEW]]>"),
        (" <![CDATA[ http://a.example.com/ ]]> ", " <![CDATA[ NEW ]]> "),
        ("<!-- old --> http://a.example.com/<!-- x -->1.jpg", "<!-- old --> NEW<!-- x -->"),
        ("http://a.example.com/<![CDATA[?a&b]]>", "NEW<![CDATA[]]>"),
        ("http://a.example.com/<b>1</b>.jpg", "NEW<b></b>"),
    ],
)
def test_the_space_around_a_link_stays(content: str, expected: str) -> None:
    feed = '<rss><channel><item><id>1</id><image_link x=">">{}</image_link></item></channel></rss>'
    assert (
        rewritten(feed.format(content).encode())
        == feed.format(expected.replace("NEW", NEW))
        .replace(NEW, NEW if "CDATA[" in expected and "NEW<" not in expected else NEW.replace("&", "&amp;"))
        .encode()
    )


def test_the_short_cut_and_expat_agree() -> None:
    """A processing instruction in a product sends it to expat."""
    item = (
        "<item>{}<g:id>é{}</g:id><t>x &amp; ü</t><g:image_link>http://i.example.com/{}.jpg</g:image_link>"
        "<g:image_link></g:image_link><s><c>1</c></s><link href='h'/></item>\n"
    )
    head = '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
    quick = head + "".join(item.format("", n, n) for n in range(300)) + "</channel></rss>"
    slow = head + "".join(item.format("<?x é?>" if n % 2 else "<?x?>", n, n) for n in range(300)) + "</channel></rss>"

    def name(entry: Entry) -> str:
        return f"https://out.example.com/{entry.position}"

    assert list(FeedReader(io.BytesIO(quick.encode()))) == list(FeedReader(io.BytesIO(slow.encode())))
    one, other = io.BytesIO(), io.BytesIO()
    rewrite(io.BytesIO(quick.encode()), one, name)
    rewrite(io.BytesIO(slow.encode()), other, name)
    assert one.getvalue() == other.getvalue().replace("<?x é?>".encode(), b"").replace(b"<?x?>", b"")
    assert one.getvalue().count(b"https://out.example.com/") == 300


def test_an_encoding_with_two_spellings_is_refused_rather_than_changed() -> None:
    feed = '<?xml version="1.0" encoding="{}"?><rss><channel><item><title>{}</title></item></channel></rss>'
    sound = feed.format("windows-31j", "品番").encode("cp932")
    assert rewritten(sound) == sound
    doubled = sound.replace("番".encode("cp932"), b"\x87\x90")
    assert doubled.decode("cp932").encode("cp932") != doubled
    with pytest.raises(FeedError, match="two spellings"):
        rewritten(doubled)
