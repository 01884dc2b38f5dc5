"""Which way each character of a paragraph runs: embedding levels of the Unicode Bidirectional Algorithm (UAX #9).

Isolates, which python-bidi does not know, are paragraphs of their own to it and one neutral character outside.
"""

from __future__ import annotations

import re
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

_OPENING, _CLOSING = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_MARKS = {_OPENING, _CLOSING}
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
        if char == _OPENING:
            start = start if depth else at
            depth += 1
        elif char == _CLOSING and depth:
            depth -= 1
            if not depth:
                isolates.append((start, at + 1))
                shown.append(_NEUTRAL)
        elif not depth:
            shown.append(char)
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
        direction = _base(inner)
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
    explicit_embed_and_overrides(storage)
    for step in (resolve_weak_types, resolve_neutral_types):
        step(storage, False)
    resolve_implicit_levels(storage, False)
    found = iter(storage["chars"])
    levels: list[int] = []
    for char in text:
        unseen = bidirectional(char) in X9_REMOVED
        levels.append((levels[-1] if levels else base) if unseen else next(found)["level"] + base - base % 2)
    return levels
