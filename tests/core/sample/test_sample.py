"""The sample: its feed, its pictures and its frame image."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from io import BytesIO

import pytest
from lxml import etree
from PIL import Image, ImageStat

from frameapp.core.sample import sample_feed, sample_frame_image, sample_picture
from frameapp.core.sample.catalogue import KINDS, PRODUCTS
from frameapp.core.sample.frame_image import WINDOW
from frameapp.core.sample.pictures import draw_product
from frameapp.errors import PictureError

G = "{http://base.google.com/ns/1.0}"
ENTRY = "{http://www.w3.org/2005/Atom}entry"
NUMBERS = range(1, 61)


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
def test_each_picture_is_a_clean_jpeg_with_a_product_in_it(n: int) -> None:
    picture = _open(sample_picture(n))
    assert picture.format == "JPEG"
    assert picture.mode == "RGB"
    assert picture.size == PRODUCTS[n - 1].size
    assert 900 <= max(picture.size) <= 1400
    grey = picture.convert("L")
    corners = [grey.getpixel(at) for at in ((2, 2), (picture.width - 3, 2), (2, picture.height - 3))]
    assert min(corners) > 200, "the backdrop is light up to its corners"
    assert ImageStat.Stat(grey).stddev[0] > 12, "something is on it"


def test_a_packshot_fades_to_white_before_its_edges() -> None:
    for product in (product for product in PRODUCTS if not product.tint):
        picture = draw_product(product).convert("L")
        width, height = picture.size
        edges = ((0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height))
        assert min(picture.crop(edge).getextrema()[0] for edge in edges) >= 250, product.title


def test_pictures_are_deterministic_and_differ() -> None:
    assert sample_picture(7) == sample_picture(7)
    assert len({sample_picture(n) for n in range(1, 13)}) == 12


def test_two_pictures_are_difficult() -> None:
    ratios = sorted(product.size[0] / product.size[1] for product in PRODUCTS)
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


def test_importing_the_sample_and_its_feed_needs_no_pillow() -> None:
    code = (
        "import sys; import frameapp.core.sample as s; assert len(s.sample_feed()) > 10000;"
        "assert not [m for m in sys.modules if m.startswith('PIL')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
