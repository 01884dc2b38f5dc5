"""XML that breaks the rules, made into XML that keeps them, product by product.

The reader of ``xml.py`` hands its text over where it met a fault, from the last place between two products. Here the
products are found by their tags; each that closes properly is given on as well-formed XML, and each that does not is
left out: what follows an open one is never taken for a part of it. lxml decides what is well-formed, and its recovering
parser reads a field with a fault within. Neither expands an entity, reads a DTD, nor fetches anything.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from lxml import etree

from frameapp.core.feeds.fields import ADDITIONAL, GOOGLE, IDENTIFIERS, SINGLE
from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.markup import STAND_IN, Around, MarkupError, readable, refuse_declarations, tag_of
from frameapp.core.feeds.wellformed import PLAIN_NAME
from frameapp.errors import FeedError

_NAME = r"[^\s<>/!?&\"'=]+"
_QUOTED = r"\"[^\"<]*\"|'[^'<]*'"
_TAG = rf"(?P<end>/?)(?P<name>{_NAME})(?P<attributes>(?:[^<>\"']|{_QUOTED})*+)>"
_LOOSE_TAG = rf"(?P<loose_end>/?)(?P<loose_name>{_NAME})(?P<loose_attributes>[^<>]*+)>"
_MARK = re.compile(rf"<(?:!--|!\[CDATA\[|\?|!(?=[A-Za-z])|{_TAG}|{_LOOSE_TAG})")
_CLOSINGS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}
_TOKEN = re.compile(
    rf"<!--[\s\S]*?-->|<\?[\s\S]*?\?>|(?P<cdata><!\[CDATA\[[\s\S]*?\]\]>)|<(?:{_TAG}|{_LOOSE_TAG})|(?P<stray><|\]\]>)"
)
_ATTRIBUTE = re.compile(r"([^\s=<>\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_XML_NAME = re.compile(rf"(?:({PLAIN_NAME}):)?{PLAIN_NAME}").fullmatch
_CHANNEL = frozenset({"title", "link", "description"})
_PRODUCTS = frozenset({"item", "entry", "product"})
_DECLARATION = re.compile(r"<\?xml\s[^?]*\?>")
_DECLARES = re.compile(r"<!(?:doctype[^>]*\[|entity\b)", re.IGNORECASE)
_LEAF = re.compile(
    rf"<({_NAME})(?:\s(?:[^<>\"']|{_QUOTED})*+)?(?:/>|>(?:[^<]*|\s*<!\[CDATA\[[\s\S]*?\]\]>\s*)</\1\s*>)"
)
_NAMESPACES = re.compile(r"\sxmlns(?::[\w.\-]+)?=\"[^\"]*\"")
_EXACT = IDENTIFIERS | {"link", "image_link", ADDITIONAL}
_FIELDS = SINGLE | IDENTIFIERS | {ADDITIONAL}
_BATCH = 64 * 1024
_TOKEN_COST = 100  # characters that a tag outside of products counts for at least
_HOPELESS = 10_000  # products left out before the first that is read
_UNDECLARED = "urn:undeclared:"


class Fault(NamedTuple):
    """What broke the rules first, and in which line."""

    error: MarkupError
    line: int

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        if self.error.broken_off:
            return f"The feed breaks off in line {self.line:,}, before its end; it is read up to there."
        if self.error.endless:
            return f"The feed has {self.error} in line {self.line:,}."
        return f"The feed is no valid XML: {self.error} in line {self.line:,}. What closes properly is read."


class Recovery:
    """Reads on after a fault, inside of the elements ``around``; the text begins in line ``line``."""

    def __init__(self, fault: Fault, around: Sequence[Around], line: int, limits: FeedLimits) -> None:
        self.fault = fault
        self.line = line
        self.left_out = 0
        self.left_out_at = 0
        self._limits = limits
        self._around = list(around)
        self._begun = bool(around)
        self._nests = True
        self._made = False
        self._kept: set[str] = set()
        self._done = False
        self._ended = False
        self._closed_root = False
        self._text = ""
        self._at = 0
        self._gap = 0
        self._more: Iterator[str] = iter(())
        self._closings: dict[str, tuple[int, int]] = {}

    @property
    def line_of_end(self) -> int:
        """The line in which the text ends that was read so far."""
        return self.line + self._text.count("\n")

    @property
    def cut(self) -> bool:
        """Whether the feed's end is missing; settled after the last text."""
        return not self._closed_root

    @property
    def notes(self) -> list[str]:
        """What was amiss, in sentences."""
        notes = [self.fault.sentence]
        if self.left_out:
            if self.left_out == 1:
                which = f"1 product does not close properly and is left out: it begins in line {self.left_out_at:,}."
            else:
                which = (
                    f"{self.left_out:,} products do not close properly and are left out: the first begins in line "
                    f"{self.left_out_at:,}."
                )
            notes.append(which)
        return notes

    def texts(self, more: Iterator[str]) -> Iterator[str]:
        """The rest of the feed as well-formed XML, in batches of whole products. Raises FeedError."""
        self._more = more
        batch: list[str] = []
        size = 0
        while not self._done:
            part = self._next()
            batch.append(part)
            size += len(part)
            if size > _BATCH:
                yield "".join(batch)
                batch, size = [], 0
        batch += (f"</{element.name}>" for element in reversed(self._around))
        yield "".join(batch)

    def _next(self) -> str:
        """Reads one token and whatever belongs to it; what comes of it."""
        mark = self._mark(self._at)
        before = self._at
        if mark is None:
            self._done, self._at = self._ended, len(self._text)
        made = self._read(mark) if mark else ""
        self._gap = 0 if made else self._gap + max(self._at - before, _TOKEN_COST)
        if self._gap > self._limits.unread:
            raise FeedError(f"The feed has {self._limits.unread:,} characters on end without a product in them.")
        if self._at > _BATCH:
            self._skip(self._at)
        return made

    def _read(self, mark: re.Match[str]) -> str:
        start, (end_tag, name, attributes) = mark.start(), _parts(mark)
        if not name:
            return self._aside(mark)
        self._at = mark.end()
        if end_tag:
            return self._closed(name)
        if _local(name) in _PRODUCTS and len(self._around) < 3 and (self._around or not self._declared_later(start)):
            return self._root() + self._product(mark, name, start)
        return self._other(mark, name, attributes)

    # Outside of products.

    def _aside(self, mark: re.Match[str]) -> str:
        """A comment, a processing instruction, a declaration: passed over, but for the feed's own."""
        opening = mark[0]
        end = self._closing(opening, mark.end())
        text = self._text[mark.start() : end] if end > 0 else ""
        self._at = end if end > 0 else mark.end()
        if opening == "<!" and (_DECLARES.match(text) or not text.lower().startswith("<!doctype")):
            refuse_declarations()
        if opening == "<?" and not self._begun and _DECLARATION.fullmatch(text):
            self._begun = True
            return text
        return ""

    def _root(self) -> str:
        """A root where products come without one."""
        if self._around:
            return ""
        self._around.append(Around("rss", {}))
        self._begun = True
        return "<rss>"

    def _closed(self, name: str) -> str:
        """An end tag outside of products: what it closes, if it closes anything."""
        names = [element.name for element in self._around]
        if name not in names:
            return ""
        depth = len(names) - 1 - names[::-1].index(name)
        self._closed_root = self._closed_root or not depth
        depth = max(depth, 1)  # another feed may stand after the root's end
        closed = "".join(f"</{name}>" for name in reversed(names[depth:]))
        del self._around[depth:]
        return closed

    def _other(self, mark: re.Match[str], name: str, attributes: str) -> str:
        """An element that is no product: the root, its channel, or one of the channel's fields."""
        start = mark.start()
        if not self._around and self._declared_later(start):
            return ""
        if self._made or len(self._around) > 2:
            return ""
        leaf = _LEAF.match(self._text, start)
        if leaf:
            self._at = leaf.end()
            return self._sound(leaf[0]) if self._around and self._wanted(name) else ""
        if attributes.rstrip().endswith("/"):
            return ""
        closing = re.compile(rf"</{re.escape(name)}\s*>").search(self._text, self._at)
        within = self._text[self._at : closing.start()] if closing else "<item>"
        if self._around and not any(_local(_parts(mark)[1]) in _PRODUCTS for mark in _MARK.finditer(within)):
            self._at = closing.end() if closing else self._at
            return ""
        if len(self._around) > 1 or not _XML_NAME(name):
            return ""
        element = Around(name, dict(_attributes(attributes)))
        self._around.append(element)
        self._begun = True
        return _cleaned_tag(name, attributes, set())

    def _wanted(self, name: str) -> bool:
        """Whether a field of the channel is one that is kept, its first."""
        if name not in _CHANNEL or name in self._kept:
            return False
        self._kept.add(name)
        return True

    def _declared_later(self, start: int) -> bool:
        """Goes to the feed's declaration where other text stands before it."""
        declaration = _DECLARATION.search(self._text, start)
        if declaration and not self._begun:
            if _DECLARES.search(self._text, start, declaration.start()):
                refuse_declarations()
            self._at = declaration.start()
            return True
        return False

    # Products.

    def _product(self, mark: re.Match[str], name: str, start: int) -> str:
        """The product that begins here, well-formed; nothing where it does not close properly."""
        if _parts(mark)[2].rstrip().endswith("/"):
            return self._sound(mark[0])
        end, inner, closed = self._end_of(mark, name)
        sound = self._sound(self._text[start:end]) if closed else ""
        if not sound:
            self.left_out += 1
            self.left_out_at = self.left_out_at or self.line + self._text.count("\n", 0, start)
            if self.left_out == _HOPELESS and not self._made:
                raise self.fault.error
            self._nests = self._nests and not inner
        self._made = self._made or bool(sound)
        self._at = end if sound or not inner else inner
        return sound

    def _end_of(self, mark: re.Match[str], name: str) -> tuple[int, int, bool]:
        """Where the product ends, where the first of its name within it begins, and whether it closes properly."""
        start, at, depth, inner, tags, wide = mark.start(), mark.end(), 1, 0, 0, False
        around = {element.name for element in self._around}
        while found := self._mark(at):
            end_tag, other, attributes = _parts(found)
            at, tags = found.end(), tags + 1
            if not other:
                if found[0] == "<!":
                    refuse_declarations()
                at = self._closing(found[0], at)
                if at < 0:
                    return found.end(), inner, False
                wide = wide or (found[0] != "<![CDATA[" and self._is_wide(found.start(), at))
            elif end_tag and other == name:
                depth -= 1
                if not depth:
                    return at, inner, not wide
            elif end_tag and other in around:
                return found.start(), inner, False
            elif not end_tag and other == name and not attributes.rstrip().endswith("/"):
                if not self._nests:
                    return found.start(), 0, False
                depth, inner = depth + 1, inner or found.start()
            elif not end_tag:
                wide = wide or self._is_wide(found.start(), at)
            if at - start > self._limits.entry or tags > 2 * self._limits.fields:
                return at, inner, False
        return len(self._text), inner, False

    def _is_wide(self, start: int, end: int) -> bool:
        """Whether a tag or comment has more bytes than the reader takes."""
        token = self._limits.token
        return end - start > token // 4 and len(self._text[start:end].encode("utf-8", "replace")) > token

    def _sound(self, fragment: str) -> str:
        """A product, or another element, as well-formed XML; empty where that cannot be had for certain."""
        if self._parses(fragment):
            return fragment
        prefixes: set[str] = set()
        cleaned = _TOKEN.sub(lambda token: _cleaned(token, prefixes), fragment)
        missing = prefixes - self._declared(fragment)
        if missing:
            tag = re.match(rf"<{_NAME}", cleaned)
            if tag is None:
                return ""
            cleaned = tag[0] + "".join(map(_declaration, sorted(missing))) + cleaned[tag.end() :]
        if self._parses(cleaned, exact=True):
            return cleaned
        mended = self._by_fields(cleaned)
        return mended if mended and self._parses(mended, exact=True) else ""

    def _declared(self, fragment: str) -> set[str]:
        tags = "".join(map(tag_of, self._around)) + fragment
        return set(re.findall(r"\sxmlns:([\w.\-]+)\s*=", tags)) | {"xml", "xmlns"}

    def _parses(self, fragment: str, *, exact: bool = False) -> bool:
        """Whether the fragment is one well-formed element; ``exact``, and its ids and links have no elements within."""
        try:
            root = etree.fromstring(self._wrapped(fragment), _parser(recover=False))
        except etree.XMLSyntaxError:
            return False
        if len(root) != 1 or (root.text or "").strip() or (root[0].tail or "").strip():
            return False
        if exact and any(_local(str(field.tag).rpartition("}")[2]) in _EXACT and len(field) for field in root[0]):
            return False
        fields = sum(1 for _ in root[0].iterdescendants())
        return fields <= self._limits.fields and not root.xpath("/*" * (self._limits.depth - len(self._around) + 2))

    def _wrapped(self, fragment: str) -> bytes:
        """The fragment in one element that declares the prefixes that the elements around it do."""
        names = {name for element in self._around for name in element.attributes if name.startswith("xmlns:")}
        declared = {
            name: f"{_UNDECLARED}{number}" for number, name in enumerate(sorted(names))
        }  # lxml wants sound URIs
        return readable(f"{tag_of(Around('r', declared))}{fragment}</r>").encode()

    def _by_fields(self, product: str) -> str:
        """The product where each of its fields closes properly, and faults are within fields that matter little."""
        start, end = product.find(">") + 1, product.rfind("</")
        parts, at = [product[:start]], start
        while at < end:
            mark = _MARK.search(product, at, end)
            if mark is None:
                break
            end_tag, name, attributes = _parts(mark)
            if end_tag or not name:
                return ""
            stop = mark.end() if attributes.rstrip().endswith("/") else _end_of_field(product, mark.end(), end, name)
            field = product[mark.start() : stop]
            if stop < 0 or not (self._parses(field) or (field := self._recovered(name, field))):
                return ""
            parts += (product[at : mark.start()], field)
            at = stop
        return "".join((*parts, product[at:]))

    def _recovered(self, name: str, field: str) -> str:
        """What lxml makes of a field with a fault within; nothing where a fault there might hide another field."""
        within = {_parts(mark)[1] for mark in list(_MARK.finditer(field))[1:-1]}
        if _local(name) in _EXACT or any(":" in other or other in _FIELDS - {name} for other in within):
            return ""
        root = etree.fromstring(self._wrapped(field), _parser(recover=True))
        if root is None or len(root) != 1:
            return ""
        made: str = etree.tostring(root[0], encoding="unicode", with_tail=False)
        tag = made.find(">")
        return (_NAMESPACES.sub("", made[:tag]) + made[tag:]).replace(STAND_IN, "&")

    # The text.

    def _mark(self, at: int) -> re.Match[str] | None:
        """The next tag, or opening of something else, from there on; None where there is none to the end."""
        start = at
        while True:
            mark = _MARK.search(self._text, start)
            if mark and (mark["loose_name"] is None or self._text.find("<", mark.end()) >= 0):
                return mark
            if not mark:
                last = self._text.rfind("<", start)
                start = last if last >= 0 else len(self._text)
            if len(self._text) - at > self._limits.entry or not self._load():
                return mark

    def _closing(self, opening: str, at: int) -> int:
        """The end of what was opened; -1 where it has none within the bounds."""
        closing = _CLOSINGS[opening]
        while True:
            searched, found = self._closings.get(opening, (0, -1))
            if found < at:
                searched = max(at, searched - len(closing)) if searched and found < 0 else at
                found = self._text.find(closing, searched)
                self._closings[opening] = len(self._text), found
            if found >= 0:
                return found + len(closing)
            if len(self._text) - at > self._limits.entry or not self._load():
                return -1

    def _load(self) -> bool:
        text = next(self._more, "")
        self._text += text
        self._ended = not text
        return bool(text)

    def _skip(self, end: int) -> None:
        self.line += self._text.count("\n", 0, end)
        self._text = self._text[end:]
        self._at = 0
        self._closings.clear()


