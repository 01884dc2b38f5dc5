"""What a rewritten feed says, by another reader: lxml's canonical form (C14N) differs in the links only."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from frameapp.core.feeds import rewrite

GOOGLE = 'xmlns:g="http://base.google.com/ns/1.0"'
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
HEADS = {
    "rss": (f'<rss version="2.0" {GOOGLE} xmlns:x="urn:x"><channel><title>T</title>', "item", "</channel></rss>"),
    "atom": (f'<?xml-stylesheet href="s.xsl"?><feed {ATOM} {GOOGLE} xmlns:x="urn:x">', "entry", "</feed>"),
    "atom by prefix": (
        f'<a:feed xmlns:a="http://www.w3.org/2005/Atom" {GOOGLE} xmlns:x="urn:x">', "a:entry", "</a:feed>"
    ),
}  # fmt: skip
PLACE = "@"
"""Where a feed is written with its image links left out."""
LINKS = [
    f"<g:image_link>{PLACE}</g:image_link>",
    f"<g:image_link>\n  {PLACE} </g:image_link>",
    f"<g:image_link note='1 &gt; 0'><![CDATA[ {PLACE} ]]></g:image_link>",
    f"<g:image_link><!-- was <b> -->{PLACE}<?keep this?></g:image_link>",
    f'<q:image_link xmlns:q="http://base.google.com/ns/1.0">{PLACE}</q:image_link>',
]
OTHERS = [
    "<title>Caf&#233; &amp; &lt;bar&gt; &quot;x&quot;</title>",
    "<title><![CDATA[<b>bold</b> & more]]> and <![CDATA[]]>text</title>",
    "<!-- <item><g:image_link>https://old.example.com/</g:image_link></item> -->",
    "<?php <g:image_link>https://old.example.com/</g:image_link> ?>",
    '<x:image_link>https://theirs.example.com/1.jpg</x:image_link><x:deep a="1"><x:er b="&#9;2">z</x:er></x:deep>',
    "<g:additional_image_link>https://old.example.com/b.jpg</g:additional_image_link>",
    "<g:shipping><g:country>DE</g:country><g:price>1 &#8364;</g:price></g:shipping>",
    '<y xmlns="urn:y"><image_link>https://theirs.example.com/2.jpg</image_link></y>',
    "<link href='https://old.example.com/?a=1&amp;b=2'/><empty></empty>\r\n\t",
]
OLD, NEW = "https://old.example.com/a b.jpg?c=1&d=ü", "https://out.example.com/n.jpg?a=1&b=2"
PRODUCTS = st.tuples(st.sampled_from(LINKS), st.lists(st.sampled_from(OTHERS), max_size=5), st.booleans())


def written(form: str, products: list[tuple[str, list[str], bool]], link: str) -> bytes:
    head, name, tail = HEADS[form]
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n', head]
    for spot, others, first in products:
        filled = spot.replace(PLACE, link if "CDATA" in spot else escape(link))
        inner = "".join([filled, *others] if first else [*others, filled])
        parts.append(f"\n<{name}><g:id>1</g:id>{inner}</{name}>")
    return "".join([*parts, tail, "<!-- the end -->"]).encode()


def canonical(feed: bytes) -> bytes:
    out = io.BytesIO()
    etree.ElementTree(etree.fromstring(feed)).write_c14n(out, with_comments=True)
    return out.getvalue()


def check(form: str, products: list[tuple[str, list[str], bool]]) -> None:
    original, out = written(form, products, OLD), io.BytesIO()
    done = rewrite(io.BytesIO(original), out, lambda _entry: NEW)
    assert (done.entries, done.replaced) == (len(products), len(products))
    assert canonical(out.getvalue()) == canonical(written(form, products, NEW))
    assert canonical(out.getvalue()) != canonical(original)
    assert out.getvalue().count(b"<![CDATA[") == original.count(b"<![CDATA[")


@pytest.mark.parametrize("form", HEADS)
@pytest.mark.parametrize("spot", LINKS)
def test_every_spelling_of_a_link_among_everything_else(form: str, spot: str) -> None:
    check(form, [(spot, OTHERS, first) for first in (True, False)] * 3)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(HEADS)), st.lists(PRODUCTS, min_size=1, max_size=8), st.integers(1, 5))
def test_products_of_any_make(form: str, products: list[tuple[str, list[str], bool]], times: int) -> None:
    """The same products several times, so that their shapes are learned."""
    check(form, products * times)
