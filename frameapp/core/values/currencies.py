# ruff: noqa: RUF001 - other alphabets are what this is about
"""How currencies are written beside an amount, and which one is meant."""

import re
from collections.abc import Iterable
from functools import cache

from babel.numbers import list_currencies

_DOLLARS = "USD CAD AUD NZD SGD HKD MXN ARS CLP COP TWD BSD BBD BZD BMD FJD GYD JMD LRD NAD SRD TTD XCD"
_NONE = ""

#: Signs, case-folded, without spaces, and the currencies that they may mean, the usual one first. A sign whose list
#: begins with a hyphen means one of them only in a frame that has it.
SIGNS: dict[str, tuple[str, ...]] = {
    sign: tuple(_NONE if code == "-" else code for code in codes.split())
    for sign, codes in {
        "$": _DOLLARS, "us$": "USD", "$us": "USD", "ca$": "CAD", "c$": "CAD", "can$": "CAD", "a$": "AUD", "au$": "AUD",
        "nz$": "NZD", "s$": "SGD", "hk$": "HKD", "mx$": "MXN", "mex$": "MXN", "nt$": "TWD", "r$": "BRL",
        "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP EGP LBP", "gb£": "GBP", "e£": "EGP",
        "¥": "JPY CNY", "円": "JPY", "元": "CNY TWD", "cn¥": "CNY", "rmb": "CNY", "jp¥": "JPY", "₩": "KRW", "원": "KRW",
        "₹": "INR", "rs": "INR PKR LKR NPR MUR SCR", "₨": "PKR INR LKR NPR MUR", "৳": "BDT", "tk": "BDT",
        "fr": "CHF", "sfr": "CHF", "kr": "- SEK NOK DKK ISK", "kč": "CZK", "zł": "PLN", "zl": "PLN", "ft": "HUF",
        "lei": "RON MDL", "лв": "BGN", "₽": "RUB", "руб": "RUB BYN", "р": "RUB", "₴": "UAH", "грн": "UAH", "₸": "KZT",
        "₺": "TRY", "tl": "TRY", "₪": "ILS", "nis": "ILS", 'ש"ח': "ILS", "₾": "GEL", "֏": "AMD", "₼": "AZN",
        "din": "RSD", "дин": "RSD", "km": "BAM", "ден": "MKD", "₫": "VND", "đ": "VND", "฿": "THB", "บาท": "THB",
        "rp": "IDR", "rm": "MYR", "₱": "PHP", "r": "ZAR", "₦": "NGN", "ksh": "KES", "₵": "GHS", "gh₵": "GHS",
        "s/": "PEN", "₡": "CRC", "₲": "PYG", "q": "GTQ", "b/": "PAB", "cfa": "XOF XAF", "fcfa": "XAF XOF",
        "د.إ": "AED", "dhs": "AED MAD", "dh": "AED MAD", "ر.س": "SAR", "sr": "SAR", "ریال": "SAR IRR QAR OMR YER",
        "ريال": "SAR QAR OMR YER IRR", "ج.م": "EGP", "le": "EGP", "د.ك": "KWD", "kd": "KWD", "د.ب": "BHD", "bd": "BHD",
        "ر.ق": "QAR", "qr": "QAR", "ر.ع": "OMR", "د.أ": "JOD", "jd": "JOD", "د.ت": "TND", "dt": "TND", "د.م": "MAD",
        "د.ج": "DZD", "da": "DZD", "د.ل": "LYD", "د.ع": "IQD", "ل.ل": "LBP",
    }.items()
}  # fmt: skip

_CODE_AND_SIGN = re.compile(r"(\w+)([^\w.])|([^\w.])(\w+)")


def currency_of(beside: Iterable[str], usual: str) -> str | None:
    """The currency that the texts beside an amount name together; None where they name none or contradict each other.

    Without any text it is ``usual``, the frame's currency, as for a sign that several currencies share.
    """
    possible: tuple[str, ...] | None = None
    for text in beside:
        meant = _meant(text)
        if meant is None:
            return None
        possible = meant if possible is None else tuple(code for code in possible if code in meant)
    if possible is None or (usual and usual in possible):
        return usual
    return (possible and possible[0]) or None


def is_code(text: str) -> bool:
    """Whether it is the code of a currency (ISO 4217)."""
    return text.isupper() and text.casefold() in _codes()


def is_currency(text: str) -> bool:
    """Whether it is written like one currency or several."""
    return _meant(text) is not None


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    return {code.casefold(): (code,) for code in list_currencies()}


def _meant(text: str) -> tuple[str, ...] | None:
    """The currencies that the text may mean: a code, a sign, or a code with its sign."""
    key = text.casefold().replace(" ", "")
    found = (
        _codes().get(key)
        or SIGNS.get(key)
        or (SIGNS.get(key[:-1]) if key[-2:-1].isalpha() and key[-1] == "." else None)
    )
    if found is None and (both := _CODE_AND_SIGN.fullmatch(key)):
        first, second = (_meant(part) for part in both.groups() if part)
        return tuple(code for code in first if code in second) if first and second else None
    return found
