"""What a batch is charged beside its results."""

from __future__ import annotations

import pytest

from frameapp.services import meter
from frameapp.services.meter import Meter


def test_waiting_is_charged_by_half_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(meter.time, "monotonic", lambda: now)
    batch = Meter()
    now += 0.16
    assert batch.taken(at_least=0.1) == 0.0, "too little as yet: it is kept"
    now += 0.84
    assert batch.taken(at_least=0.1) == pytest.approx(0.5)
    batch.lose(2.0)
    with batch.rendering():
        now += 5
        assert batch.taken() == pytest.approx(2.0), "what renders is charged with its result"
    assert batch.taken() == 0.0
