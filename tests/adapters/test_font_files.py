"""Fonts that do not ship: fetched once, checked, and kept whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from frameapp.__main__ import main
from frameapp.adapters import font_files
from frameapp.core.fonts import CJK, FALLBACKS, PublishedFile, fallbacks
from frameapp.errors import FetchError

FACE, LICENCE = b"OTTO" + bytes(range(256)) * 40, b"SIL OPEN FONT LICENSE\n"
FILES = (
    PublishedFile("a/face.otf", font_files.blob_id(FACE), CJK[0].name),
    PublishedFile("a/LICENSE", font_files.blob_id(LICENCE), CJK[1].name),
)


class Publisher(ThreadingHTTPServer):
    """A server on loopback that has files by path, and notes what is asked for."""

    def __init__(self) -> None:
        self.files = {"/a/face.otf": FACE, "/a/LICENSE": LICENCE}
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Answer(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        data = self.server.files.get(self.path)
        self.send_response(200 if data is not None else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setattr(font_files, "CJK", FILES)
    with Publisher() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_they_are_fetched_once_and_offered_as_fallbacks(publisher: Publisher, tmp_path: Path) -> None:
    assert fallbacks(tmp_path) == fallbacks() == FALLBACKS
    paths = font_files.fetch_fonts(tmp_path, publisher.address)
    assert [path.read_bytes() for path in paths] == [FACE, LICENCE]
    assert font_files.fetch_fonts(tmp_path, publisher.address) == paths
    assert publisher.asked == ["/a/face.otf", "/a/LICENSE"]
    *shipped, cjk = fallbacks(tmp_path)
    assert tuple(shipped) == FALLBACKS
    assert (cjk.key, cjk.upright, cjk.weights) == ("noto-sans-cjk", paths[0], (100, 900))


def test_a_file_of_another_digest_is_not_kept(publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["/a/face.otf"] = FACE + b"!"
    with pytest.raises(FetchError, match="digest differs"):
        font_files.fetch_fonts(tmp_path, publisher.address)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_damaged_one_is_fetched_anew(publisher: Publisher, tmp_path: Path) -> None:
    (face, _) = font_files.fetch_fonts(tmp_path, publisher.address)
    face.write_bytes(b"half")
    font_files.fetch_fonts(tmp_path, publisher.address)
    assert face.read_bytes() == FACE


def test_failures_are_sentences(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del publisher.files["/a/LICENSE"]
    with pytest.raises(FetchError, match=r"LICENSE could not be downloaded: .*404"):
        font_files.fetch_fonts(tmp_path, publisher.address)
    with pytest.raises(FetchError, match="could not be downloaded"):
        font_files.fetch_fonts(tmp_path / "other", "nonsense://")
    monkeypatch.setattr(font_files, "MAX_BYTES", 100)
    with pytest.raises(FetchError, match="sends more than"):
        font_files.fetch_fonts(tmp_path / "third", publisher.address)


def test_the_command_brings_them_into_the_data_folder(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRAMEAPP_DATA_DIR", str(tmp_path / "data"))
    assert main(["fonts", "--from", publisher.address]) == 0
    assert (tmp_path / "data" / "fonts" / CJK[0].name).read_bytes() == FACE
    assert capsys.readouterr().out.count("\n") == 2
