"""A product in a design: texts, hidden layers, pictures, and what its digest covers."""

from __future__ import annotations

from frameapp.core.design.content import content_of
from tests.core.design.designs import CONTEXT, design, layer

PRODUCT = {
    "id": "1",
    "title": "Straße",
    "price": "59,90 EUR",
    "sale_price": "39.90 EUR",
    "image_link": "https://shop.example/a.jpg",
    "additional_image_link": ["https://shop.example/b.jpg", "https://shop.example/c.jpg"],
    "brand_logo": "https://shop.example/logo.png",
}


def test_texts_are_evaluated_and_written_in_the_frames_locale() -> None:
    made = design(
        layer("text", text="Now {price_now | money}", id="now"),
        layer("text", text="{title}", id="title", upper=True),
        layer("text", text="Sale", id="fixed"),
    )
    assert content_of(made, PRODUCT, CONTEXT).texts == {"now": "Now 39,90\xa0€", "title": "STRASSE", "fixed": "Sale"}


def test_a_layer_is_hidden_by_its_condition_or_by_an_empty_field() -> None:
    made = design(
        layer("text", text="{brand}", id="empty"),
        layer("text", text="by {brand}", id="part"),
        layer("text", text="by {brand}", id="kept", keep_empty=True),
        layer("text", text='by {brand | default: "us"}', id="default"),
        layer("shape", id="sale", when={"all": [{"on_sale": True}]}),
        layer("shape", id="no-sale", when={"all": [{"on_sale": False}]}),
        layer("product", id="third", number=3),
        layer("image", id="badge", field="energy_label"),
    )
    found = content_of(made, PRODUCT, CONTEXT)
    assert found.hidden == {"empty", "part", "no-sale", "third", "badge"}
    assert found.texts == {"kept": "by", "default": "by us"}


def test_pictures_are_addresses_by_their_keys() -> None:
    made = design(layer("product", id="second", number=2), layer("image", id="logo", field="brand_logo"))
    assert content_of(made, PRODUCT, CONTEXT).pictures == {
        "0": "https://shop.example/a.jpg",
        "2": "https://shop.example/c.jpg",
        "field:brand_logo": "https://shop.example/logo.png",
    }


def test_money_that_cannot_be_read_is_a_warning() -> None:
    made = design(layer("text", text="{price | money}", id="price"))
    found = content_of(made, PRODUCT | {"price": "call us"}, CONTEXT)
    assert found.texts == {"price": "call us"}
    assert [str(one) for one in found.warnings] == ["“call us” in the field price cannot be read as a price."]


def test_what_a_size_uses_changes_with_its_own_texts_only() -> None:
    sizes = [{"key": "main", "width": 100, "height": 80}, {"key": "story", "width": 100, "height": 80}]
    box = {"x": 0, "y": 0, "width": 50, "height": 20}
    made = design(
        layer("text", text="{title}", id="title"),
        layer("text", text="{price | money}", id="price", boxes={"story": box}),
        sizes=sizes,
    )
    main, story = made.sizes

    def used(**changes: str) -> tuple[list[object], list[object]]:
        found = content_of(made, PRODUCT | changes, CONTEXT)
        return found.used(made, main, {"0": "aa"}), found.used(made, story, {"0": "aa"})

    before, dearer, renamed = used(), used(price="70 EUR"), used(title="Shirt")
    assert dearer[0] == before[0]
    assert dearer[1] != before[1]
    assert renamed[0] != before[0]
    assert used(description="new", availability="out of stock") == before
