"""Drawings that the SVG tests write: harmless ones and hostile ones."""

from __future__ import annotations

import base64
import io

from PIL import Image

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
DISC = '<circle cx="50" cy="50" r="40" fill="#c8102e"/>'


def svg(body: str = DISC, attributes: str = 'viewBox="0 0 100 100" width="100" height="100"') -> bytes:
    """A drawing."""
    return f"<svg {NAMESPACES} {attributes}>{body}</svg>".encode()


def embedded(width: int, height: int) -> str:
    """A picture of one colour as a data address."""
    buffer = io.BytesIO()
    Image.new("1", (width, height), 1).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _chain(kind: str, count: int, link: str) -> str:
    """Each of them refers to the one before."""
    first = f'<{kind} id="k0"><rect width="90" height="90"/></{kind}>'
    more = (f'<{kind} id="k{n}" {link}="url(#k{n - 1})"><rect width="9" height="9"/></{kind}>' for n in range(1, count))
    return f'<defs>{first}{"".join(more)}</defs><rect width="99" height="99" {link}="url(#k{count - 1})"/>'


def _masks(depth: int) -> str:
    """Four masked by four masked by four ..."""
    part = '<rect width="99" height="99" mask="url(#m{})"/>'
    first = '<mask id="m0"><rect width="9" height="9" fill="#fff"/></mask>'
    more = (f'<mask id="m{n}">{part.format(n - 1) * 4}</mask>' for n in range(1, depth))
    return f"<defs>{first}{''.join(more)}</defs>{part.format(depth - 1)}"


def uses(depth: int) -> str:
    """Ten copies of ten copies of ..."""
    part = '<use href="#a{}"/>'
    groups = "".join(f'<g id="a{n}">{part.format(n - 1) * 10}</g>' for n in range(1, depth))
    return f'<defs><rect id="a0" width="9" height="9"/>{groups}</defs><use href="#a{depth - 1}"/>'


def deep_copies(depth: int) -> str:
    """A copy in a copy in a copy ..., each of them in ninety groups: deeper than the document."""
    groups = (f'<g id="d{n}">{"<g>" * 90}<use href="#d{n - 1}"/>{"</g>" * 90}</g>' for n in range(1, depth))
    return f'<defs><rect id="d0" width="9" height="9"/>{"".join(groups)}</defs><use href="#d{depth - 1}"/>'


# What is too dear, or breaks the renderer: it is left to the child's deadline, memory and life.
DEAR = {
    "masks in masks": svg(_masks(12)),
    "a chain of 3,000 clips": svg(_chain("clipPath", 3000, "clip-path")),
    "a blur of 1,000 px": svg(
        '<filter id="f" x="-10" y="-10" width="30" height="30"><feGaussianBlur stdDeviation="1000"/></filter>'
        '<g filter="url(#f)"><rect width="50" height="50"/></g>',
        'viewBox="0 0 100 100" width="4000" height="4000"',
    ),
    "400 turbulences": svg(
        '<filter id="f">' + '<feTurbulence numOctaves="1000"/>' * 400 + "</filter>"
        '<rect filter="url(#f)" width="100" height="100"/>',
        'viewBox="0 0 100 100" width="2000" height="2000"',
    ),
    "a picture of 400 megapixels inside": svg(f'<image href="{embedded(20_000, 20_000)}" width="90" height="90"/>'),
    "copies of copies": svg(uses(10)),
    "a pattern of a thousandth": svg(
        '<pattern id="p" width="0.001" height="0.001" patternUnits="userSpaceOnUse"><circle r="1"/></pattern>'
        '<rect width="100" height="100" fill="url(#p)"/>'
    ),
    "copies 200 deep": svg(deep_copies(200)),
}
