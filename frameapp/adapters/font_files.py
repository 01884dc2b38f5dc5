"""Fonts that are too large to ship: downloaded from where they are published, and checked before they are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx

from frameapp.core.fonts import CJK, PublishedFile
from frameapp.errors import FetchError

# A commit of the repository that publishes them; the digests are of that commit's own tree.
PUBLISHED = "https://raw.githubusercontent.com/notofonts/noto-cjk/f8d157532fbfaeda587e826d4cd5b21a49186f7c/"
MAX_BYTES = 80_000_000


def fetch_fonts(folder: Path, address: str = PUBLISHED) -> list[Path]:
    """Bring the files of ``CJK`` into the folder; those that are there already are not fetched. Raises FetchError."""
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        return [_kept(folder / file.name, file) or _fetched(client, address, folder, file) for file in CJK]


def _kept(path: Path, file: PublishedFile) -> Path | None:
    return path if path.is_file() and blob_id(path.read_bytes()) == file.blob else None


def _fetched(client: httpx.Client, address: str, folder: Path, file: PublishedFile) -> Path:
    data = _body(client, f"{address.rstrip('/')}/{file.path}")
    if blob_id(data) != file.blob:
        raise FetchError(f"{file.name} is not the file that was published: its digest differs. Nothing was kept.")
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
    return path


def _body(client: httpx.Client, url: str) -> bytes:
    data = bytearray()
    try:
        with client.stream("GET", url) as response:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise FetchError(f"{url} sends more than {MAX_BYTES / 1e6:.0f} MB.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(f"{url} could not be downloaded: {error}") from error
    return bytes(data)


def blob_id(data: bytes) -> str:
    """The name that Git gives a file of these bytes: the SHA-1 of its length and its bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
