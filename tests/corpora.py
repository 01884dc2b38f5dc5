"""Folders of other people's test pictures: each is rendered, and compared with what Chromium shows.

``python -m tests.corpora FOLDER...`` goes through every file below the folders, renders each picture in the real
render child and prints where the two disagree, which sentences the refused ones got, and the figures. It ends with 1
where a picture that Chromium decodes is refused or looks different, or where the child dies. Of a file that is cut off
or damaged inside, Chromium shows what it has; it is no disagreement that such a file is refused, or shown whole.
``MEANT`` are the disagreements that stay, each with its reason.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from frameapp.adapters.render_process import Renderer, picture_of
from frameapp.core.design.content import MAIN_PICTURE, Content
from frameapp.core.design.recipe import Box, Encoder, Fit, Recipe
from frameapp.core.design.stored import StoredDesign
from frameapp.core.design.upgrades import MAIN
from frameapp.core.keys import digest_of
from frameapp.core.render import formats
from frameapp.errors import PictureError
from tests.shown import Shown, chromium

KINDS = {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".avif", ".mpo"}
LEVELS = 6  # by which a colour of the small canvas may differ
SIDE = 48  # of the small canvas, in pixels
MEANT = {
    "chunk_multi_actl": "two acTL chunks: Chromium drops the animation, its first frame is rendered",
    "chunk_no_fdat": "an animation without frames is refused; Chromium shows the picture before it",
    "icc_profile_big": "LittleCMS and Chromium's skcms interpolate a table of colours in different ways",
    "ycck": "the black of CMYK is compensated, as in print; Chromium shows it as grey",
    "bad_palette_index": "Chromium shows colours that the palette lacks as transparent, though the header denies alpha",
    "pyramid_pymd": "libavif does not know this group of pictures",
    "poc_b_506387278": "nclx and the pixels disagree on their range; Chromium believes the pixels",
    "cosmos1650_yuv444_10bpc_p3pq": "Chromium ignores the curve of colours with matrix 12, and shows PQ's levels",
    "red-at-12-oclock-with-color-profile-12bpc": "Chromium does not smooth the halved chroma of 12 bits",
    # Alpha of AVIF is in full range (AV1 Image File Format, 4.1).
    "color_grid_": "Chromium takes alpha in full range for limited range",
    "color_nogrid_": "Chromium takes alpha in full range for limited range",
    "unsupported_gainmap_": "Chromium takes alpha in full range for limited range",
    "clop_irot_imor": "Chromium takes alpha in full range for limited range",
}
_DIED = ("crashed", "took too long", "more memory")


@dataclass(frozen=True)
class Verdict:
    """``same``, ``different``, ``refused`` (though shown), ``in part`` (shown so by Chromium), ``both refused``,
    ``only ours``, ``meant`` or ``died``, and why.
    """

    kind: str
    why: str = ""


def judged(data: bytes, renderer: Renderer, shown: Shown) -> Verdict:
    """What comes of the picture here and there."""
    theirs = shown.of(data)
    try:
        ours = _rendered(data, renderer, theirs.size if theirs else (64, 64))
    except PictureError as error:
        if any(word in str(error) for word in _DIED):
            return Verdict("died", str(error))
        if theirs is None:
            return Verdict("both refused", str(error))
        return Verdict("refused" if shown.decodes(data) else "in part", str(error))
    if theirs is None:
        return Verdict("only ours")
    levels = _difference(ours, theirs)
    if levels <= LEVELS:
        return Verdict("same")
    return Verdict("different" if shown.decodes(data) else "in part", f"{levels} levels")


def _rendered(data: bytes, renderer: Renderer, size: tuple[int, int]) -> Image.Image:
    """The picture at that size, without loss, on a transparent frame image."""
    width, height = size
    canvas = (max(8, width), max(8, height))
    recipe = Recipe(Box(0, 0, width, height), fit=Fit.STRETCH, encoder=Encoder(formats.PNG))
    design = StoredDesign.of_recipe(recipe, digest_of(f"{canvas}".encode()))
    results = renderer.render({MAIN_PICTURE: data}, Content(), design=design, load_asset=lambda _: _frame(canvas))
    found = picture_of(results, MAIN)
    return Image.open(io.BytesIO(found.data)).convert("RGBA").crop((0, 0, width, height))


def _frame(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _difference(ours: Image.Image, theirs: Image.Image) -> int:
    """By how many levels the two differ most, small, on black and on white."""
    return max(int(np.abs(_small(ours, ground) - _small(theirs, ground)).max()) for ground in ("black", "white"))


def _small(image: Image.Image, ground: str) -> npt.NDArray[np.int16]:
    canvas = Image.new("RGBA", image.size, ground)
    canvas.alpha_composite(image)
    canvas = canvas.convert("RGB")
    canvas.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(canvas, np.int16)


def pictures(folders: Iterable[Path]) -> Iterator[Path]:
    """The files below the folders whose names end like pictures'."""
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())


def main(folders: list[str]) -> int:
    """Print the table; 1 where anything disagrees."""
    figures: Counter[str] = Counter()
    sentences: Counter[str] = Counter()
    with chromium() as shown, Renderer(seconds=60) as renderer:
        for path in pictures(map(Path, folders)):
            verdict = judged(path.read_bytes(), renderer, shown)
            if verdict.kind in {"different", "refused"}:
                reason = next((reason for name, reason in MEANT.items() if name in path.name), "")
                verdict = Verdict("meant", reason) if reason else verdict
            figures[verdict.kind] += 1
            if verdict.kind in {"different", "refused", "died"}:
                sys.stdout.write(f"{verdict.kind:<14}{path}: {verdict.why}\n")
            elif verdict.kind in {"both refused", "in part", "meant"}:
                sentences[f"{verdict.kind}: {verdict.why}"] += 1
    for sentence, number in sentences.most_common():
        sys.stdout.write(f"{number:>6} {sentence}\n")
    sys.stdout.write(", ".join(f"{number} {kind}" for kind, number in sorted(figures.items())) + "\n")
    return int(any(figures[kind] for kind in ("different", "refused", "died")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