def _parts(mark: re.Match[str]) -> tuple[bool, str, str]:
    """Whether a mark is an end tag, its name and attributes; no name where it is no tag."""
    if mark["name"]:
        return bool(mark["end"]), mark["name"], mark["attributes"]
    return bool(mark["loose_end"]), mark["loose_name"] or "", mark["loose_attributes"] or ""


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _end_of_field(text: str, at: int, end: int, name: str) -> int:
    """Where the field ends whose content begins at ``at``; -1 where it does not, or one of its name is within."""
    for mark in _TOKEN.finditer(text, at, end):
        if mark["cdata"] or mark["stray"]:
            continue
        end_tag, other, _ = _parts(mark)
        if other == name:
            return mark.end() if end_tag else -1
    return -1


def _cleaned(token: re.Match[str], prefixes: set[str]) -> str:
    """A token that keeps the rules; the prefixes that it uses are added to ``prefixes``."""
    if token["cdata"]:
        return token[0]
    if token["stray"]:
        return escape(token[0])
    end_tag, name, attributes = _parts(token)
    if not name:
        return ""
    named = _XML_NAME(name)
    if named is None:
        return escape(token[0], quote=False)
    if named[1]:
        prefixes.add(named[1])
    return f"</{name}>" if end_tag else _cleaned_tag(name, attributes, prefixes)


def _cleaned_tag(name: str, attributes: str, prefixes: set[str]) -> str:
    written = "".join(f" {key}={_quoted(value)}" for key, value in _attributes(attributes))
    prefixes |= {key.partition(":")[0] for key, _ in _attributes(attributes) if ":" in key}
    return f"<{name}{written}{'/' if attributes.rstrip().endswith('/') else ''}>"


def _attributes(text: str) -> list[tuple[str, str]]:
    """The attributes of a tag, each name once, as they are written."""
    found: dict[str, str] = {}
    text = text.rstrip().removesuffix("/")
    for key, *values in _ATTRIBUTE.findall(text):
        if _XML_NAME(key):
            found.setdefault(key, next(filter(None, values), ""))
    return list(found.items())


def _quoted(value: str) -> str:
    return '"' + value.replace("<", "&lt;").replace('"', "&quot;") + '"'


def _declaration(prefix: str) -> str:
    return f' xmlns:{prefix}="{GOOGLE if prefix in ("g", "c") else _UNDECLARED + prefix}"'


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
