"""The statuses that our errors are answered with."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from frameapp.errors import Conflict, FrameappError, Invalid, LimitReached, NotFound, SignInRequired, TooBusy
from frameapp.web.answers import answering_errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (SignInRequired(), 404),
        (Invalid("No."), 400),
        (Conflict("Not now."), 409),
        (LimitReached("Enough."), 409),
        (TooBusy("Later."), 429),
        (FrameappError("Away."), 503),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_an_error_has_its_status(error: FrameappError, status: int) -> None:
    def endpoint(request: Request) -> Response:
        raise error

    answer = answering_errors(endpoint)(Request({"type": "http"}))
    assert (answer.status_code, answer.body.decode()) == (status, str(error))
