"""Hostile SVG in the render process: each costs at most itself, and the next one is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frameapp.adapters.render_process import Renderer
from frameapp.core.render import frame_png
from frameapp.errors import PictureError
from tests.conftest import AttackFigure
from tests.core.render.drawings import DEAR, svg

PLAIN = svg()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(seconds=2, memory_mb=800) as renderer:
        yield renderer


@pytest.mark.attack
@pytest.mark.parametrize("kind", DEAR)
def test_a_hostile_drawing_costs_at_most_itself(kind: str, renderer: Renderer, attack_figure: AttackFigure) -> None:
    try:
        renderer.frame_png(DEAR[kind])
        came = "drawn"
    except PictureError as error:
        came = str(error)
    attack_figure(
        f"SVG: {kind}", came, "drawn or refused; the next is drawn", held=renderer.frame_png(PLAIN) == frame_png(PLAIN)
    )
