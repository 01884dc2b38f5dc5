"""The heads of answers, made such as h11 reads them: what is wrong with one line costs that line, as in browsers.

Servers send lines in quotation marks, names with spaces after them, lines without a colon; h11 refuses such an answer.
"""

import re
from collections.abc import Iterator

LONGEST = 100 * 1024  # bytes, as httpcore has it
INFORMATIONAL = re.compile(rb"HTTP/1\.. 1(?!01)")

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TEXT = rb"[^\x00\n\r\x0b\x0c]*"
_FIELDS = (
    rb"(?:(?!Content-Length|Transfer-Encoding)" + _TOKEN + rb":" + _TEXT + rb"\r\n"
    rb"|Content-Length:[ \t]*[0-9]{1,18}[ \t]*\r\n)*"
)
_SOUND = re.compile(
    rb"(?-i:HTTP)/1\.[01] [2-9][0-9]{2}(?: " + _TEXT + rb")?\r\n"
    + _FIELDS + rb"(?:Transfer-Encoding:[ \t]*chunked[ \t]*\r\n" + _FIELDS + rb")?\r\n",
    re.IGNORECASE,
)  # fmt: skip
_BLANK_LINE = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/?([0-9]?)(?:\.([0-9]*))?[ \t]+([1-9][0-9]{2})(?![0-9])(.*)", re.IGNORECASE)
_NAME = re.compile(_TOKEN)
_LENGTH = re.compile(rb"[0-9]{1,18}(?:[ \t]*,[ \t]*[0-9]{1,18})*")
_CODINGS = frozenset({b"chunked", b"gzip", b"x-gzip", b"deflate", b"compress", b"x-compress"})  # others do nothing
_NO_SPACES = bytes.maketrans(b"\x00\r\x0b\x0c", b"    ")  # a recipient may take them for spaces (RFC 9110, 5.5)


class NotHttp(Exception):
    """The answer cannot be read; the text continues "The picture's address ..."."""


class Heads:
    """What comes over one connection, with the heads of answers made readable and their bodies as they are."""

    def __init__(self) -> None:
        self._held: bytes | None = None  # of a head; None while a body passes

    def expect(self) -> None:
        """A request was sent, so a head comes next."""
        self._held = b""

    def passed(self, data: bytes) -> bytes:
        """What ``data`` is made into: nothing as long as a head is not complete. Raises NotHttp."""
        if self._held is None:
            return data
        if not self._held and _SOUND.match(data):
            self._held = None
            return data
        return b"".join(self._heads(self._held + data))

    def _heads(self, data: bytes) -> Iterator[bytes]:
        self._held = data
        while self._held is not None:
            self._held = self._held.lstrip(b"\r\n")
            if not b"HTTP".startswith(self._held[:4].upper()):
                raise NotHttp("gives an answer that is no HTTP")
            end = _BLANK_LINE.search(self._held)
            if (end.end() if end else len(self._held)) > LONGEST:
                raise NotHttp(f"answers with more than {LONGEST // 1024} kB of headers")
            if end is None:
                return
            head = readable(self._held[: end.start()])
            yield head
            rest = self._held[end.end() :]
            self._held = rest if INFORMATIONAL.match(head) else None
            if self._held is None:
                yield rest


def readable(head: bytes) -> bytes:
    """The head with its blank line, in lines that h11 reads. Raises NotHttp where its first line gives no status."""
    first, *lines = (line.removesuffix(b"\r").translate(_NO_SPACES) for line in head.split(b"\n"))
    status = _STATUS.match(first)
    if status is None:
        raise NotHttp("gives an answer that is no HTTP")
    old = status[1] in (b"", b"0") or (status[1], status[2]) == (b"1", b"0")
    parts = [b"HTTP/1.0 " if old else b"HTTP/1.1 ", status[3], b" ", status[4].strip(), b"\r\n"]
    chunked = False
    for name, value in _fields(lines):
        match name.lower():
            case b"content-length" if not _LENGTH.fullmatch(value):
                continue
            case b"transfer-encoding":
                codings = _CODINGS & {coding.strip(b" \t\"'") for coding in value.lower().split(b",")}
                if not codings or (codings == {b"chunked"} and chunked):
                    continue
                chunked, value = codings == {b"chunked"}, b"chunked" if codings == {b"chunked"} else value
        parts += (name, b": ", value, b"\r\n")
    return b"".join((*parts, b"\r\n"))


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Names and values. A line that begins with a space belongs to the one before (RFC 9112, 5.2), whatever that is."""
    found: list[tuple[bytes, list[bytes]]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        found.append((name if colon and _NAME.fullmatch(name) else b"", [value.strip()]))
    return ((name, b" ".join(values).strip()) for name, values in found if name)
