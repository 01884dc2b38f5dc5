"""What values are evaluated in: whose market, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from frameapp.core.values.currencies import is_code
from frameapp.core.values.writing import locale_named
from frameapp.errors import Invalid

#: A product: its fields under their plain names (core/feeds/fields.py). A field with several values is a list.
Product = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Context:
    """The market that texts are written for, and the moment at which a product is looked at.

    ``locale`` is a name such as ``de_DE`` or ``de-DE``; ``currency`` (ISO 4217, or empty for unknown) is that of prices
    without one; times without a zone are in ``zone``. Raises Invalid for a locale or currency that does not exist and
    for a moment without a zone.
    """

    locale: str
    currency: str
    zone: tzinfo
    now: datetime

    def __post_init__(self) -> None:
        locale_named(self.locale)
        if self.currency and not is_code(self.currency):
            raise Invalid(f"There is no currency {self.currency!r}. Use a code such as EUR.", field="currency")
        if self.now.tzinfo is None:
            raise Invalid("The moment needs a time zone.", field="now")
