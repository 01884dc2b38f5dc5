"""The XML parser's view of a feed: expat, with the Google namespace, limits, and positions in the feed's text.

Everything between products passes here, and every product that ``xml.py`` cannot read by its short cut. No
document type may declare anything, so there are no entities to expand and nothing is ever fetched.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from frameapp.core.feeds.compose import Field, compose
from frameapp.core.feeds.entry import Located
from frameapp.core.feeds.fields import IDENTIFIERS, IMAGE_LINK
from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.links import absolute, nearer_base
from frameapp.core.feeds.names import Names
from frameapp.core.feeds.text import REFERENCE, plain
from frameapp.core.feeds.wellformed import NOT_XML, substitute
from frameapp.errors import FeedError

STAND_IN = "\x7f"
"""Takes the place of an ``&`` that XML does not allow while expat reads; one character for one."""
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_STOOD_IN = re.compile(rf"{STAND_IN}({REFERENCE})")
_TAG = re.compile(r"<[^\s<>\"']+(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_NOT_READ = re.compile(f"{STAND_IN}|{NOT_XML.pattern}")
_BROKEN_OFF = frozenset({
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
})  # fmt: skip


class _Open(NamedTuple):
    """A product's element that is not closed yet."""

    key: str
    google: bool
    start: int
    attributes: dict[str, str]


class Around(NamedTuple):
    """An open element that products stand in: the root, its channel."""

    name: str
    attributes: dict[str, str]


class Clean(NamedTuple):
    """A place between two products, or after one: its character, how many products come before it, what is open."""

    at: int
    position: int
    around: tuple[Around, ...]


class _Fed:
    """A stretch of text that expat was given: its first byte for expat, its first character in the caller's text."""

    __slots__ = ("_counted", "_data", "byte", "character")

    def __init__(self, byte: int, character: int, data: bytes | None) -> None:
        self.byte, self.character, self._data = byte, character, data
        self._counted = (0, 0)

    @property
    def single_byte(self) -> bool:
        """Whether each character is one byte."""
        return self._data is None

    def at(self, byte: int) -> int:
        """The character at a byte of expat's; quick where bytes are asked for in order."""
        offset = byte - self.byte
        if self._data is None:
            return self.character + offset
        bytes_counted, characters = self._counted if self._counted[0] <= offset else (0, 0)
        characters += len(self._data[bytes_counted:offset].decode(errors="ignore"))
        self._counted = (offset, characters)
        return self.character + characters


