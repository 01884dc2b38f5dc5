"""``python -m frameapp render``: pictures, manifest, feed, and an exit status that scripts can trust."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from frameapp.__main__ import main
from frameapp.core.cells import from_cell
from frameapp.core.design.recipe import Anchor, Box, Encoder, Fit, Layer, Recipe
from frameapp.core.feeds import FeedReader
from frameapp.core.render import formats, load_frame, render
from frameapp.errors import FeedError
from frameapp.services.offline import replaced_feed
from frameapp.services.offline.team import IN_HAND
from tests.conftest import AttackFigure
from tests.core.render import pictures
from tests.e2e.catalogue import picture
from tests.jobs.test_heavy_hands import HeavyShop, stand_still
from tests.jobs.workers import SECONDS, below
from tests.services.test_odd_pictures import GOOD, Oddities
from tests.worst import WORST, endless_jpeg

ROOT = Path(__file__).resolve().parents[2]
STOPPED_SECONDS = 15  # longer than a picture may take, and than its host may be silent
PLACEMENT = "20,20,160,120"

# What tests.adapters.unruly_child does for these files, and what they fail with.
UNRULY = {
    "crash": "crashes the decoder",
    "bug": "cannot be rendered",
    **({"memory": "too much memory"} if sys.platform == "linux" else {}),
}
ENDLESS = {"stall": "longer than 3 seconds", "endless.jpg": "longer than 3 seconds"}


@cache
def worst_file(name: str) -> bytes:
    """The worst file of that name."""
    return endless_jpeg() if name == "endless.jpg" else WORST[name][0]()


class WorstFiles(Oddities):
    """Serves the worst files by name too."""

    def picture(self, name: str) -> bytes:
        if name in {*UNRULY, "stall"}:
            return name.encode()
        return worst_file(name) if name in WORST or name == "endless.jpg" else super().picture(name)


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEAPP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FRAMEAPP_FETCH_ALLOW", "127.0.0.0/8")


@pytest.fixture
def shop() -> Iterator[Oddities]:
    with Oddities() as host:
        yield host


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    path = tmp_path / "frame.png"
    path.write_bytes(pictures.saved(pictures.quarters(200, 200), "PNG"))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def command(feed: str, frame: Path, out: Path, *more: str) -> list[str]:
    return ["render", "--feed", feed, "--frame", str(frame), "--placement", PLACEMENT, "--out", str(out), *more]


def manifest_of(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return [{name: from_cell(cell) for name, cell in line.items()} for line in csv.DictReader(file)]


def test_a_feed_becomes_pictures_a_manifest_and_a_feed(
    shop: Oddities, frame: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.sell_numbered(5)
    assert main(command(shop.address, frame, out, "--base-url", "https://cdn.example.com/framed/", "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["products"], told["done"], told["failed"], told["repeated"]) == (5, 5, 0, 0)
    lines = manifest_of(out)
    assert list(lines[0]) == ["product_id", "file", "source", "state", "reason", "size"]
    expected = render(picture(3), load_frame(frame.read_bytes()), Recipe(Box(20, 20, 160, 120)))
    assert (out / lines[3]["file"]).read_bytes() == expected.data
    with Path(told["feed"]).open("rb") as file:
        links = [entry.image_link for entry in FeedReader(file)]
    assert links == [f"https://cdn.example.com/framed/{line['file']}" for line in lines]


@pytest.mark.parametrize("end", ["", "/"])
def test_the_base_url_is_spelled_as_addresses_are(
    end: str, shop: Oddities, frame: Path, out: Path, tmp_path: Path
) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_bytes(f"id;title;image_link\n1;caf\xe9;{shop.link(1)}\n".encode("latin-1"))
    base = f"HTTPS://Stra\xdfe.example:8443/meine bilder/\u00fc%20%/&{end}"
    assert main(command(str(feed), frame, out, "--base-url", base)) == 0
    (line,) = manifest_of(out)
    expected = f"https://xn--strae-oqa.example:8443/meine%20bilder/%C3%BC%20%25/&/{line['file']}"
    assert (out / "feed.csv").read_bytes().split(b"\n")[1] == b"1;caf\xe9;" + expected.encode()


def test_file_names_are_percent_encoded_in_the_feed(tmp_path: Path) -> None:
    feed = b"<rss><channel><item><id>1</id><image_link>http://a/1.jpg</image_link></item></channel></rss>"
    manifest, written = tmp_path / "manifest.csv", io.BytesIO()
    line = "1,pictures/\u00fc 1?.jpg,http://a/1.jpg,done,,main"
    manifest.write_text(f"product_id,file,source,state,reason,size\n{line}\n", "utf-8")
    assert replaced_feed(io.BytesIO(feed), written, manifest, feed_address="", base_url="https://b") == 1
    assert b"<image_link>https://b/pictures/%C3%BC%201%3F.jpg</image_link>" in written.getvalue()


@pytest.mark.attack
def test_no_product_id_is_a_live_cell_of_the_manifest(
    shop: Oddities, frame: Path, out: Path, tmp_path: Path, attack_figure: AttackFigure
) -> None:
    ids = ["=cmd|' /C calc'!A1", "+1", "-1", "@SUM(A1)", "x;=1+1", "x\t=1+1", "'=quoted", "plain", '"=1+1"', "\uff1d1"]
    pattern = "<item><id><![CDATA[{}]]></id><image_link>{}</image_link></item>"
    entries = [pattern.format(text, shop.link(number)) for number, text in enumerate(ids)]
    feed = tmp_path / "feed.xml"
    feed.write_text(f"<rss><channel>{''.join(entries)}</channel></rss>", "utf-8")
    assert main(command(str(feed), frame, out, "--base-url", "https://b.example")) == 0
    text = (out / "manifest.csv").read_text("utf-8")
    cells = [
        cell
        for separator in ",;\t|"  # which one a spreadsheet takes is its reader's setting
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cell in line
    ]
    live = [cell for cell in cells if cell.lstrip()[:1] in set("=+-@\uff1d")]
    attack_figure("12 ids that are formulas", f"{len(live)} live cells of {len(cells)}", "0", held=not live)
    assert [line["product_id"] for line in manifest_of(out)] == ids
    files = [line["file"] for line in manifest_of(out)]
    expected = feed.read_text("utf-8")
    for number, file in enumerate(files):
        expected = expected.replace(f">{shop.link(number)}<", f">https://b.example/{file}<")
    assert (out / "feed.xml").read_text("utf-8") == expected, "the feed is as it was, but for its image links"


def test_every_option_reaches_the_picture(shop: Oddities, frame: Path, out: Path) -> None:
    shop.sell_numbered(1)
    options = ["--fit", "cover", "--anchor", "top-left", "--layer", "above", "--padding", "#0000ff", "--trim",
               "--format", "webp", "--quality", "70", "--size", "100x50"]  # fmt: skip
    assert main(command(shop.address, frame, out, *options)) == 0
    recipe = Recipe(
        Box(20, 20, 160, 120), Fit.COVER, Anchor.TOP_LEFT, Layer.ABOVE, "#0000ff", trim=True,
        encoder=Encoder(formats.WEBP, 70), output_width=100, output_height=50,
    )  # fmt: skip
    expected = render(picture(0), load_frame(frame.read_bytes()), recipe)
    (line,) = manifest_of(out)
    assert line["file"].endswith(".webp")
    assert (out / line["file"]).read_bytes() == expected.data


def test_the_layer_is_found_in_the_frame_image(shop: Oddities, tmp_path: Path, out: Path) -> None:
    image = pictures.quarters(200, 200).convert("RGBA")
    image.paste((0, 0, 0, 0), (40, 40, 160, 160))
    frame = tmp_path / "hole.png"
    frame.write_bytes(pictures.saved(image, "PNG"))
    shop.sell_numbered(1)
    assert main(command(shop.address, frame, out)) == 0
    expected = render(picture(0), load_frame(frame.read_bytes()), Recipe(Box(20, 20, 160, 120), layer=Layer.ABOVE))
    assert (out / manifest_of(out)[0]["file"]).read_bytes() == expected.data


@pytest.fixture
def worst_shop() -> Iterator[WorstFiles]:
    with WorstFiles() as host:
        yield host


def test_the_process_outlives_the_worst_files(worst_shop: WorstFiles, frame: Path, out: Path) -> None:
    """A process of its own, as a user starts it: it ends with 1, every product has its line, all good ones are done."""
    for name in WORST:
        worst_file(name)  # made before anybody waits for it
    worst_shop.sell(
        [*((name, worst_shop.named(name)) for name in (*WORST, *GOOD)), ("gone", worst_shop.link(1, "missing"))]
    )
    ended = in_a_process("PatientJob", command(worst_shop.address, frame, out))
    bad = {**{name: sentence for name, (_, sentence) in WORST.items()}, "gone": "404 Not Found"}
    assert_only_these_failed(ended, out, bad, GOOD)
    assert f"Failed      {len(bad)}, the first:" in ended.stdout


def test_the_process_outlives_what_kills_its_decoder(worst_shop: WorstFiles, frame: Path, out: Path) -> None:
    """As above, with a decoder that crashes and takes all memory: no file at hand makes the real one do so."""
    worst_shop.sell((name, worst_shop.named(name)) for name in (*UNRULY, *GOOD))
    ended = in_a_process("UnrulyJob", command(worst_shop.address, frame, out))
    assert_only_these_failed(ended, out, UNRULY, GOOD)


def test_the_process_outlives_what_takes_too_long(worst_shop: WorstFiles, frame: Path, out: Path) -> None:
    """A decoder that hangs, and a picture that takes minutes. No good ones beside them: they might be late as well."""
    worst_file("endless.jpg")
    worst_shop.sell((name, worst_shop.named(name)) for name in ENDLESS)
    ended = in_a_process("HastyJob", command(worst_shop.address, frame, out))
    assert_only_these_failed(ended, out, ENDLESS, ())


class HoldingShop(HeavyShop):
    """From the first finished picture on, whoever asks for another waits until ``gate`` is open."""

    def __init__(self, finished: Path) -> None:
        super().__init__()
        self.gate.clear()
        self.held = threading.Event()
        self._finished = finished
        super().picture("large")  # drawn once, before many ask for it at once

    def picture(self, name: str) -> bytes:
        if any(self._finished.glob("*.jpg")):
            self.held.set()
            self.gate.wait(SECONDS)
        return super().picture(name)


@pytest.mark.attack
def test_processes_that_are_stopped_meanwhile_cost_no_product(
    frame: Path, out: Path, attack_figure: AttackFigure
) -> None:
    """One is fetching and one is rendering as they stop for longer than either may take."""
    with HoldingShop(out / "pictures") as shop:
        names = [f"large-{n}" for n in range(IN_HAND)] + [f"tiny-{n}" for n in range(2 * IN_HAND)]
        shop.sell((name, shop.named(name)) for name in names)
        line = [sys.executable, "-m", "frameapp", *command(shop.address, frame, out)]
        with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert shop.held.wait(SECONDS)
            stand_still([process.pid, *below(process.pid)], STOPPED_SECONDS)
            shop.gate.set()
            _, told = process.communicate(timeout=SECONDS)
    failed = [line["reason"] for line in manifest_of(out) if line["state"] != "done"]
    name = f"7 render's processes stopped for {STOPPED_SECONDS} s"
    attack_figure(name, f"{len(failed)} of {len(names)} failed", "none", held=not failed)
    assert process.returncode == 0, failed
    assert "is tried again" in told


def in_a_process(job: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """What became of the command with these arguments and that kind of job."""
    program = f"import sys; from tests.commands import patient; sys.exit(patient.render_by(patient.{job}))"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )


def assert_only_these_failed(
    ended: subprocess.CompletedProcess[str], out: Path, bad: Mapping[str, str], good: Iterable[str]
) -> None:
    """It ended by itself with 1; the bad products failed with sentences of these patterns, the good ones are done."""
    assert ended.returncode == 1, ended.stderr
    lines = {line["product_id"]: line for line in manifest_of(out)}
    assert {name for name, line in lines.items() if line["state"] == "failed"} == set(bad)
    assert {name for name, line in lines.items() if line["state"] == "done"} == set(good)
    for name, sentence in bad.items():
        assert re.search(sentence, lines[name]["reason"]), f"{name}: {lines[name]['reason']}"
        assert re.fullmatch(r"Th(e|is) [^\n]+\.", lines[name]["reason"])
    for name in good:
        assert (out / lines[name]["file"]).stat().st_size


def test_ids_are_never_file_names(shop: Oddities, frame: Path, out: Path) -> None:
    wild = ["../../etc/passwd", "=cmd()", 'a "quoted", id', "x" * 200_000, "ünï/cödé"]
    shop.sell((name, shop.link(number)) for number, name in enumerate(wild))
    assert main(command(shop.address, frame, out, "--base-url", "https://cdn.example.com")) == 0
    csv.field_size_limit(10**9)
    assert [line["product_id"] for line in manifest_of(out)] == wild
    assert len(list((out / "pictures").iterdir())) == len(wild)


def test_the_feeds_form_and_failed_links_stay(shop: Oddities, frame: Path, out: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    good, gone = shop.link(1), shop.link(2, "missing")
    feed.write_bytes(f'id;"title";image_link\r\n1;"A; B";"{good}"\r\n2;C;{gone}\r\n'.encode())
    assert main(command(str(feed), frame, out, "--base-url", "https://cdn.example.com")) == 1
    done = manifest_of(out)[0]["file"]
    expected = feed.read_bytes().replace(good.encode(), f"https://cdn.example.com/{done}".encode())
    assert (out / "feed.csv").read_bytes() == expected


def test_a_repeated_product_is_told_and_not_rendered(
    shop: Oddities, frame: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.sell([("1", shop.link(1)), ("1", shop.link(2)), ("2", shop.link(3))])
    assert main(command(shop.address, frame, out)) == 1
    text = capsys.readouterr().out
    assert "Rendered    2 of 3 pictures of 3 products" in text
    assert "Repeated    1, not rendered" in text
    assert [line["state"] for line in manifest_of(out)] == ["done", "repeated", "done"]


def test_an_id_may_hold_a_line_end(shop: Oddities, frame: Path, out: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_bytes(f'id,image_link\n"a\rb",{shop.link(1)}\n'.encode())
    assert main(command(str(feed), frame, out, "--base-url", "https://cdn.example.com")) == 0
    assert [line["product_id"] for line in manifest_of(out)] == ["a\rb"]


@pytest.mark.parametrize("name", ["manifest.csv", "feed.csv"])
def test_the_feed_is_never_overwritten(name: str, shop: Oddities, frame: Path, out: Path) -> None:
    out.mkdir()
    feed = out / name
    feed.write_text(f"id,image_link\n1,{shop.link(1)}\n")
    before = feed.read_bytes()
    assert main(command(str(feed), frame, out, "--base-url", "https://cdn.example.com")) == 2
    assert feed.read_bytes() == before


@pytest.mark.parametrize("name", ["manifest.csv", "feed.xml"])
def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing_unfinished(
    name: str, shop: Oddities, frame: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.sell_numbered(1)
    (out / name).mkdir(parents=True)
    left = out / "pictures" / ".a.jpg.1-1.unfinished"  # by a run that was killed
    left.parent.mkdir()
    left.touch()
    assert main(command(shop.address, frame, out, "--base-url", "https://cdn.example.com")) == 2
    assert capsys.readouterr().err == f"The folder {out} cannot be written: Is a directory.\n"
    assert not [path for path in out.rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--placement": "1,2,3"}, "must look like 90,90,900,800"),
        ({"--placement": "100,100,150,150"}, "outside the frame image"),
        ({"--frame": "nothing.png"}, "cannot be opened"),
        ({"--feed": "nothing.xml"}, "cannot be opened"),
        ({"--feed": "http://10.1.2.3/feed.xml"}, "private network"),
        ({"--quality": "0"}, "between 1 and 100"),
        ({"--quality": "good"}, "invalid int value"),
        ({"--padding": "blueish"}, "#rrggbb"),
        ({"--size": "big"}, "must look like 1080x1080"),
        ({"--fit": "squeeze"}, "invalid choice"),
        *(
            ({"--base-url": text}, "must be an http or https address")
            for text in (
                "",
                "cdn.example.com",
                "ftp://cdn.example.com",
                "https://",
                "https:///framed",
                "https://:80/",
                "https://two words.example",
                "https://[::1",
                "https://a.example:0",
                "https://a.example/?b",
                "https://a.example/#b",
                "https://a.example/\nb",
                "https://..\udcff",
            )
        ),
        ({"--out": "frame.png/out"}, "cannot be written"),
    ],
)
def test_what_the_user_must_mend_is_one_sentence_and_exits_with_two(
    change: dict[str, str], sentence: str, shop: Oddities, frame: Path, out: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(frame.parent)
    shop.sell_numbered(1)
    arguments = command(shop.address, frame, out)
    for name, value in change.items():
        arguments += [name, value]
    try:
        status: object = main(arguments)
    except SystemExit as end:
        status = end.code
    told = capsys.readouterr()
    assert (status, told.out) == (2, "")
    assert sentence in told.err
    assert told.err.count("\n") == 1


def test_a_feed_that_breaks_off_is_rendered_as_far_as_it_goes(
    shop: Oddities, frame: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.sell_numbered(3)
    shop.document = shop.document[:-40]
    assert main(command(shop.address, frame, out)) == 1
    told = capsys.readouterr().out
    assert "2 of 2 pictures of 2 products" in told
    assert "1 product does not close properly" in told
    assert shop.asked() == 2


def test_a_feed_changed_meanwhile_is_noticed() -> None:
    feed = b"<rss><channel><item><id>1</id><image_link>http://a/1.jpg</image_link></item></channel></rss>"
    manifest = Path(os.environ["FRAMEAPP_DATA_DIR"]).parent / "manifest.csv"
    manifest.write_text("product_id,file,source,state,reason,size\n2,pictures/a.jpg,http://a/1.jpg,done,,main\n")
    with pytest.raises(FeedError, match="changed while"):
        replaced_feed(io.BytesIO(feed), io.BytesIO(), manifest, feed_address="", base_url="https://b")


def test_a_feed_may_come_through_a_pipe(shop: Oddities, frame: Path, out: Path) -> None:
    feed = f"id,image_link\nü 1,{shop.named('webp')}\n".encode()
    line = [sys.executable, "-m", "frameapp", *command("/dev/stdin", frame, out, "--base-url", "https://new.example/")]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "FORCE_COLOR": "1"}
    ended = subprocess.run(line, input=feed, cwd=ROOT, env=environment, capture_output=True, timeout=240, check=False)
    assert ended.stderr == b"", "no bar where there is no terminal"
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", ended.stdout)
    assert b"products in" in ended.stdout
    assert [(row["product_id"], row["state"]) for row in manifest_of(out)] == [("ü 1", "done")]
    assert ended.returncode == 0


def test_the_bar_on_a_terminal_moves_to_the_end(shop: Oddities, frame: Path, out: Path) -> None:
    shop.sell([("a", shop.link(1)), ("b", shop.link(2, "missing")), ("c", shop.link(3, "gated"))])
    shop.gate.clear()
    ours, terminal = pty.openpty()
    line = [sys.executable, "-m", "frameapp", *command(shop.address, frame, out)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    with subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        seen = shown_until(ours, b"2/3")
        shop.gate.set()
        seen += shown_until(ours, b"the end")
        assert process.stdout is not None
        told = process.stdout.read().decode()
    os.close(ours)
    steps = re.findall(r"(\d)/3 (\d) failed", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode()))
    assert ("2", "1") in steps
    assert steps[-1] == ("3", "1")
    assert steps == sorted(steps)
    assert seen.endswith((b"\x1b[2K", b"\x1b[?25h")), "the bar is cleared away and the cursor is back"
    assert "Rendered    2 of 3 pictures of 3 products" in told
    assert process.returncode == 1


def shown_until(terminal: int, words: bytes) -> bytes:
    """What a process shows at its terminal, until the words appear or it ends."""
    shown = b""
    while words not in shown:
        try:
            block = os.read(terminal, 4096)
        except OSError:  # Linux's way to tell that nobody is at the other end
            break
        if not block:
            break
        shown += block
    return shown
