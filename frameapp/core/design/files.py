"""A design as a file: ``name.frame``, a ZIP of ``design.json`` and the images and fonts that it uses.

A folder with the same files is the same design. In ``design.json`` an asset is called by its file's name in there, or
by its SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from frameapp.core.design.model import Design, check_sides, read_design
from frameapp.errors import Invalid

DESIGN = "design.json"
ASSETS = "assets/"
MAX_FILES = 200
MAX_FILE_BYTES = 20_000_000
MAX_BYTES = 100_000_000
_NAMED = ("asset", "font")  # a layer's properties that name a file
_LIKE_A_FILE = ("/", ".")
_EARLY = (1980, 1, 1, 0, 0, 0)  # the same design is the same bytes whenever it is written


@dataclass(frozen=True, slots=True)
class DesignFile:
    """A design with its images and fonts by their SHA-256."""

    design: Design
    assets: Mapping[str, bytes]


def unpack(data: bytes) -> DesignFile:
    """The design in the bytes of a ``.frame`` file. Raises Invalid."""
    with _unpacking():
        packed = zipfile.ZipFile(io.BytesIO(data))
    names = [info.filename for info in packed.infolist() if not info.is_dir()]
    if len(names) > MAX_FILES:
        raise Invalid(f"The design file holds more than {MAX_FILES} files.")
    return gather(names, lambda name, most: _bounded(packed, name, most))


def gather(names: list[str], read: Callable[[str, int], bytes]) -> DesignFile:
    """The design of these files, by their names with slashes. ``read`` gets a name and how many bytes it may have.

    Only what the design names is read. Raises Invalid.
    """
    bad = next(
        (name for name in names if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name), None
    )
    if bad is not None:
        raise Invalid(f"The design file holds a file outside of itself: {bad[:80]!r}.")
    if DESIGN not in names:
        raise Invalid(f"The design file has no {DESIGN}.")
    raw = _json(read(DESIGN, MAX_FILE_BYTES))
    left = MAX_BYTES
    digests: dict[str, str] = {}
    assets: dict[str, bytes] = {}
    for name in _named(raw, names):
        data = read(name, min(left, MAX_FILE_BYTES))
        left -= len(data)
        digests[name] = hashlib.sha256(data).hexdigest()
        assets[digests[name]] = data
    design = read_design(_with_digests(raw, digests))
    check_sides(design)
    missing = next((asset for asset in design.assets() if asset not in assets), None)
    if missing is not None:
        raise Invalid(f"The design names the image {missing[:12]}…, which is not in the file.")
    return DesignFile(design, assets)


def pack(file: DesignFile) -> bytes:
    """The bytes of a ``.frame`` file: the same for the same design."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(DESIGN, _EARLY), file.design.to_text(), zipfile.ZIP_DEFLATED)
        for digest in sorted(file.assets):
            packed.writestr(zipfile.ZipInfo(ASSETS + digest, _EARLY), file.assets[digest], zipfile.ZIP_STORED)
    return out.getvalue()


@contextmanager
def _unpacking() -> Iterator[None]:
    """The boundary to zipfile: what it raises on damaged, encrypted or unusual archives becomes Invalid."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Invalid("This is no design file: a ZIP with a design.json in it is needed.") from error


def _bounded(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    with _unpacking(), packed.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Invalid(f"The file {name[:80]!r} in the design is too large.")
    return data


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{DESIGN} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Invalid(f"{DESIGN} is no design.")
    return found


def _layers(raw: dict[str, Any]) -> list[dict[str, Any]]:
    layers = raw.get("layers")
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def _named(raw: dict[str, Any], names: list[str]) -> list[str]:
    """The files that layers name, by file name or digest, each once."""
    by_digest = {name.rpartition("/")[2].partition(".")[0]: name for name in names}
    found: dict[str, None] = {}
    for layer in _layers(raw):
        for value in (layer.get(key) for key in _NAMED):
            if not isinstance(value, str):
                continue
            if value in names:
                found[value] = None
            elif value in by_digest:
                found[by_digest[value]] = None
            elif any(sign in value for sign in _LIKE_A_FILE):
                raise Invalid(f"The design names the file {value[:80]!r}, which is not there.")
    return list(found)


def _with_digests(raw: dict[str, Any], digests: dict[str, str]) -> dict[str, Any]:
    layers = raw.get("layers")
    if not isinstance(layers, list):
        return raw
    changed = [
        {key: digests.get(value, value) if key in _NAMED and isinstance(value, str) else value
         for key, value in layer.items()}
        if isinstance(layer, dict)
        else layer
        for layer in layers
    ]  # fmt: skip
    return {**raw, "layers": changed}
