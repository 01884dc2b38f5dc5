"""Clients' faults in the log: short, on one line, and few of them.

What a client sends may be in a message or in a traceback's last line; nothing of it may look like a line of ours, and
nobody may fill a disk with it. A filter on the loggers that speak of clients sees to both.
"""

from __future__ import annotations

import logging
import time

LONGEST = 400  # characters of a message
LONGEST_TRACEBACK = 6000
MOST, SECONDS = 20, 60.0  # records of a logger, in this time
LOGGERS = (
    "engineio.server",
    "socketio.server",
    "frameapp.ui.failures",
    "frameapp.ui.gate",
    "frameapp.ui.session",
    "reflex.app",
    "reflex.state",
    "reflex_base.event.processor.base_state_processor",
    "reflex_base.event.processor.event_processor",
)


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text without control characters and line breaks, cut."""
    shown = text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


class ClientFaults(logging.Filter):
    """Cuts and escapes a record, and lets ``MOST`` of them pass in ``SECONDS``; the next one counts those left out."""

    def __init__(self) -> None:
        super().__init__()
        self._began = 0.0
        self._passed = self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is logged."""
        now = time.monotonic()
        left_out = 0
        if now - self._began > SECONDS:
            left_out, self._left_out = self._left_out, 0
            self._began, self._passed = now, 0
        self._passed += 1
        if self._passed > MOST:
            self._left_out += 1
            return False
        message = one_line(record.getMessage())
        record.msg = f"{message} (and {left_out:,} more like it, left out)" if left_out else message
        record.args = ()
        if record.exc_info and record.exc_info[0] is not None:  # in the message: Reflex's handler writes its own
            record.msg += f"\n{_traceback(record.exc_info)}"
            record.exc_info = record.exc_text = None
        return True


def tame_clients_faults() -> None:
    """Put a filter on each of the loggers, once."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(found, ClientFaults) for found in logger.filters):
            logger.addFilter(ClientFaults())


def _traceback(exc_info: logging._SysExcInfoType) -> str:
    """The end of the traceback, each line indented so that none looks like a message."""
    text = logging.Formatter().formatException(exc_info)
    lines = [one_line(line, 1000) for line in text[-LONGEST_TRACEBACK:].splitlines()]
    return "\n".join(f"  | {line}" for line in lines)
