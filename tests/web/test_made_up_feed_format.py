"""A feed format is one descriptor: a made-up one, added to the registry, is everywhere without another line."""

import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from frameapp.__main__ import main
from frameapp.commands.inspect import as_text
from frameapp.core.feeds import Entry, FeedReader, formats, inspect, rewrite
from frameapp.core.feeds.entry import Located, Piece
from frameapp.core.feeds.formats import FeedFormat
from frameapp.core.feeds.source import Source
from frameapp.errors import FeedError
from frameapp.services import generations, publishing, runs
from frameapp.services.application import Application
from frameapp.services.worker_context import WorkerContext
from frameapp.ui.frame_form.feed_fields import feed_fields
from tests.commands.test_render import command
from tests.core.render.pictures import quarters, saved
from tests.runs import make_project, outputs_of
from tests.services.conftest import work_through
from tests.shop import Shop
from tests.web.conftest import Connect

LINK = re.compile(r'"picture": "([^"]*)"')


class Lines:
    """A feed with a JSON object per line."""

    lost, doubted = 0, False

    def __init__(self, source: Source) -> None:
        self._source = source
        self.notes: list[str] = []

    def entries(self) -> Iterator[Entry]:
        for piece in self.pieces():
            for located in piece.located:
                yield located.entry

    def pieces(self) -> Iterator[Piece]:
        for position, line in enumerate("".join(self._source.texts).splitlines(keepends=True)):
            data = json.loads(line)
            links = tuple(found.span(1) for found in LINK.finditer(line))
            yield Piece(line, [Located(Entry(data["id"], data["picture"], (), data["id"], data, position), links)])

    def replaced(self, content: str, link: str) -> str:
        return json.dumps(link)[1:-1]

    def encoded(self, text: str) -> bytes:
        return self._source.decoder.encode(text)


def _read(source: Source) -> Lines | None:
    return Lines(source) if source.start.startswith("{") else None


LINES = FeedFormat("x-lines", "JSON Lines", "jsonl", "application/x-lines", _read)


def feed(*links: str) -> bytes:
    return "".join(f'{{"id": "{number}", "picture": "{link}"}}\n' for number, link in enumerate(links)).encode()


@pytest.fixture(autouse=True)
def lines(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", redis_url)
    monkeypatch.setenv("FRAMEAPP_FETCH_ALLOW", "127.0.0.0/8")
    monkeypatch.setitem(formats.FORMATS, LINES.name, LINES)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as host:
        host.document = feed(host.link(1), host.link(2))
        yield host


@pytest.fixture
async def worker(app: Application) -> AsyncIterator[WorkerContext]:
    context = WorkerContext(app)
    yield context
    await context.close()


def test_a_feed_of_it_is_recognised_and_read() -> None:
    data = feed("https://a.example/1.jpg", "https://a.example/2.jpg")
    reader = FeedReader(io.BytesIO(data))
    assert [(entry.product_id, entry.image_link) for entry in reader] == [
        ("0", "https://a.example/1.jpg"),
        ("1", "https://a.example/2.jpg"),
    ]
    assert reader.format == LINES
    report = inspect(io.BytesIO(data), base_url="").report
    assert (report.format, formats.label(report.format), report.entries) == ("x-lines", "JSON Lines", 2)
    assert "Format      JSON Lines, utf-8" in as_text(report)


def test_it_is_rewritten() -> None:
    out = io.BytesIO()
    data = feed("https://a.example/1.jpg", "https://a.example/2.jpg")
    done = rewrite(io.BytesIO(data), out, lambda entry: 'https://b.example/"' if entry.position else None)
    assert (done.format, done.entries, done.replaced) == (LINES, 2, 1)
    assert out.getvalue() == feed("https://a.example/1.jpg", 'https://b.example/\\"')


def test_people_are_told_of_it() -> None:
    assert "Atom, RSS 2.0, CSV, TSV or JSON Lines, gzipped or not." in str(feed_fields())
    with pytest.raises(FeedError, match=r"^The feed is JSON\. Give it as Atom, RSS 2\.0, CSV, TSV or JSON Lines\.$"):
        FeedReader(io.BytesIO(b'[{"id": "1"}]'))


async def test_it_is_published_under_its_name_and_type(
    app: Application, shop: Shop, worker: WorkerContext, connect: Connect
) -> None:
    project = make_project(app, address=shop.address)
    await work_through(worker, runs.start(app, project.viewer, project.frame_id))
    await generations.make(worker, publishing.publish(app, project.viewer, project.frame_id))
    found = publishing.published_feed(app, project.viewer, project.frame_id)
    assert (found.format, found.framed, found.error) == ("x-lines", 2, "")
    assert found.address.endswith(".jsonl")
    answer = await connect(None).get(f"/feeds/{found.address.rpartition('/')[2]}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-lines")
    keys = [output.key for output in outputs_of(app, project.frame_id)]
    assert answer.content == feed(*(f"{app.settings.resolved_public_url}/{key}" for key in keys))


def test_the_render_command_writes_it(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame, out = tmp_path / "frame.png", tmp_path / "out"
    frame.write_bytes(saved(quarters(200, 200), "PNG"))
    assert main(command(shop.address, frame, out, "--base-url", "https://cdn.example", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["feed"] == str(out / "feed.jsonl")
    written = (out / "feed.jsonl").read_bytes()
    assert written == feed(
        *(f"https://cdn.example/pictures/{n}" for n in sorted(p.name for p in (out / "pictures").iterdir()))
    )
