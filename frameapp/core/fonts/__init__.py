"""The fonts that ship with Frameapp: texts are drawn with these and with uploaded ones, never with the system's."""

from __future__ import annotations

from frameapp.core.fonts.families import CJK, EMOJI, FALLBACKS, FAMILIES, Family, Kind, PublishedFile, fallbacks, family

__all__ = ["CJK", "EMOJI", "FALLBACKS", "FAMILIES", "Family", "Kind", "PublishedFile", "fallbacks", "family"]
