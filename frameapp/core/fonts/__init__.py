"""The fonts that ship with Frameapp: texts are drawn with these and with uploaded ones, never with the system's."""

from __future__ import annotations

from frameapp.core.fonts.families import EMOJI, FALLBACKS, FAMILIES, Family, Kind, family

__all__ = ["EMOJI", "FALLBACKS", "FAMILIES", "Family", "Kind", "family"]
