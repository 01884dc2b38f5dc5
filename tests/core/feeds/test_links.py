"""Links as feeds spell them."""

from __future__ import annotations

import pytest

from frameapp.core.feeds.links import absolute


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("https://straße.de/a b.jpg", "https://xn--strae-oqa.de/a%20b.jpg"),
        ("https://www.BÜCHER.example:8080/ü.jpg?q=ü", "https://www.xn--bcher-kva.example:8080/%C3%BC.jpg?q=%C3%BC"),
        ("//例え.jp/1.jpg", "https://xn--r8jz45g.jp/1.jpg"),
        ("https://me:secret@müller.de/1.jpg", "https://me:secret@xn--mller-kva.de/1.jpg"),
        ("https://i❤.ws/1.jpg", "https://xn--i-7iq.ws/1.jpg"),
        ("bilder/mütze rot.jpg", "https://shop.example/feeds/bilder/m%C3%BCtze%20rot.jpg"),
        ("https://shop.example/100%.jpg", "https://shop.example/100%25.jpg"),
        ("https://shop.example/a%20b.jpg", "https://shop.example/a%20b.jpg"),
    ],
)
def test_a_link_becomes_what_a_browser_would_ask_for(link: str, wanted: str) -> None:
    assert absolute(link, "https://shop.example/feeds/all.xml") == wanted
    assert absolute(wanted, "") == wanted
