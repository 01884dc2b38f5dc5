"""What was odd about a product's values and did not stop anything."""

from dataclasses import dataclass
from enum import StrEnum

_QUOTED = 100  # characters of a value that a warning keeps


class WarningKind(StrEnum):
    """The kinds by which a run counts its warnings."""

    MONEY = "money"
    CURRENCY = "currency"
    NUMBER = "number"
    DATE = "date"
    CUT = "cut"


_SENTENCES = {
    WarningKind.MONEY: "“{value}” in the field {field} cannot be read as a price.",
    WarningKind.CURRENCY: "“{value}” in the field {field} is in a different currency, so it was not compared.",
    WarningKind.NUMBER: "“{value}” in the field {field} cannot be read as a number.",
    WarningKind.DATE: "“{value}” in the field {field} cannot be read as a date.",
    WarningKind.CUT: "The text from the field {field} is too long for a picture and was cut: “{value}”.",
}


@dataclass(frozen=True, slots=True)
class ValueWarning:
    """One warning about one field of a product. ``value`` is the beginning of what the feed has."""

    kind: WarningKind
    field: str
    value: str

    def __str__(self) -> str:
        return _SENTENCES[self.kind].format(field=self.field, value=self.value)


def warning(kind: WarningKind, field: str, value: str) -> ValueWarning:
    """A warning that keeps only the beginning of a long value."""
    return ValueWarning(kind, field, value if len(value) <= _QUOTED else f"{value[: _QUOTED - 1]}…")
