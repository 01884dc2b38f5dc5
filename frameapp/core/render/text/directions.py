"""Which way each character of a paragraph runs: embedding levels of the Unicode Bidirectional Algorithm (UAX #9).

python-bidi knows neither isolates nor pairs of brackets. An isolate is a paragraph of its own to it and one neutral
character outside; brackets are paired here.
"""

from __future__ import annotations

import re
from typing import Any
from unicodedata import bidirectional

from bidi.algorithm import (
    X9_REMOVED,
    explicit_embed_and_overrides,
    get_base_level,
    get_embedding_levels,
    get_empty_storage,
    resolve_implicit_levels,
    resolve_neutral_types,
    resolve_weak_types,
)

_CLOSING = "\N{POP DIRECTIONAL ISOLATE}"
#: What begins an isolate, and the direction in it; None for that of its first strong character.
_OPENING = {
    "\N{LEFT-TO-RIGHT ISOLATE}": 0,
    "\N{RIGHT-TO-LEFT ISOLATE}": 1,
    "\N{FIRST STRONG ISOLATE}": None,
}
_BRACKETS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "「": "」", "『": "』", "【": "】", "《": "》"}
_MOST_OPEN = 63  # brackets within brackets; deeper ones stay neutral (BD16)
_NEUTRAL = "\N{OBJECT REPLACEMENT CHARACTER}"
_DEEPEST = 60  # levels; deeper isolates run as what is around them
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def levels_of(text: str) -> list[int]:
    """The embedding level of each character: even for left to right, odd for right to left. ``text`` is a paragraph."""
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return [0] * len(text)
    return _levels(text, _base(text))


def visual_order(levels: list[int]) -> list[int]:
    """The indexes of a line's items from left to right (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = end + 1
    return order


def _base(text: str) -> int:
    """0 or 1, by the first strong character outside of isolates."""
    return int(get_base_level(_outside(text)[0]))


def _outside(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with a neutral character for each isolate, and where those isolates begin and end (behind them)."""
    shown: list[str] = []
    isolates: list[tuple[int, int]] = []
    depth = start = 0
    for at, char in enumerate(text):
        if char in _OPENING:
            start = start if depth else at
            depth += 1
        elif char == _CLOSING and depth:
            depth -= 1
            if not depth:
                isolates.append((start, at + 1))
                shown.append(_NEUTRAL)
        elif not depth:
            shown.append(_NEUTRAL if char == _CLOSING else char)
    if depth:
        isolates.append((start, len(text)))
        shown.append(_NEUTRAL)
    return "".join(shown), isolates


def _levels(text: str, base: int) -> list[int]:
    outside, isolates = _outside(text)
    shown = iter(_resolved(outside, base))
    levels: list[int] = []
    for start, end in [*isolates, (len(text), len(text))]:
        levels += [next(shown) for _ in range(start - len(levels))]
        if start == len(text):
            break
        around = next(shown)
        closed = end - (text[end - 1] == _CLOSING)
        inner = text[start + 1 : closed]
        told = _OPENING[text[start]]
        direction = _base(inner) if told is None else told
        inner_base = base + 1 if (base + 1) % 2 == direction else base + 2
        deep = inner_base > _DEEPEST
        levels += [around, *([around] * len(inner) if deep else _levels(inner, inner_base))]
        levels += [around] * (end - closed)
    return levels


def _resolved(text: str, base: int) -> list[int]:
    """The levels of a text without isolates in an embedding of level ``base``."""
    storage = get_empty_storage()
    storage["base_level"] = base % 2
    storage["base_dir"] = "LR"[base % 2]
    get_embedding_levels(text, storage)
    for char in storage["chars"]:  # younger than Python's data: an emoji, if it is not of such a script
        char["type"] = char["type"] or ("R" if _RIGHT_TO_LEFT.match(char["ch"]) else "ON")
    explicit_embed_and_overrides(storage)
    resolve_weak_types(storage, False)
    for run in storage["runs"]:
        _pair_brackets(storage["chars"][run["start"] : run["start"] + run["length"]], run["sor"])
    resolve_neutral_types(storage, False)
    resolve_implicit_levels(storage, False)
    found = iter(storage["chars"])
    levels: list[int] = []
    for char in text:
        unseen = bidirectional(char) in X9_REMOVED
        levels.append((levels[-1] if levels else base) if unseen else next(found)["level"] + base - base % 2)
    return levels


def _pair_brackets(chars: list[dict[str, Any]], before: str) -> None:
    """Rule N0: both brackets of a pair run as what is in them, so that neither ends up alone on the other side.

    ``chars`` is a run of one level, ``before`` the direction of what is before it.
    """
    for start, end in sorted(_pairs(chars)):
        along = "LR"[chars[start]["level"] % 2]
        inside = {_strong(char) for char in chars[start + 1 : end]} - {None}
        if not inside:
            continue
        if along not in inside:  # only the other direction: it counts where it is the one before the pair, too
            known = (_strong(char) for char in reversed(chars[:start]))
            along = next((strong for strong in known if strong), before)
        chars[start]["type"] = chars[end]["type"] = along


def _pairs(chars: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Where brackets that belong together stand (BD16)."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(chars):
        if char["type"] != "ON":
            continue
        if char["ch"] in _BRACKETS:
            if len(opened) == _MOST_OPEN:
                return found
            opened.append((_BRACKETS[char["ch"]], at))
        elif (depth := next((n for n in reversed(range(len(opened))) if opened[n][0] == char["ch"]), None)) is not None:
            found.append((opened[depth][1], at))
            del opened[depth:]
    return found


def _strong(char: dict[str, Any]) -> str | None:
    """The direction of a character that has one; numbers count as right to left."""
    kind = char["type"]
    return "R" if kind in {"EN", "AN"} else kind if kind in {"L", "R"} else None
