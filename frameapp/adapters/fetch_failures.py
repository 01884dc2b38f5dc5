"""What may go wrong in a fetch: which sentence it gets, and whether another try may help."""

import email.utils
import random
import re
import ssl
from datetime import UTC, datetime
from http import HTTPStatus

import httpx

from frameapp.adapters.fetch_order import FEEDS, Order
from frameapp.errors import BadStatus, FetchError, FetchTimeout

REDIRECTS = {301, 302, 303, 307, 308}
SUCCESS = {200, 203}
MAY_PASS = {408, 425, 429, 500, 502, 503, 504, *range(520, 531)}  # the last ones are a CDN's about the host behind it
FROM_FIRST = re.compile(r"bytes[ =:]*0-(\d+)/(\d+)", re.IGNORECASE)
BROKEN_OFF = ("Server disconnected", "peer closed connection")  # as httpcore and h11 call it
PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Failure(Exception):
    """One try failed. ``again``: another may not; ``after``: seconds the host asks for; ``down``: nobody is there."""

    def __init__(
        self, error: FetchError, *, again: bool = False, after: float | None = None, down: bool = False
    ) -> None:
        self.error = error
        self.again = again
        self.after = after
        self.down = down
        self.origin = ""


def brings_body(response: httpx.Response) -> bool:
    """Whether the answer brings what was asked for: a success, or a range that happens to be all of it."""
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return response.status_code in SUCCESS
    if response.headers.get("content-type", "").lower().startswith("multipart/byteranges"):
        return False
    said = response.headers.get("content-range", "").strip()
    found = FROM_FIRST.fullmatch(said)
    return not said or (found is not None and int(found[1]) + 1 == int(found[2]))


def check_status(order: Order, response: httpx.Response) -> None:
    """Raise Failure where the answer is no success, no redirect, and no 304 that was asked for."""
    status = response.status_code
    if brings_body(response) or status in REDIRECTS or (status == HTTPStatus.NOT_MODIFIED and order.conditional):
        return
    phrase = f" {PHRASES[status]}" if status in PHRASES else ""
    after = _retry_after(response.headers.get("retry-after", "")) if status in MAY_PASS else None
    if status == HTTPStatus.PARTIAL_CONTENT:
        phrase += ", a part of the file only"
    asks = f" and asks to wait {after:.0f} seconds" if after and after > order.limits.patience else ""
    error = BadStatus(f"{order.subject} answered {status}{phrase}{asks}.{_advice(order, status)}", status=status)
    raise Failure(error, again=status in MAY_PASS, after=after)


def _advice(order: Order, status: int) -> str:
    """What the user may do about a feed that is not given out; a picture's link is its shop's to fix."""
    if order.limits is not FEEDS:
        return ""
    match status:
        case HTTPStatus.UNAUTHORIZED if order.authorization:
            return " Check the name and the password."
        case HTTPStatus.UNAUTHORIZED:
            return " It asks for a name and a password."
        case HTTPStatus.FORBIDDEN:
            return " It may want a name and a password, or another User-Agent."
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return " Check the address."
    return ""


def translated(order: Order, error: httpx.TransportError) -> Failure:
    """The failure that an exception of httpx means."""
    subject, limits = order.subject, order.limits
    match error:
        case httpx.ConnectTimeout():
            sentence = f"{subject} could not be connected to within {limits.connect:g} seconds."
            return Failure(FetchTimeout(sentence), down=True)
        case httpx.TimeoutException():
            return Failure(FetchTimeout(f"{subject} did not answer within {limits.read:g} seconds."))
        case httpx.ConnectError() if problem := _tls_problem(error):
            return Failure(FetchError(f"{subject} {problem}."))
        case httpx.ConnectError():
            return Failure(FetchError(f"{subject} refuses connections."), again=True, down=True)
        case httpx.RemoteProtocolError() if not str(error).startswith(BROKEN_OFF):
            return Failure(FetchError(f"{subject} breaks the rules of HTTP, so its answer cannot be read."))
        case httpx.RemoteProtocolError() | httpx.NetworkError():
            return Failure(FetchError(f"{subject} broke off its answer."), again=True)
        case _:
            return Failure(FetchError(f"{subject} cannot be asked: {error}."))


def _tls_problem(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has no valid certificate ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "does not answer a secure connection"
        cause = cause.__cause__ or cause.__context__
    return ""


def wait_before_another(order: Order, failure: Failure, pause: float | None) -> float | None:
    """How many seconds to wait before another try, None where there is none."""
    asked = failure.after or 0.0
    if pause is None or not failure.again or asked > order.limits.patience:
        return None
    wait = max(pause * random.uniform(0.75, 1.25), asked)  # noqa: S311
    return wait if wait < order.left else None


def _retry_after(value: str) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date)."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
