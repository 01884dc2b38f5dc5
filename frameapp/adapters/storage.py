"""Objects by key: a folder by default, an S3-compatible bucket by one setting.

Keys under ``private/`` are read through owner-checked routes only, keys under ``public/`` are published, keys under
``cache/`` may vanish at any time. A write is atomic: readers see the whole object or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from frameapp.settings import Settings

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's key, when it was written (UTC) and its size in bytes."""

    key: str
    written_at: datetime
    size: int


class Storage:
    """A store of immutable objects."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self.folder = folder

    @classmethod
    def from_settings(cls, settings: Settings) -> Storage:
        """The storage that the settings name."""
        if settings.storage_url:
            return cls(from_url(settings.storage_url))
        folder = settings.data_path / "storage"
        folder.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    def put(self, key: str, data: bytes) -> None:
        """Write the object; writing it again is harmless."""
        obstore.put(self._store, key, data, use_multipart=False)

    def get(self, key: str) -> bytes | None:
        """The object's bytes, or None where there is none."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except (NotFoundError, FileNotFoundError):
            return None

    def put_file(self, key: str, file: BinaryIO) -> None:
        """Write the object from a file, from its present position, in constant memory."""
        obstore.put(self._store, key, file, max_concurrency=2)

    def get_file(self, key: str, file: BinaryIO) -> bool:
        """Write the object's bytes into a file, in constant memory; false where there is none."""
        chunks = self.chunks(key)
        for chunk in chunks or ():
            file.write(chunk)
        return chunks is not None

    def chunks(self, key: str) -> Iterator[bytes] | None:
        """The object's bytes, about a megabyte at a time; None where there is none."""
        try:
            return map(bytes, obstore.get(self._store, key).stream(min_chunk_size=CHUNK))
        except (NotFoundError, FileNotFoundError):
            return None

    def exists(self, key: str) -> bool:
        """Whether the object is there."""
        try:
            obstore.head(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    def delete(self, *keys: str) -> None:
        """Delete the objects; a missing one is no error."""
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except (NotFoundError, FileNotFoundError):
                continue

    def delete_old(self, keys: Iterable[str], before: datetime) -> None:
        """Delete those of the objects that were written before then; one that was written again meanwhile stays."""
        for key in keys:
            try:
                if obstore.head(self._store, key)["last_modified"] < before:
                    obstore.delete(self._store, key)
            except (NotFoundError, FileNotFoundError):
                continue

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below ``prefix``."""
        for item in self.objects(prefix):
            yield item.key

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Every object below ``prefix``."""
        for page in obstore.list(self._store, prefix):
            for item in page:
                yield StoredObject(item["path"], item["last_modified"], item["size"])

    def delete_prefix(self, prefix: str) -> None:
        """Delete every object below ``prefix``."""
        self.delete(*list(self.keys(prefix)))
