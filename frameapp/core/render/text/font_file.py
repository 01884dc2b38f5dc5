"""A font file as it is uploaded -> one that texts are drawn with."""

from __future__ import annotations

from struct import unpack

import uharfbuzz as hb

from frameapp.core.keys import digest_of
from frameapp.core.render.facts import FontFile
from frameapp.core.render.text.drawing import Lines, draw
from frameapp.core.render.text.faces import chain_of, opened
from frameapp.core.render.text.packing import unpacked
from frameapp.core.render.text.setting import Style, set_text
from frameapp.core.values.cleaning import clean
from frameapp.errors import PictureError

MAX_BYTES = 10_000_000
_TRIED = 200  # characters that are drawn to see that the font can be drawn


def read_font(data: bytes) -> FontFile:
    """The font of a TTF, OTF, WOFF or WOFF2 file. Raises PictureError where texts cannot be set in it."""
    if len(data) > MAX_BYTES:
        raise PictureError(f"The font is too large: at most {MAX_BYTES // 1_000_000} MB.")
    plain = unpacked(data)
    face = opened(plain)
    if not _is_whole(plain):
        raise PictureError("The font file is damaged: a part of it is missing. Upload it again.")
    characters = sorted(face.unicodes)
    if not characters:
        raise PictureError("The font has no characters.")
    _try(plain, "".join(chr(code) for code in characters[:_TRIED]))
    return FontFile(clean(face.get_name(hb.OTNameIdPredefined.FONT_FAMILY) or "")[:80] or "Font", plain)


def _try(data: bytes, text: str) -> None:
    """Draws some of its characters, so that a font that cannot be drawn is refused when it is uploaded."""
    digest = digest_of(data)
    style = Style(chain_of(digest, 400, italic=False, assets={digest: data}), 24, 24, 20, 1.2, 0.0)
    setting = set_text(text, style, 600, 600)
    draw(setting, style, 600, 600, [0.0] * len(setting.lines), 0.0, Lines(underline=True, strike=True))


def _is_whole(data: bytes) -> bool:
    """Whether each table that the file lists is in it; HarfBuzz takes what is missing for empty."""
    start = int.from_bytes(data[12:16]) if data[:4] == b"ttcf" else 0
    tables = int.from_bytes(data[start + 4 : start + 6])
    heads = (data[start + 12 + 16 * n : start + 28 + 16 * n] for n in range(tables))
    return all(len(head) == 16 and sum(unpack(">II", head[8:])) <= len(data) for head in heads)
