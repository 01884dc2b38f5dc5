"""Atom and RSS, streaming.

Two readers share the work. Products are nearly always flat lists of elements with text; one regular expression
reads such a product at once, and refuses whatever is not exactly that. What it refuses, and all between
products, goes to expat (``markup.py``), which also decides where a product may begin.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from frameapp.core.feeds.compose import Field as Spelled
from frameapp.core.feeds.compose import compose
from frameapp.core.feeds.entry import Entry, Located, Piece
from frameapp.core.feeds.fields import ADDITIONAL, IDENTIFIERS, IMAGE_LINK
from frameapp.core.feeds.links import absolute, several
from frameapp.core.feeds.markup import Clean, Markup, MarkupError
from frameapp.core.feeds.nothing import NoEntries
from frameapp.core.feeds.possessive import ANY, SOME
from frameapp.core.feeds.recovering import Fault, Recovery
from frameapp.core.feeds.shapes import Field, Shapes, Slot
from frameapp.core.feeds.source import Source
from frameapp.core.feeds.text import plain, plain_markup, verbatim
from frameapp.core.feeds.wellformed import NOT_XML, PLAIN_NAME, fault_in, repaired, substitute
from frameapp.errors import FeedError

_NAME = r"[^\s<>/!?&\"'=]++"
_ATTRIBUTES = rf"(?:\s++{_NAME}\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+')){ANY}\s*+"
_SECTION = rf"[^\]]*+(?:\](?!\]>)[^\]]*+){ANY}"
_CDATA = rf"\s*+<!\[CDATA\[{_SECTION}\]\]>\s*+"
_COMMENTS = rf"(?:!--[^-]*+(?:-[^-]++){ANY}-->[^<]*+<){ANY}"
_NESTED = rf"(?:\s*+<({_NAME})>[^<]*+</\4>){SOME}\s*+"
Leaf = tuple[str, str, str, str]
"""An element's name, attributes, content, and the name of its last child."""
_LEAF = re.compile(
    rf"<{_COMMENTS}(?:({_NAME})({_ATTRIBUTES})(?:/>|>([^<]*+(?=</)|{_CDATA}|{_NESTED})</\1\s*+>)|[\s\S]*+)"
)
"""An element without children, or with one level of them, comments before it, or, with no name, all that is left."""
_OPENING = re.compile(rf"\s*+<((?:{_NAME[:-2]}*?:)?(?:item|entry|product))({_ATTRIBUTES})>")
_CANDIDATE = re.compile(r"<(?:[^\s<>/!?&:\"'=]+:)?(?:item|entry|product)[\s>]")
_HREF = re.compile(r"\shref\s*=\s*[\"']([^\"']*)")
_REL = re.compile(r"\srel\s*=\s*[\"']([^\"']*)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTENT = re.compile(r"<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<[^<>]*>|[^<]+")
_START_TAG = re.compile(r"<[^\s<>/\"']+(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")

_BEFORE_XML = re.compile(r"[\s\ufeff]*")

_LONGEST_ATTRIBUTES = 2_000
_ATTRIBUTE = re.compile(rf"\s++({_NAME})\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+')")
_PLAIN_NAME = re.compile(PLAIN_NAME).fullmatch
_WINDOW = 256 * 1024
_LONGEST_TAIL = 1_000


class XmlFeed:
    """The products of an Atom or RSS feed, from text that comes in blocks."""

    def __init__(self, source: Source) -> None:
        self._texts = self._allowed(source.texts)
        self._decoder = source.decoder
        self._limits = source.limits
        self._markup = Markup(source.limits, source.base_url)
        self._names = self._markup.names
        self._buffer = ""
        self._at = 0
        self._found: list[Located] = []
        self._between = False
        self._gap = 0
        self._lines = 1
        self._clean = Clean(0, 0, ())
        self._clean_found = 0
        self._recovery: Recovery | None = None
        self._mended: list[str] = []
        self._loose = False
        self._refused = 0
        self._refused_at = -1
        self._shapes = Shapes()
        self._shapes_of = self._names.version

    def entries(self) -> Iterator[Entry]:
        """The products in order. Raises FeedError."""
        for piece in self._pieces(locate=False):
            for located in piece.located:
                yield located.entry

    def pieces(self) -> Iterator[Piece]:
        """The whole text with the products located in it. Raises FeedError."""
        return self._pieces(locate=True)

    def replaced(self, content: str, link: str) -> str:
        """An element's content with ``link`` in place of its text; CDATA, comments and the space around it stay."""
        return _replaced(content, link)

    @property
    def notes(self) -> list[str]:
        """What is amiss with the feed's XML, in sentences."""
        return self._mended + (self._recovery.notes if self._recovery else [])

    @property
    def lost(self) -> int:
        """How many products do not close properly."""
        return self._recovery.left_out if self._recovery else 0

    @property
    def doubted(self) -> bool:
        """Whether any number of products may be missing, since the feed's end is."""
        return self._recovery is not None and self._recovery.cut

    def _allowed(self, texts: Iterator[str]) -> Iterator[str]:
        """The text without characters that XML does not allow."""
        noted = False
        for text in texts:
            if self._decoder.doubtful and (found := NOT_XML.search(text)):
                if not noted and not "\udc80" <= found[0] <= "\udcff":
                    line = self._line_of_end() + text.count("\n", 0, found.start())
                    character = f"the character U+{ord(found[0]):04X}"
                    self._mended.append(f"XML does not allow {character} in line {line:,}; it is read as a space.")
                    noted = True
                text = NOT_XML.sub(substitute, text)
            yield text

    def _line_of_end(self) -> int:
        """The line in which the text ends that was read so far."""
        return self._recovery.line_of_end if self._recovery else self._lines + self._buffer.count("\n")

    def encoded(self, text: str) -> bytes:
        """The bytes to publish of a stretch of the text, cut between tags: well-formed."""
        text = repaired(text)
        return self._decoder.encode(text) if self._decoder.told else text.encode()

    def _pieces(self, *, locate: bool) -> Iterator[Piece]:
        self._loose = locate  # pieces are put right as they are published
        try:
            yield from self._read(locate=locate)
        except MarkupError as error:
            yield self._recover(error)
            yield from self._recovered(locate=locate)
            if not self._markup.position:
                raise FeedError(error.sentence(self._recovery.fault.line if self._recovery else 0)) from error
        if not self._markup.position:
            raise NoEntries

    def _read(self, *, locate: bool) -> Iterator[Piece]:
        for text in self._texts:
            self._append(text)
            self._scan(locate=locate, final=False)
            yield self._piece()
        self._scan(locate=locate, final=True)
        self._markup.finish()
        self._clean = self._clean._replace(at=len(self._buffer))
        yield self._piece()

    def _recover(self, error: MarkupError) -> Piece:
        """Hands out what is sound before a fault; what comes after it is read by way of ``Recovery``."""
        clean = self._clean
        rest = self._buffer[clean.at :]
        line = self._lines + self._buffer.count("\n", 0, error.at)
        first = self._lines + self._buffer.count("\n", 0, clean.at)
        self._recovery = Recovery(Fault(error, line), clean.around, first, self._limits)
        del self._found[self._clean_found :]
        piece = Piece(self._buffer[: clean.at], self._found)
        self._look_at(piece.text)
        self._texts = self._recovery.texts(chain([rest], self._texts))
        self._buffer, self._at, self._found, self._between, self._refused_at = "", 0, [], False, -1
        self._clean, self._clean_found = Clean(0, clean.position, clean.around), 0
        self._shapes_of = -1
        self._markup.resume(clean.around, clean.position)
        self._names = self._markup.names
        return piece

    def _recovered(self, *, locate: bool) -> Iterator[Piece]:
        try:
            yield from self._read(locate=locate)
        except MarkupError as error:
            raise FeedError(error.sentence(self._recovery.line if self._recovery else 0)) from error

    def _append(self, text: str) -> None:
        first = not self._buffer and not self._markup.begun
        self._buffer += text
        if first and (before := _BEFORE_XML.match(self._buffer)):
            self._at = before.end()
            if before[0].strip("\ufeff") and self._buffer.startswith("<?xml", self._at):
                self._mended.append("The feed begins with spaces or blank lines before its XML declaration.")
                mark = "\ufeff" if before[0].startswith("\ufeff") else ""
                self._lines += before[0].count("\n")
                self._buffer, self._at = mark + self._buffer[self._at :], len(mark)

    def _piece(self) -> Piece:
        """Hands out what is read up to the last place between products; what comes after it may be read anew."""
        end = self._clean.at
        piece = Piece(self._buffer[:end], self._found)
        self._look_at(piece.text)
        self._buffer, self._found, self._refused_at = self._buffer[end:], [], -1
        self._at -= end
        self._clean, self._clean_found = self._clean._replace(at=0), 0
        self._markup.forget(end)
        self._lines += piece.text.count("\n")
        return piece

    def _look_at(self, text: str) -> None:
        """Notes the first reference that XML does not allow, in text from the buffer's beginning."""
        if self._loose or not (found := fault_in(text)):
            return
        self._loose, (at, fault) = True, found
        line = "" if self._recovery else f" in line {self._lines + self._buffer.count(chr(10), 0, at):,}"
        what = "a bare &" if fault == "&" else fault
        self._mended.append(f"XML does not allow {what}{line}; it is read as it is meant.")

    def _scan(self, *, locate: bool, final: bool) -> None:
        """Reads what the buffer holds, but for what may go on in the next block."""
        start, before = self._at, len(self._found)
        while self._at < len(self._buffer):
            if self._between and self._known_shapes(locate=locate):
                continue
            opening = self._opening()
            if opening:
                closing = f"</{opening[1]}>"
                end = self._buffer.find(closing, opening.end())
                if end < 0 and not final and len(self._buffer) - self._at < _WINDOW:
                    break
                if end > 0 and self._short_cut(opening, end, locate=locate):
                    self._at = end + len(closing)
                    self._keep_clean()
                    continue
            stop = self._stop(final=final)
            if stop <= self._at:
                break
            self._feed(stop)
        self._check(self._at - start, len(self._found) - before)

    def _known_shapes(self, *, locate: bool) -> bool:
        """Reads products of known shapes for as long as they come; false where the first is of none."""
        buffer, markup, found = self._buffer, self._markup, self._found
        if self._shapes_of != self._names.version:
            self._shapes.clear()
            self._shapes_of = self._names.version
        base, start, match = markup.base, self._at, self._shapes.match
        while known := match(buffer, self._at):
            shape, matched = known
            if self._decoder.mixed and _SURROGATE.search(buffer, self._at, matched.end()):
                break
            entry = shape.entry(matched, markup.position, base)
            links = shape.spans(matched) if locate and entry.image_link else ()
            found.append(Located(entry, links))
            markup.position += 1
            self._at = matched.end()
        if self._at > start:
            self._keep_clean()
            return True
        return False

    def _keep_clean(self) -> None:
        """Notes that all is sound up to here, after a product that stands beside the one before."""
        self._clean = Clean(self._at, self._markup.position, self._clean.around)
        self._clean_found = len(self._found)

    def _opening(self) -> re.Match[str] | None:
        """The tag that opens a product right here, where the short cut may be tried."""
        if not self._between:
            return None
        opening = _OPENING.match(self._buffer, self._at)
        if not opening or opening.start(1) == self._refused_at:
            return None
        name, attributes = opening.groups()
        return opening if self._plain_name(name) and (not attributes or _harmless(attributes)) else None

    def _feed(self, stop: int) -> None:
        markup = self._markup
        markup.feed(self._buffer[self._at : stop], self._at)
        self._at = stop
        for located in markup.ready:
            links = tuple((self._content(start, end), end) for start, end in located.links)
            self._found.append(Located(located.entry, links))
        markup.ready.clear()
        between = markup.between
        self._between = self._refused < 100 and between
        clean = markup.taken_to(self._buffer)
        if between:
            clean = Clean(self._at, markup.position, markup.around)
        if clean:
            self._clean, self._clean_found = clean, len(self._found)

    def _content(self, start: int, end: int) -> int:
        """Where the content begins of the element that begins at ``start``."""
        tag = _START_TAG.match(self._buffer, start, end)
        return tag.end() if tag else end

    def _stop(self, *, final: bool) -> int:
        """How far expat is fed: to where the next product may begin, and never into the middle of a tag."""
        if self._refused < 100:
            candidate = _CANDIDATE.search(self._buffer, self._at + 1)
            if candidate:
                return candidate.start()
        end = len(self._buffer)
        if final:
            return end
        tail = max(self._at, end - _LONGEST_TAIL)
        tag = self._buffer.rfind("<", tail)
        if tag >= 0 and self._buffer.find(">", tag) < 0:
            end = tag
        reference = self._buffer.rfind("&", max(tail, end - 40), end)
        if reference >= 0 and self._buffer.find(";", reference, end) < 0:
            end = reference
        return end

    def _check(self, characters: int, products: int) -> None:
        if self._markup.position > self._limits.entries:
            raise FeedError(f"The feed has more than {self._limits.entries:,} products. Split it into several feeds.")
        self._gap = 0 if products or self._markup.inside else self._gap + characters
        if self._gap > self._limits.gap:
            raise FeedError(f"The feed has {self._limits.gap:,} characters on end without a product in them.")

    def _short_cut(self, opening: re.Match[str], end: int, *, locate: bool) -> bool:
        """Reads the product between ``opening`` and ``end`` by one expression; false where it is not that plain."""
        start = opening.end()
        leaves = _LEAF.findall(self._buffer, start, end)
        entry = self._entry(leaves) if self._plain_leaves(leaves, start, end) else None
        if entry is None:
            self._refused += 1
            self._refused_at = opening.start(1)
            return False
        links = self._links(leaves, start, end) if locate and entry.image_link else ()
        self._found.append(Located(entry, links))
        self._markup.position += 1
        if not self._shapes.full:
            self._learn(opening[1], opening[2], leaves, start, end)
        return True

    def _learn(self, name: str, attributes: str, leaves: list[Leaf], start: int, end: int) -> None:
        """Makes a shape of the product, once several of its outline were met."""
        outline = (
            name,
            *(leaf[0] + ("@" + ",".join(_names(leaf[1])) if leaf[1] else "<" if leaf[3] else "") for leaf in leaves),
        )
        if self._shapes.wanted(outline):
            slots = [self._slot(leaf) for leaf in _LEAF.finditer(self._buffer, start, end)]
            self._shapes.learn(name, f"<{re.escape(name)}{_like(attributes)}>", slots)

    def _slot(self, leaf: re.Match[str], *, inner: bool = False) -> Slot:
        """What matches elements like this one; ``inner`` are those of another field."""
        name, attributes, body, nested = leaf.groups("")
        key, google = self._names.key(name), name in self._names.google
        exact = key in IDENTIFIERS and not inner
        tag = re.escape(name)
        opening = rf"\s*+<{tag}{_like(attributes)}"
        sign = f"{name}@{','.join(_names(attributes))}"
        if nested:
            slots = [self._slot(child, inner=True) for child in _LEAF.finditer(body)]
            fields = tuple(
                field._replace(key=f"{key}.{field.key}", google=google) for slot in slots for field in slot.fields
            )
            pattern = rf"{opening}>{''.join(slot.pattern for slot in slots)}\s*+</{tag}\s*+>()"
            signs = ",".join(slot.sign for slot in slots)
            return Slot(f"{sign}({signs})", pattern, (*fields, Field(key, google, plain_markup)))
        if key == "link" and attributes and not body.strip():
            opening = rf"\s*+<{tag}({_like(attributes)})"
            pattern = rf"{opening}(?:/>|>\s*+</{tag}\s*+>)"
            return Slot(f"{sign} href", pattern, (Field(key, google, _href, always=True),))
        if leaf[0].endswith("/>"):
            return Slot(f"{sign}/", rf"{opening}/>()", (Field(key, google, plain_markup),))
        if "<" in body:
            pattern = rf"{opening}>\s*+<!\[CDATA\[({_SECTION})\]\]>\s*+</{tag}\s*+>"
            return Slot(f"{sign}[", pattern, (Field(key, google, verbatim if exact else plain, cdata=True),))
        return Slot(sign, rf"{opening}>([^<]*+)</{tag}\s*+>", (Field(key, google, plain if exact else plain_markup),))

    def _plain_leaves(self, leaves: list[Leaf], start: int, end: int) -> bool:
        if leaves and not leaves[-1][0]:
            return False
        keys = self._names.keys
        if any(leaf[0] not in keys and not self._plain_name(leaf[0]) for leaf in leaves):
            return False
        if len(leaves) > self._limits.fields:
            return False
        return not self._decoder.mixed or not _SURROGATE.search(self._buffer, start, end)

    def _plain_name(self, name: str) -> bool:
        prefix, colon, local = name.rpartition(":")
        return bool(_PLAIN_NAME(local)) and not self._names.undeclared(name) and (not colon or ":" not in prefix)

    def _entry(self, leaves: list[Leaf]) -> Entry | None:
        keys, data = self._names.keys, {}
        for name, attributes, body, nested in leaves:
            key = keys.get(name) or self._names.key(name)
            if attributes or nested or key in data:
                return self._careful(leaves)
            if "<" in body:
                body = _value(key, body)
            elif "&" in body:
                body = plain(body) if key in IDENTIFIERS else plain_markup(body)
            data[key] = body.strip()
        base = self._markup.base
        more = data.get(ADDITIONAL)
        return Entry(
            data.get("id", ""),
            absolute(data.get(IMAGE_LINK, ""), base),
            several(more, base) if more else (),
            data.get("title", ""),
            data,
            self._markup.position,
        )

    def _careful(self, leaves: list[Leaf]) -> Entry | None:
        """As ``_entry``, for products with attributes, repeated fields or one more level."""
        fields: list[Spelled] = []
        for name, attributes, body, nested in leaves:
            if attributes and not _harmless(attributes):
                return None
            key, google = self._names.key(name), name in self._names.google
            if nested:
                inner = _LEAF.findall(body)
                if not all(self._plain_name(leaf[0]) for leaf in inner):
                    return None
                fields += ((f"{key}.{self._names.key(leaf[0])}", google, _value("", leaf[2])) for leaf in inner)
                body = ""
            value = _value(key, body)
            if key == "link" and not value:
                value = _href(attributes)
            fields.append((key, google, value))
        if len(fields) > self._limits.fields:
            return None
        return compose(fields, self._markup.position, self._markup.base)

    def _links(self, leaves: list[Leaf], start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Where the contents of the product's image links stand."""
        buffer = self._buffer
        named = [(leaf[0], leaf[2]) for leaf in leaves if self._names.keys[leaf[0]] == IMAGE_LINK]
        if len(named) == 1:
            name, body = named[0]
            element = f"<{name}>{body}</"
            at = buffer.find(element, start, end)
            if at >= 0 and buffer.find(element, at + 1, end) < 0:
                at += len(name) + 2
                return ((at, at + len(body)),)
        return tuple(
            leaf.span(3)
            for leaf in _LEAF.finditer(buffer, start, end)
            if self._names.key(leaf[1]) == IMAGE_LINK and leaf[3] and not leaf[4] and leaf[3].strip()
        )


def _replaced(content: str, link: str) -> str:
    """An element's content with ``link`` in place of its text; CDATA, comments and the space around it stay."""
    done = False

    def token(found: re.Match[str]) -> str:
        nonlocal done
        text = found[0]
        cdata = text.startswith("<![CDATA[")
        if text.startswith("<") and not cdata:
            return text
        inner = text[9:-3] if cdata else text
        old = inner.strip()
        if not old:
            return text
        new = "" if done else link if cdata else link.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        done = True
        at = inner.index(old)
        inner = inner[:at] + new.replace("]]>", "]]%3E") + inner[at + len(old) :]
        return f"<![CDATA[{inner}]]>" if cdata else inner

    return _CONTENT.sub(token, content)


def _value(key: str, body: str) -> str:
    exact = key in IDENTIFIERS
    if "<" in body:
        section = body.strip()[9:-3]
        return section.strip() if exact else plain(section).strip()
    return plain(body).strip() if exact else plain_markup(body).strip()


def _harmless(attributes: str) -> bool:
    """Whether attributes may be passed over: no prefixes, no namespaces, none twice, not endless."""
    return len(attributes) < _LONGEST_ATTRIBUTES and _sound(_names(attributes))


def _names(attributes: str) -> tuple[str, ...]:
    return tuple(_ATTRIBUTE.findall(attributes)) if attributes else ()


@lru_cache(maxsize=1000)
def _sound(names: tuple[str, ...]) -> bool:
    return len(set(names)) == len(names) and all(name != "xmlns" and _PLAIN_NAME(name) for name in names)


def _like(attributes: str) -> str:
    """An expression for attributes of the same names."""
    if not attributes:
        return ""
    named = "".join(rf"\s++{re.escape(name)}\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+')" for name in _names(attributes))
    return rf"(?![^<>]{{{_LONGEST_ATTRIBUTES}}}){named}\s*+"


def _href(attributes: str) -> str:
    rel = _REL.search(attributes)
    if rel and rel[1] != "alternate":
        return ""
    found = _HREF.search(attributes)
    return plain_markup(found[1]).strip() if found else ""