class Markup:
    """Reads the text that ``feed`` gives it and keeps finished products in ``ready``."""

    def __init__(self, limits: FeedLimits, base_url: str) -> None:
        self.names = Names()
        self.depth = 0
        self.ready: list[Located] = []
        self.position = 0
        self._limits = limits
        self._address = base_url
        self._base = base_url
        self._outer_bases: list[tuple[int, str]] = []
        self._home = ""
        self._entry_base = ""
        self._in_cdata = False
        self._entry_depth = 0
        self._entry_byte = 0
        self._open: list[_Open] = []
        self._texts: list[str] = []
        self._fields: list[Field] = []
        self._links: list[tuple[int, int]] = []
        self._parts: list[str] = []
        self._bytes = 0
        self._fed: list[_Fed] = []
        self._around: list[Around] = []
        self._last: tuple[int, int, tuple[Around, ...]] | None = None
        self._parser = self._make_parser()

    @property
    def begun(self) -> bool:
        """Whether anything was read."""
        return self._bytes > 0

    @property
    def inside(self) -> bool:
        """Whether a product is open."""
        return self._entry_depth > 0

    @property
    def between(self) -> bool:
        """Whether a product may begin right here: nothing half read, the root or its channel open."""
        return (
            0 < self.depth < 3
            and not self._entry_depth
            and not self._in_cdata
            and self._parser.CurrentByteIndex == self._bytes
        )

    @property
    def base(self) -> str:
        """What relative links are resolved against: ``xml:base``, the feed's address, or the shop's link."""
        return self._base or self._home

    def feed(self, text: str, start: int) -> None:
        """Reads on; ``start`` is where ``text`` begins in the caller's text, in which links are located."""
        text = readable(text)
        data = text.encode()
        self._note(data, len(data) == len(text), start)
        self._bytes += len(data)
        self._parse(data, final=False)
        self._check_sizes()

    @property
    def around(self) -> tuple[Around, ...]:
        """The elements that are open where ``between`` is true."""
        return tuple(self._around[: self.depth])

    def taken_to(self, text: str) -> Clean | None:
        """The end in the caller's ``text`` of the product that was read last since this was asked; None for none."""
        if self._last is None:
            return None
        (byte, position, around), self._last = self._last, None
        tag = _TAG.match(text, self.character(byte))
        return Clean(tag.end(), position, around) if tag else None

    def resume(self, around: Sequence[Around], position: int) -> None:
        """Goes on after a fault with another parser, inside of these elements."""
        home, self._home = self._home, ""
        self.names, self.position, self.depth = Names(), position, 0
        self._base, self._outer_bases = self._address, []
        self._entry_depth, self._in_cdata = 0, False
        self._open, self._texts = [], []
        self._parts, self._bytes, self._fed = [], 0, []
        self._last, self._around = None, []
        self._parser = self._make_parser()
        self.ready.clear()
        if around:
            self.feed("".join(map(tag_of, around)), 0)
            self._fed.clear()
        self._home = home

    def _note(self, data: bytes, single_byte: bool, start: int) -> None:
        """Keeps what ``character`` needs; ASCII that follows on ASCII adds nothing to it."""
        last = self._fed[-1] if self._fed else None
        if single_byte and last and last.single_byte and self._bytes - last.byte == start - last.character:
            return
        self._fed.append(_Fed(self._bytes, start, None if single_byte else data))

    @property
    def open_at(self) -> int:
        """Where the open product begins in the caller's text."""
        return self.character(self._entry_byte)

    def forget(self, characters: int) -> None:
        """Says that the caller's text lost so many characters at its beginning, none of them of an open product."""
        gone = max((number for number, fed in enumerate(self._fed) if fed.character <= characters), default=0)
        del self._fed[:gone]
        for fed in self._fed:
            fed.character -= characters
        self._links = [(start - characters, end - characters) for start, end in self._links]

    def finish(self) -> None:
        """Reads the end. Raises FeedError where elements are still open."""
        self._parse(b"", final=True)

    def character(self, byte: int) -> int:
        """Where expat's byte is in the caller's text."""
        for fed in reversed(self._fed):
            if fed.byte <= byte:
                return fed.at(byte)
        return 0

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._parts.append
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.StartDoctypeDeclHandler = self._document_type
        parser.ProcessingInstructionHandler = self._instruction
        parser.EntityDeclHandler = refuse_declarations
        return parser

    def _parse(self, data: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            at = self.character(self._parser.ErrorByteIndex)
            broken_off = error.code in _BROKEN_OFF
            raise MarkupError(expat.ErrorString(error.code), at, broken_off=broken_off) from error

    def _check_sizes(self) -> None:
        if self._bytes - self._parser.CurrentByteIndex > self._limits.token:
            raise self._endless(f"a single tag or comment of more than {self._limits.token:,} bytes")
        if not self._entry_depth:
            self._parts.clear()
        elif self._bytes - self._entry_byte > self._limits.entry:
            raise self._endless(f"more than {self._limits.entry:,} bytes")

    def _endless(self, much: str) -> Exception:
        """What to raise for too much on end: a fault of the open product, which may lack its end, or a refusal."""
        if not self._entry_depth:
            return FeedError(f"The feed has {much}. That is no catalogue.")
        return MarkupError(f"a product with {much}, or one without an end,", self.open_at, endless=True)

    def _start(self, name: str, pairs: list[str]) -> None:
        self.depth += 1
        if self.depth > self._limits.depth:
            raise self._endless(f"more than {self._limits.depth} elements inside one another")
        attributes: dict[str, str] = {}
        if pairs:
            if len(pairs) > 2 * self._limits.attributes:
                raise FeedError(f"An element of the feed has more than {self._limits.attributes} attributes.")
            attributes = dict(zip(pairs[::2], pairs[1::2], strict=True))
            self.names.declare(attributes, self.depth)
        if prefix := self.names.undeclared(name, *attributes):
            at = self.character(self._parser.CurrentByteIndex)
            raise MarkupError(f"the prefix {prefix} is not declared", at)
        if self._entry_depth:
            self._start_field(name, attributes)
        elif 1 < self.depth < 4 and self.names.is_entry(name):
            self._start_entry(attributes)
        else:
            self._start_around(name, attributes)
        self._parts.clear()

    def _start_around(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth < 3:
            self._around[self.depth - 1 :] = [Around(name, attributes)]
        if self.depth < 3 and "xml:base" in attributes:
            self._outer_bases.append((self.depth, self._base))
            self._base = nearer_base(self._base, attributes["xml:base"])
        if self.depth < 4 and not self._home and self.names.key(name) == "link":
            self._home = _href(attributes)

    def _start_entry(self, attributes: dict[str, str]) -> None:
        self._entry_depth = self.depth
        self._entry_byte = self._parser.CurrentByteIndex
        base = attributes.get("xml:base", "")
        self._entry_base = nearer_base(self.base, base) if base else ""
        self._fields, self._links = [], []

    def _start_field(self, name: str, attributes: dict[str, str]) -> None:
        key = self.names.key(name)
        if self._open:
            self._texts[-1] += "".join(self._parts)
            key = f"{self._open[-1].key}.{key}"
        self._open.append(_Open(key, name in self.names.google, self._parser.CurrentByteIndex, attributes))
        self._texts.append("")

    def _end(self, name: str) -> None:
        if self._open:
            self._end_field()
        elif self.depth == self._entry_depth:
            self._end_entry()
        elif not self._home and 1 < self.depth < 4 and self.names.key(name) == "link":
            self._home = self._text("")
        if self._outer_bases and self._outer_bases[-1][0] == self.depth:
            self._base = self._outer_bases.pop()[1]
        self._parts.clear()
        self.names.leave(self.depth)
        self.depth -= 1

    def _end_field(self) -> None:
        key, google, start, attributes = self._open.pop()
        text = _unescaped(self._texts.pop() + "".join(self._parts))
        value = (text if key in IDENTIFIERS else plain(text)).strip()
        if key == IMAGE_LINK and value:
            if "xml:base" in attributes:
                value = absolute(value, nearer_base(self._entry_base or self.base, attributes["xml:base"]))
            end = self._parser.CurrentByteIndex
            self._links.append((self.character(start), self.character(end)))
        if key == "link" and not value:
            value = _href(attributes)
        self._fields.append((key, google, value))
        if len(self._fields) > self._limits.fields:
            raise self._endless(f"more than {self._limits.fields:,} fields")

    def _end_entry(self) -> None:
        entry = compose(self._fields, self.position, self._entry_base or self.base)
        self.ready.append(Located(entry, tuple(self._links)))
        self.position += 1
        self._entry_depth = 0
        self._last = (self._parser.CurrentByteIndex, self.position, tuple(self._around[: self.depth - 1]))

    def _text(self, before: str) -> str:
        return plain(_unescaped(before + "".join(self._parts))).strip()

    def _start_cdata(self) -> None:
        self._in_cdata = True
        self._parser.CharacterDataHandler = self._verbatim

    def _end_cdata(self) -> None:
        self._in_cdata = False
        self._parser.CharacterDataHandler = self._parts.append

    def _verbatim(self, text: str) -> None:
        self._parts.append(text.replace(STAND_IN, "&"))

    def _instruction(self, target: str, _data: str) -> None:
        if ":" in target:  # Namespaces in XML, 7
            at = self.character(self._parser.CurrentByteIndex)
            raise MarkupError("a processing instruction's name has a colon", at)

    def _document_type(self, name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if name.lower() == "html":
            raise FeedError("The address gives a web page (HTML) and not a feed. Check the feed's address.")
        if declares:
            refuse_declarations()


class MarkupError(Exception):
    """The text breaks the rules; ``at`` is the character in the caller's text, ``broken_off`` where its end is missing.

    ``endless`` says that the fault may be none: a product so large that it is taken for one without an end.
    """

    def __init__(self, fault: str, at: int, *, broken_off: bool = False, endless: bool = False) -> None:
        super().__init__(fault)
        self.at = at
        self.broken_off = broken_off
        self.endless = endless

    def sentence(self, line: int) -> str:
        """What to tell the user where nothing can be read."""
        if self.broken_off:
            return f"The feed breaks off in line {line:,}, before its end. Try again, or have it exported anew."
        if self.endless:
            return f"The feed has {self} in line {line:,}."
        return f"The feed is no valid XML: {self} in line {line:,}. Have it fixed where it is made, then try again."


def tag_of(element: Around) -> str:
    """The opening tag of an element, a reference that expat was not shown as it was."""
    attributes = "".join(f" {name}={quoteattr(_unescaped(value))}" for name, value in element.attributes.items())
    return f"<{element.name}{attributes}>"


def refuse_declarations(*_declaration: object) -> None:
    """Raises FeedError for a document type that declares something."""
    raise FeedError("The feed brings a document type with declarations of its own (a DTD); such feeds are not read.")


def readable(text: str) -> str:
    """``text`` with what expat would refuse replaced, one character for one."""
    if not text.isascii() or not text.isprintable():
        text = _NOT_READ.sub(substitute, text)
    return _LOOSE.sub(STAND_IN, text) if "&" in text else text


def _unescaped(text: str) -> str:
    """What expat gave, with the references read that it was not shown."""
    if STAND_IN not in text:
        return text
    return _STOOD_IN.sub(lambda found: plain(f"&{found[1]}"), text).replace(STAND_IN, "&")


def _href(attributes: dict[str, str]) -> str:
    """Where an Atom link leads, if it leads to the page that the element is about (RFC 4287, 4.2.7.2)."""
    if attributes.get("rel", "alternate") != "alternate":
        return ""
    return plain(_unescaped(attributes.get("href", ""))).strip()
