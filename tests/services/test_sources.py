"""Source pictures asked for by many threads of a process that has asked for none yet."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest

from frameapp.services import sources

THREADS = 8


def test_threads_that_begin_together_share_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    @lru_cache(maxsize=1)
    def loop() -> object:
        time.sleep(0.05)  # the others come meanwhile
        return object()

    monkeypatch.setattr(sources, "_loop", loop)
    together = threading.Barrier(THREADS)

    def ask(_: int) -> object:
        together.wait()
        return sources._background_loop()

    with ThreadPoolExecutor(THREADS) as threads:
        assert len(set(threads.map(ask, range(THREADS)))) == 1
