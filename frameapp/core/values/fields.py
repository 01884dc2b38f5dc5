"""The fields of a product: the feed's own, and those computed from its prices."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import ROUND_FLOOR
from functools import lru_cache

from frameapp.core.values.cleaning import LIST_LIMIT, VALUE_LIMIT, clean
from frameapp.core.values.context import Context, Product
from frameapp.core.values.dates import EVER, parse_interval
from frameapp.core.values.money import Money, Value, parse_money
from frameapp.core.values.warning import ValueWarning, WarningKind, warning

PRICE = "price"
SALE_PRICE = "sale_price"
SALE_DATES = "sale_price_effective_date"
AVAILABILITY = "availability"
#: What every computed field, and whether a product is on sale, depends on.
SALE_FIELDS = (PRICE, SALE_PRICE, SALE_DATES)

Texts = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """A product's prices at a moment. ``sale`` is there only while it holds and is below the price."""

    price: Money | None
    sale: Money | None
    as_written: str
    warnings: tuple[ValueWarning, ...]

    @property
    def on_sale(self) -> bool:
        """Whether the product costs less than usual now."""
        return self.price is not None and self.sale is not None


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that no feed has. ``description`` is for the editor."""

    name: str
    description: str
    compute: Callable[[Prices], Value]


def _discount_percent(prices: Prices) -> Value:
    if not (prices.price and prices.sale):
        return ""
    part = (prices.price.amount - prices.sale.amount) * 100 / prices.price.amount
    return part.to_integral_value(ROUND_FLOOR) if part >= 1 else ""


def _discount_amount(prices: Prices) -> Value:
    if not (prices.price and prices.sale):
        return ""
    return Money(prices.price.amount - prices.sale.amount, prices.price.currency)


def _price_now(prices: Prices) -> Value:
    return prices.sale or prices.price or prices.as_written


def _price_before(prices: Prices) -> Value:
    return prices.price if prices.price and prices.sale else ""


#: The computed fields by name. They come before a feed's field of the same name.
COMPUTED = {
    field.name: field
    for field in (
        Computed("price_now", "The sale price while it applies, otherwise the price", _price_now),
        Computed("price_before", "The regular price while a lower sale price applies", _price_before),
        Computed("discount_percent", "The discount in whole per cent, rounded down", _discount_percent),
        Computed("discount_amount", "The discount as an amount", _discount_amount),
    )
}


def value_of(product: Product, field: str, context: Context, warnings: list[ValueWarning]) -> Value:
    """What the product has in this field. Adds what was odd about it to ``warnings``."""
    computed = COMPUTED.get(field)
    if computed is None:
        return _cleaned(product.get(field, ""), field, warnings)
    prices = prices_of(product, context)
    warnings.extend(prices.warnings)
    return computed.compute(prices)


def source_of(field: str) -> str:
    """The feed's field that a warning names: a computed field that is no amount is the price as the feed has it."""
    return PRICE if field in COMPUTED else field


def text_in(product: Product, field: str, warnings: list[ValueWarning]) -> str:
    """The field as one text, several values joined."""
    return _joined(_cleaned(product.get(field, ""), field, warnings))


def prices_of(product: Product, context: Context) -> Prices:
    """The product's prices at ``context.now``.

    A sale price counts while ``sale_price_effective_date`` says so (always, where that is empty; never, where it cannot
    be read), if it is above 0, in the price's currency and below the price, or if there is no price at all.
    """
    written = (product.get(field, "") for field in SALE_FIELDS)
    price, sale, dates = (value if isinstance(value, str) else tuple(value) for value in written)
    return _prices(price, sale, dates, context)


def next_sale_moment(product: Product, after: datetime, zone: tzinfo) -> datetime | None:
    """The first moment after ``after`` at which the product's sale price begins or ends to hold; None where none is."""
    if not text_in(product, SALE_PRICE, []):
        return None
    interval = parse_interval(text_in(product, SALE_DATES, []), zone)
    ends = (interval.start, interval.end) if interval else ()
    return next((moment for moment in ends if after < moment < EVER), None)


def inputs(fields: Iterable[str]) -> frozenset[str]:
    """The feed's fields that these depend on: a computed field's prices in its place."""
    return frozenset(own for field in fields for own in (SALE_FIELDS if field in COMPUTED else (field,)))


@lru_cache(maxsize=64)  # several texts and conditions ask for the same product's
def _prices(written: Texts, written_sale: Texts, written_dates: Texts, context: Context) -> Prices:
    warnings: list[ValueWarning] = []
    price_text = _joined(_cleaned(written, PRICE, warnings))
    sale_text = _joined(_cleaned(written_sale, SALE_PRICE, warnings))
    price = _money(price_text, PRICE, context.currency, warnings)
    sale = None
    if sale_text and (price or not price_text) and _within(written_dates, context, warnings):
        usual = context.currency or (price.currency if price else "")
        sale = _money(sale_text, SALE_PRICE, usual, warnings)
    if sale and price and sale.currency != price.currency:
        warnings.append(warning(WarningKind.CURRENCY, SALE_PRICE, sale_text))
        sale = None
    if sale and not (sale.amount > 0 and (price is None or sale.amount < price.amount)):
        sale = None
    return Prices(price, sale, price_text, tuple(warnings))


def _within(written: Texts, context: Context, warnings: list[ValueWarning]) -> bool:
    dates = _joined(_cleaned(written, SALE_DATES, warnings))
    interval = parse_interval(dates, context.zone)
    if dates and interval is None:
        warnings.append(warning(WarningKind.DATE, SALE_DATES, dates))
    return context.now in interval if interval else not dates


def _money(text: str, field: str, currency: str, warnings: list[ValueWarning]) -> Money | None:
    found = parse_money(text, currency) if text else None
    if text and found is None:
        warnings.append(warning(WarningKind.MONEY, field, text))
    return found


def _cleaned(value: str | Sequence[str], field: str, warnings: list[ValueWarning]) -> Texts:
    if isinstance(value, str):
        if len(value) > VALUE_LIMIT:
            warnings.append(warning(WarningKind.CUT, field, clean(value[:VALUE_LIMIT])))
        return clean(value[:VALUE_LIMIT])
    if len(value) > LIST_LIMIT or any(len(item) > VALUE_LIMIT for item in value):
        warnings.append(warning(WarningKind.CUT, field, clean(", ".join(value[:LIST_LIMIT])[:VALUE_LIMIT])))
    return tuple(filter(None, (clean(item[:VALUE_LIMIT]) for item in value[:LIST_LIMIT])))


def _joined(value: Texts) -> str:
    return value if isinstance(value, str) else ", ".join(value)
