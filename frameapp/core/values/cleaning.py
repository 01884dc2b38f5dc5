"""Texts of feeds made fit for a picture: nothing in them may reorder, hide or break what stands beside them.

- Lone surrogates, NUL and other control characters, non-characters and deprecated format characters are dropped.
- Line breaks, tabs and runs of spaces become one space. A no-break space stays, except at the ends.
- Embeddings, overrides and isolates of text direction are dropped; the marks (LRM, RLM, ALM) stay.
- Joiners (ZWJ, ZWNJ), break hints (soft hyphen, ZWSP), variation selectors and the tags of flags stay.
- Letters and their marks are composed (NFC), since faces have more of those. Of more than 30 marks in a row, the rest
  is dropped: no language has as many (UAX #15, stream-safe text), and sorting them takes quadratic time.
"""

import unicodedata

import regex

#: Characters of a feed's value, values of a field that has several, and characters of a text on a picture. What is
#: beyond is cut, with a warning.
VALUE_LIMIT = 10_000
LIST_LIMIT = 100
TEXT_LIMIT = 2_000

_SPACE = regex.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_DROPPED = regex.compile(
    r"[\p{Cs}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\p{Noncharacter_Code_Point}]+"
)
_MARKS = regex.compile(r"\p{M}{30}\K\p{M}+")
_BREAK = regex.compile(r"\r\n|[\n-\r\x85\u2028\u2029]")
_SPACE_BUT_BREAKS = regex.compile(r"[\t\x1c-\x1f]")
_BLANK = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH SPACE}\N{WORD JOINER}"
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}]")
_GRAPHEME = regex.compile(r"\X")


def clean(text: str) -> str:
    """The text of a feed's value by the rules above."""
    if not text.isascii():
        text = _composed(text)
    elif not text.isprintable():
        text = _DROPPED.sub("", text)
    elif "  " not in text:
        return text.strip(" ")
    return str(_SPACE.sub(" ", text)).strip(_BLANK)


def clean_line_by_line(text: str) -> str:
    """The text of a designer by the same rules, except that its line breaks and spaces stay."""
    return str(_SPACE_BUT_BREAKS.sub(" ", _BREAK.sub("\n", _composed(text))))


def has_right_to_left(text: str) -> bool:
    """Whether something in the text runs from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def isolated(text: str) -> str:
    """The text with its own direction, which neither depends on what is beside it nor changes that."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", _MARKS.sub("", _DROPPED.sub("", text)))


def cut(text: str, limit: int) -> str:
    """The beginning of the text, at most ``limit`` characters and no part of a grapheme, but for one that is longer."""
    if len(text) <= limit:
        return text
    end = 0
    for grapheme in _GRAPHEME.finditer(text, 0, limit + 1):
        if grapheme.end() > limit:
            break
        end = grapheme.end()
    return text[: end or limit]


def shortened(text: str, graphemes: int) -> str:
    """At most so many graphemes of the text, an ellipsis for the last where some are left out."""
    end = 0
    for count, grapheme in enumerate(_GRAPHEME.finditer(text), 1):
        if count == graphemes:
            end = grapheme.start()
        elif count > graphemes:
            return f"{text[:end].rstrip()}…"
    return text
