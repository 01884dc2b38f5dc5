"""SVG: its size, its pixels, its fonts, and what is refused before a renderer sees it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import resvg_py
from PIL import Image

from frameapp.core.render import formats, frame_png, inspect_frame, load_frame
from frameapp.core.render.source import Source
from frameapp.core.render.svg import MAX_BYTES, rasterise, svg_size
from frameapp.errors import PictureError
from tests.core.render.drawings import DISC, NAMESPACES, embedded, svg, uses
from tests.core.render.pictures import photo, saved

BOX = 'viewBox="0 0 200 100"'
WINDOW = svg(
    '<path fill-rule="evenodd" fill="navy" d="M0 0H400V400H0ZM100 100H300V300H100Z"/>', 'width="400" height="400"'
)


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        rasterise(data, 50, 50)
    return str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="200"', (300, 200)),
        (f'width="300" height="200" {BOX}', (300, 200)),
        (f'width="300px" {BOX}', (300, 150)),
        (f'height="1in" {BOX}', (192, 96)),
        (f'width="100%" height="100%" {BOX}', (1080, 540)),
        (BOX, (1080, 540)),
        ('viewBox="0,0,3000,1500"', (3000, 1500)),
        ('viewBox="-5 -5 1e1 2e1"', (540, 1080)),
        ('width="210mm" height="297mm"', (794, 1123)),
        ('width="0.1" height="0.1"', (1, 1)),
    ],
)
def test_its_size(attributes: str, size: tuple[int, int]) -> None:
    assert svg_size(svg(attributes=attributes)) == size
    assert load_frame(svg(attributes=attributes)).pixels.shape[:2] == size[::-1] if min(size) >= 8 else True


@pytest.mark.parametrize(
    "attributes", ["", 'width="100%"', 'width="-5" height="9"', 'viewBox="0 0 0 0"', 'viewBox="nan nan nan nan"']
)
def test_a_drawing_without_a_size_is_refused(attributes: str) -> None:
    with pytest.raises(PictureError, match="The SVG has no size"):
        svg_size(svg(attributes=attributes))


@pytest.mark.parametrize(
    "attributes", ['width="1e300" height="9"', 'viewBox="0 0 1e30 1e30"', 'width="20000" height="20000"']
)
def test_a_huge_one_is_refused_before_it_is_drawn(attributes: str) -> None:
    with pytest.raises(PictureError, match="The SVG is too large"):
        load_frame(svg(attributes=attributes))


def test_it_is_drawn_whole_in_the_middle_and_transparent_around() -> None:
    pixels = rasterise(svg('<rect width="100" height="100" fill="#102030"/>'), 300, 100)
    assert pixels.shape == (100, 300, 4)
    assert (pixels[:, 100:200] == (0x10, 0x20, 0x30, 255)).all()
    assert not pixels[:, :100].any()
    assert not pixels[:, 200:].any()
    styled = svg(
        '<rect width="100" height="100"/>',
        'viewBox="0 0 100 100" style="width:900px;height:30px" width="10" height="10"',
    )
    assert rasterise(styled, 64, 48).shape == (48, 64, 4)


def test_the_same_bytes_give_the_same_pixels() -> None:
    data = svg('<text x="9" y="50" font-size="30">Sale €9</text>' + DISC)
    first, second = rasterise(data, 200, 200), rasterise(data, 200, 200)
    assert (first == second).all()
    assert first.flags.c_contiguous


def test_texts_have_our_fonts_and_their_weights() -> None:
    def ink(attributes: str, text: str = "Sale") -> int:
        return int(
            rasterise(svg(f'<text x="5" y="60" font-size="30" {attributes}>{text}</text>'), 200, 200)[..., 3].sum()
        )

    assert ink('font-family="Inter" font-weight="900"') > 1.3 * ink('font-family="Inter"') > 0
    assert ink('font-family="Roboto Slab"') != ink('font-family="Inter"') == ink('font-family="sans-serif"')
    assert ink('font-family="Inter"', "שלום") > 0
    # The system's are not looked at, whatever they are: an unknown family and a generic one are drawn with ours.
    assert ink('font-family="DejaVu Sans"') == ink('font-family="No Such Family"') > 0


@pytest.mark.parametrize(
    "link",
    [
        "{path}",
        "file://{path}",
        "http://127.0.0.1:9/x.png",
        "//host/x.png",
        " {path}",
        "logo.svg#part",
        "data:text/html,x",
    ],
)
@pytest.mark.parametrize("tag", ["image", "feImage", "use"])
@pytest.mark.parametrize("name", ["href", "xlink:href"])
def test_other_files_are_refused_never_read(link: str, tag: str, name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(saved(photo(20, 20), "PNG"))
    link = link.format(path=secret)
    assert (
        "another file" in (said := refusal(svg(f'<{tag} {name}="{link}" width="9" height="9"/>')))
        or "picture in it" in said
    )


def test_the_renderer_alone_would_read_them(tmp_path: Path) -> None:
    """Why ``core.render.svg`` reads a drawing first: if this fails, resvg no longer does."""
    secret = tmp_path / "secret.png"
    Image.new("RGB", (9, 9), "red").save(secret)
    text = svg(f'<image href="{secret}" width="100" height="100"/>').decode()
    png = bytes(resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=True))
    assert Image.open(io.BytesIO(png)).getpixel((50, 50)) == (255, 0, 0, 255)


def test_entities_reach_no_file_and_do_not_multiply(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    external = (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]><svg {NAMESPACES} {BOX}><text y="50">&x;</text></svg>'
    )
    assert refusal(external.encode()).startswith("The SVG is damaged")
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">{entities}]><svg {NAMESPACES} {BOX}><text>&j;</text></svg>'
    assert refusal(bomb.encode()).startswith("The SVG is damaged")


def test_entities_as_drawing_programs_write_them_are_read() -> None:
    data = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator: a drawing program -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n'
        '\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n'
        f'<svg xmlns="&ns_svg;" width="60" height="60">{DISC}</svg>'
    ).encode()
    assert formats.recognised(data) is formats.SVG
    assert svg_size(data) == (60, 60)
    assert rasterise(data, 60, 60).any()


def test_scripts_and_pages_in_it_are_left_out() -> None:
    plain = rasterise(svg(), 80, 80)
    busy = svg(
        f'<script xlink:href="http://127.0.0.1:9/x.js">alert(1)</script><foreignObject><p/></foreignObject>'
        f'<a href="javascript:alert(1)">{DISC}</a>',
        'viewBox="0 0 100 100" onload="alert(1)"',
    )
    assert (rasterise(busy, 80, 80) == plain).all()


def test_ninety_levels_are_drawn() -> None:
    assert (rasterise(svg("<g>" * 90 + DISC + "</g>" * 90), 80, 80) == rasterise(svg(), 80, 80)).all()


def test_a_picture_inside_is_drawn() -> None:
    assert (rasterise(svg(f'<image href="{embedded(8, 8)}" width="100" height="100"/>'), 20, 20)[10, 10] == 255).all()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg", "damaged"),
        (svg()[:-3], "damaged"),
        (b"<svg width='9' height='9'/>", "SVG namespace"),
        (svg("<g>" * 100 + "</g>" * 100), "nested too deeply"),
        (svg("<g>" * 9000 + "</g>" * 9000), "nested too deeply"),
        (svg(uses(10)), "too many parts"),
        (svg(" " * MAX_BYTES), "5.0 MB; at most 5 MB"),
        (svg("<text>\x00</text>"), "damaged"),
        (svg('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'), "Embed it as a PNG"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


def test_a_frame_image_may_be_one() -> None:
    facts = inspect_frame(WINDOW)
    assert (facts.width, facts.height, facts.format) == (400, 400, "svg")
    assert facts.window is not None
    assert (facts.window.box.x, facts.window.box.width) == (100, 200)
    shown = Image.open(io.BytesIO(frame_png(WINDOW)))
    assert (shown.format, shown.size, shown.mode) == ("PNG", (400, 400), "RGBA")
    assert (np.asarray(shown) == load_frame(WINDOW).pixels).all()


def test_a_product_picture_may_be_one() -> None:
    picture = Source(svg(attributes='width="90" height="60"')).decode()
    assert (picture.facts.width, picture.facts.height, picture.alpha) == (90, 60, True)


@pytest.mark.parametrize(
    "data", [b"<html><svg></svg></html>", b"<!-- <svg --><p>", b"\x89PNG<svg ", b"<svgx>", b"<!-- " + b"-" * 100_000]
)
def test_what_only_has_a_drawing_in_it_is_none(data: bytes) -> None:
    assert formats.recognised(data) is None
