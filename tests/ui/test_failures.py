"""What is said and logged of a handler that fails and of a page's own fault."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from frameapp.errors import Conflict
from frameapp.ui.failures import log_a_pages_fault, say_went_wrong
from frameapp.ui.session import WENT_WRONG
from frameapp.web import client_logs
from frameapp.web.client_logs import LOGGERS, ClientFaults, one_line, tame_clients_faults


@pytest.fixture(autouse=True)
def _tame() -> Iterator[None]:
    """Filters of this test's own."""
    before = {name: logging.getLogger(name).filters[:] for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).filters[:] = []
    tame_clients_faults()
    yield
    for name, filters in before.items():
        logging.getLogger(name).filters[:] = filters


def failed(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_handler_that_fails_is_logged_and_said_in_our_words(caplog: pytest.LogCaptureFixture) -> None:
    assert WENT_WRONG in str(say_went_wrong(failed(KeyError("x\nforged line"))))
    lines = caplog.records[0].getMessage().splitlines()
    assert lines[0] == "An event handler failed"
    assert lines[1] == "  | Traceback (most recent call last):"
    assert all(line.startswith("  | ") for line in lines[1:])
    assert "KeyError" in lines[-1]


def test_an_error_of_ours_is_its_own_sentence(caplog: pytest.LogCaptureFixture) -> None:
    assert "Busy." in str(say_went_wrong(failed(Conflict("Busy."))))
    assert caplog.records == []


def test_a_pages_fault_is_cut_and_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    log_a_pages_fault(Exception("one\n[INFO] two\x1b[2J" + "z" * 10_000))
    message = caplog.records[0].getMessage()
    assert message.startswith(r"A page reports: one\n[INFO] two\x1b[2J")
    assert len(message) < client_logs.LONGEST + 100
    assert len(message.splitlines()) == 1


def test_many_are_counted_and_not_written(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(client_logs.time, "monotonic", lambda: now)  # the clock
    for number in range(100):
        log_a_pages_fault(Exception(str(number)))
    assert len(caplog.records) == client_logs.MOST
    now += client_logs.SECONDS + 1
    log_a_pages_fault(Exception("later"))
    assert caplog.records[-1].getMessage() == "A page reports: later (and 80 more like it, left out)"


def test_every_logger_has_one_filter() -> None:
    tame_clients_faults()
    for name in LOGGERS:
        assert sum(isinstance(found, ClientFaults) for found in logging.getLogger(name).filters) == 1


@pytest.mark.parametrize(("text", "line"), [("a\r\nb", r"a\r\nb"), ("é 日本", "é 日本"), ("\u202eevil", r"\u202eevil")])
def test_a_text_is_one_line(text: str, line: str) -> None:
    assert one_line(text) == line
