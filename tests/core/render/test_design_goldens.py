"""Golden pictures of designs: each layer kind, property and script, compared by SSIM, size and mode.

``python -m tests.core.render.test_design_goldens`` draws them anew; look at them, enlarged, before you commit them.
There is none for Chinese, Japanese and Korean: no face for them ships.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.ssim import ssim
from frameapp.core.design.layers import ImageLayer, ProductLayer, ShapeLayer, TextLayer
from tests.core.render.design_goldens import GOLDENS, DesignGolden
from tests.core.render.pictures import opened, saved
from tests.core.render.test_golden import on_magenta

FOLDER = Path(__file__).parent / "golden" / "designs"
#: Properties that say when or where a layer is drawn, not how; a box and a feed's field are tested with the content.
NOT_DRAWN = {"kind", "id", "name", "when", "locked", "boxes", "number", "asset", "field", "text", "keep_empty"}


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_it_looks_as_it_did(golden: DesignGolden) -> None:
    picture, kept = opened(golden.rendered().data), opened((FOLDER / f"{golden.name}.png").read_bytes())
    assert (picture.size, picture.mode) == (kept.size, kept.mode)
    assert ssim(on_magenta(picture), on_magenta(kept)) > 0.99
    difference = np.abs(np.asarray(on_magenta(picture), int) - np.asarray(on_magenta(kept), int))
    assert difference.mean() < 1


def test_each_property_of_each_kind_has_a_golden_picture() -> None:
    shown = {(layer["kind"], name) for golden in GOLDENS for layer in golden.layers for name in layer}
    kinds = (ProductLayer, ImageLayer, ShapeLayer, TextLayer)
    drawn = {(kind.model_fields["kind"].default, name) for kind in kinds for name in kind.model_fields}
    assert {(kind, name) for kind, name in drawn if name not in NOT_DRAWN} <= shown


def draw_anew() -> None:
    """Writes all golden pictures, with as few colours as they have."""
    FOLDER.mkdir(exist_ok=True)
    for golden in GOLDENS:
        data = saved(opened(golden.rendered().data), "PNG", optimize=True)
        (FOLDER / f"{golden.name}.png").write_bytes(data)


if __name__ == "__main__":
    draw_anew()
