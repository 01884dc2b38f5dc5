"""The preview fetched over HTTP equals the stored object of the run, byte for byte, for difficult products."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from frameapp.core.design.recipe import Anchor, Box, Encoder, Fit, Layer, Recipe
from frameapp.core.render import formats
from frameapp.models import Output
from frameapp.services import placements, runs
from frameapp.services.application import Application
from frameapp.services.previews import encode_recipe
from frameapp.services.worker_context import WorkerContext
from tests.difficult import MOST_DIFFICULT, difficult_pictures
from tests.runs import Project, assert_consistent, make_project, outputs_of
from tests.services.conftest import work_through
from tests.shop import Gallery
from tests.web.conftest import Connect

RECIPES = (
    Recipe(Box(140, 200, 800, 640)),
    Recipe(
        Box(120, 60, 700, 900),
        fit=Fit.COVER,
        anchor=Anchor.TOP_LEFT,
        padding="#ffcc00",
        trim=True,
        encoder=Encoder(formats.WEBP, 76),
        output_width=320,
        output_height=400,
    ),
    Recipe(Box(43, 43, 993, 863), layer=Layer.ABOVE, encoder=Encoder(formats.PNG), output_width=400),
)


@pytest.fixture(autouse=True)
def _reachable(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", redis_url)
    monkeypatch.setenv("FRAMEAPP_FETCH_ALLOW", "127.0.0.0/8")


class DifficultShop(Gallery):
    """Sells each of the difficult pictures once."""

    def picture(self, name: str) -> bytes:
        return difficult_pictures()[name]


@pytest.fixture
def shop() -> Iterator[DifficultShop]:
    with DifficultShop() as host:
        host.sell((name, host.named(name)) for name in difficult_pictures())
        yield host


@pytest.fixture
async def worker(app: Application) -> AsyncIterator[WorkerContext]:
    bench = WorkerContext(app)
    yield bench
    await bench.close()


async def test_the_preview_is_the_stored_object_of_the_run(
    app: Application, connect: Connect, shop: DifficultShop, worker: WorkerContext
) -> None:
    project = make_project(app, address=shop.address)
    client, count = connect(project.viewer), len(difficult_pictures())
    assert count >= 20
    for recipe in RECIPES:
        placements.save_recipe(app, project.viewer, project.frame_id, recipe)
        run_id = runs.start(app, project.viewer, project.frame_id)
        await work_through(worker, run_id)
        run = assert_consistent(app, run_id)
        assert (run.rendered, run.total) == (count, count), run.errors
        different = [
            output.product_id
            for output in outputs_of(app, project.frame_id)
            if not await is_its_preview(app, client, project, output)
        ]
        assert not different, recipe
    cards = placements.difficult(app, project.viewer, project.frame_id)
    assert {card.why: card.product_id for card in cards} == MOST_DIFFICULT


async def is_its_preview(app: Application, client: httpx.AsyncClient, project: Project, output: Output) -> bool:
    """Whether the preview that the placement page asks for, the stored object and the download are the same bytes."""
    placement = placements.open_placement(app, project.viewer, project.frame_id)
    preview = await client.get(
        f"/files/preview/{project.frame_id}/{output.product_ref}",
        params={"recipe": encode_recipe(placement.recipe), "image": placement.image_digest[:16]},
    )
    download = await client.get(f"/frame/{project.frame_id}/outputs/{output.id}/download")
    assert (preview.status_code, download.status_code) == (200, 200), output.product_id
    return preview.content == app.storage.get(output.key) == download.content
