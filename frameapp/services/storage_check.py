"""Whether the storage keeps what is written, asked so that many who want to know cost no more than one."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from frameapp.adapters.storage import Storage

log = logging.getLogger(__name__)

KEPT_SECONDS = 5.0


def storage_keeps(storage: Storage) -> bool:
    """Whether an object can be written, read and deleted."""
    key, data = f"cache/health/{secrets.token_hex(8)}", secrets.token_bytes(16)
    try:
        storage.put(key, data)
        kept = storage.get(key) == data
        storage.delete(key)
    except Exception as error:  # whatever the bucket's client raises means the same
        log.warning("The storage does not answer: %s", error)
        return False
    return kept


class StorageCheck:
    """Asks in a thread of its own, one question at a time; an answer holds for some seconds."""

    def __init__(self, ask: Callable[[], bool], *, seconds: float = KEPT_SECONDS) -> None:
        self._ask = ask
        self._seconds = seconds
        self._lock = threading.Lock()
        self._answer: Future[bool] | None = None
        self._until = 0.0

    def answer(self) -> Future[bool]:
        """The present answer, perhaps still to come; do not cancel it, others wait for it too."""
        with self._lock:
            if self._answer is None or (self._answer.done() and time.monotonic() >= self._until):
                self._answer = Future()
                threading.Thread(target=self._find, args=(self._answer,), name="storage-check", daemon=True).start()
            return self._answer

    def _find(self, answer: Future[bool]) -> None:
        kept = False
        try:
            kept = self._ask()
        finally:
            self._until = time.monotonic() + self._seconds
            answer.set_result(kept)
