"""Numbers as people and shops write them, in any script's digits.

Which of point and comma is the decimal sign:

- Where both occur, the last one, and it occurs once.
- Where one occurs several times, none: it groups. So do spaces and apostrophes, always.
- A single one is the decimal sign, unless exactly three digits follow and one to three precede, the first of them not
  0: ``1,299`` and ``1.299`` are 1299, but ``0.125``, ``12.9900`` and ``1299.000`` have decimals.
- A caller that knows better names the sign (``decimal_sign``); the Arabic decimal separator is always one.

Groups have three digits, or two before the last three (``12,34,567``). Anything else is no number.
"""

import re
import unicodedata
from decimal import Decimal

_LONGEST = 40  # characters
_DIGITS = 18
_APOSTROPHES = (
    "'\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{ACUTE ACCENT}"
)
_PLAIN = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | {"\N{ARABIC THOUSANDS SEPARATOR}": "'", "\N{ARABIC COMMA}": ",", "\N{MINUS SIGN}": "-"}
)
_NUMERAL = re.compile(r"(\d*(?:[ '.,]\d+)*)(?:\N{ARABIC DECIMAL SEPARATOR}(\d+))?")
_GROUPED = re.compile(r"\d{1,3}(?:([ '.,])\d{3})(?:\1\d{3})*|\d{1,2}(?:([ '.,])\d{2})(?:\2\d{2})*\2\d{3}")


def plain(text: str) -> str:
    """The text with one spelling for each kind of digit, space, apostrophe and minus, without invisible marks."""
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", text.translate(_PLAIN))
    return "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Cf").strip()


def parse_number(text: str) -> Decimal | None:
    """The number that ``text`` is, with or without a sign; None where it is none. ``1.299`` has decimals.

    Programs write weights and ratings, people prices; so ``parse_money`` takes that for thousands.
    """
    text = plain(text) if len(text) <= _LONGEST else ""
    sign = text[:1] if text[:1] in ("-", "+") else ""
    amount = parse_plain(text[len(sign) :].strip(), ".")
    return -amount if amount is not None and sign == "-" else amount


def parse_plain(text: str, decimal_sign: str = "") -> Decimal | None:
    """The number that a ``plain`` text without a sign is. ``decimal_sign`` decides ``1.299`` and ``1,299``."""
    match = _NUMERAL.fullmatch(text) if 0 < len(text) <= _LONGEST else None
    if match is None:
        return None
    whole, fraction = match[1], match[2]
    if fraction is None:
        whole, fraction = _split(whole, decimal_sign)
    if not (whole.isdecimal() or _GROUPED.fullmatch(whole) or (not whole and fraction)):
        return None
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits or 0}.{fraction or 0}") if len(digits) + len(fraction) <= _DIGITS else None


def _split(text: str, decimal_sign: str) -> tuple[str, str]:
    """The text before and after its decimal sign."""
    sign = max(".,", key=text.rfind)
    before, found, after = text.rpartition(sign)
    if not found:
        return text, ""
    may_lead = before.isdecimal() and len(before) <= 3 and int(before[0]) > 0
    groups = sign in before or (may_lead and len(after) == 3 and sign != decimal_sign)
    return (text, "") if groups else (before, after)
