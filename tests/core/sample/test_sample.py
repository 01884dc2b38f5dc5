"""The sample: its feed, its pictures and its frame image."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

import pytest
from lxml import etree
from PIL import Image, ImageStat

from frameapp.core.sample import PICTURES, sample_feed, sample_frame_image, sample_picture
from frameapp.core.sample.catalogue import KINDS, PRODUCTS
from frameapp.errors import PictureError

G = "{http://base.google.com/ns/1.0}"
ENTRY = "{http://www.w3.org/2005/Atom}entry"
NUMBERS = range(1, 61)
WINDOW = (44, 44, 1036, 906)  # left, top, right, bottom of the frame image's transparent window


def _open(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_the_feed_has_sixty_products_with_all_that_a_feed_needs() -> None:
    entries = etree.fromstring(sample_feed()).findall(ENTRY)
    assert len(entries) == 60
    ids = [entry.findtext(f"{G}id") for entry in entries]
    assert len(set(ids)) == 60
    links = [entry.findtext(f"{G}image_link") for entry in entries]
    assert links == [f"sample:/product/{n}" for n in NUMBERS]
    for entry in entries:
        for name in ("title", "description", "link", "availability", "price", "brand"):
            assert entry.findtext(f"{G}{name}"), name


def test_the_feed_is_varied() -> None:
    assert {product.kind for product in PRODUCTS} == set(KINDS)
    assert len({product.title for product in PRODUCTS}) == 60
    assert len({product.brand for product in PRODUCTS}) >= 6
    assert set(Counter(product.availability for product in PRODUCTS)) == {"in_stock", "out_of_stock", "preorder"}
    on_sale = [product for product in PRODUCTS if product.sale_price]
    assert 10 < len(on_sale) < 40
    assert all(float(product.sale_price) < float(product.price) for product in on_sale)


@pytest.mark.parametrize("n", NUMBERS)
def test_each_picture_is_a_clean_webp_with_a_product_in_it(n: int) -> None:
    picture = _open(sample_picture(n))
    assert picture.format == "WEBP"
    assert picture.mode == "RGB"
    assert 1200 <= max(picture.size) <= 1400
    grey = picture.convert("L")
    corners = [grey.getpixel(at) for at in ((2, 2), (picture.width - 3, 2), (2, picture.height - 3))]
    assert min(corners) > 200, "the backdrop is light up to its corners"
    assert ImageStat.Stat(grey).stddev[0] > 12, "something is on it"


def test_the_pictures_are_small_and_differ() -> None:
    assert len({sample_picture(n) for n in NUMBERS}) == 60
    assert sorted(path.name for path in PICTURES.iterdir()) == [*(f"{n:02d}.webp" for n in NUMBERS), "frame.png"]
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 3_000_000


def test_two_pictures_are_difficult() -> None:
    ratios = sorted(picture.width / picture.height for picture in (_open(sample_picture(n)) for n in NUMBERS))
    assert ratios[0] < 0.34
    assert ratios[-1] > 3
    assert ratios[1] >= 0.7
    assert ratios[-2] <= 1.5


@pytest.mark.parametrize("n", [0, 61, -1])
def test_an_unknown_product_has_no_picture(n: int) -> None:
    with pytest.raises(PictureError, match="no product"):
        sample_picture(n)


def test_the_frame_image_has_a_transparent_window() -> None:
    frame = _open(sample_frame_image())
    assert (frame.format, frame.mode, frame.size) == ("PNG", "RGBA", (1080, 1080))
    alpha = frame.getchannel("A")
    assert alpha.point([255 if i == 0 else 0 for i in range(256)]).getbbox() == WINDOW
    left, top, right, bottom = WINDOW
    assert alpha.getpixel(((left + right) // 2, (top + bottom) // 2)) == 0
    for at in ((10, 10), (1069, 10), (10, 1069), (540, 1000)):
        assert alpha.getpixel(at) == 255
