"""Computed fields: prices, discounts, and when a sale holds."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameapp.core.values import (
    COMPUTED,
    Context,
    Money,
    Product,
    WarningKind,
    inputs,
    next_sale_moment,
    prices_of,
)
from frameapp.core.values.fields import value_of

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def at(moment: datetime = NOON) -> Context:
    return Context("en_GB", "EUR", BERLIN, moment)


def computed(product: Product, moment: datetime = NOON) -> dict[str, object]:
    return {name: value_of(product, name, at(moment), []) for name in COMPUTED}


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_a_sale() -> None:
    assert computed({"price": "100 EUR", "sale_price": "66.60 EUR"}) == {
        "price_now": eur("66.60"),
        "price_before": eur("100"),
        "discount_percent": Decimal(33),
        "discount_amount": eur("33.40"),
    }


@pytest.mark.parametrize("sale", ["", "100 EUR", "120 EUR", "0 EUR", "0.00", "call us", "66 USD", "-5 EUR"])
def test_no_sale(sale: str) -> None:
    assert computed({"price": "100 EUR", "sale_price": sale}) == {
        "price_now": eur("100"),
        "price_before": "",
        "discount_percent": "",
        "discount_amount": "",
    }


@pytest.mark.parametrize(
    ("price", "sale", "now"),
    [("", "66 EUR", eur("66")), ("call us", "66 EUR", "call us"), ("0 EUR", "0 EUR", eur("0")), ("", "", "")],
)
def test_no_discount_without_a_price(price: str, sale: str, now: object) -> None:
    fields = computed({"price": price, "sale_price": sale})
    assert fields == {"price_now": now, "price_before": "", "discount_percent": "", "discount_amount": ""}


def test_a_sale_price_without_a_currency_takes_the_prices_where_the_frame_has_none() -> None:
    context = Context("en_GB", "", BERLIN, NOON)
    prices = prices_of({"price": "10 USD", "sale_price": "8"}, context)
    assert prices.sale == Money(Decimal(8), "USD")


@pytest.mark.parametrize(
    ("price", "sale", "percent"),
    [("100", "50.01", "49"), ("100", "99.01", None), ("100", "99", "1"), ("3", "2", "33"), ("10000", "0.01", "99")],
)
def test_discounts_are_rounded_down_and_none_is_zero(price: str, sale: str, percent: str | None) -> None:
    found = computed({"price": price, "sale_price": sale})["discount_percent"]
    assert found == (Decimal(percent) if percent else "")


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        ("", True),
        ("2026-11-27T13:00+01:00/2026-11-28T00:00+01:00", True),
        ("2026-11-27T13:01+0100/2026-11-28T00:00+0100", False),
        ("2026-11-01T00:00Z/2026-11-27T12:00Z", False),
        ("2026-11-01T00:00Z / 2026-11-27T12:01Z", True),
        ("2026-11-01T00:00/2026-11-27T13:00", False),
        ("2026-11-01T00:00/2026-11-27T13:01", True),
        ("2026-11-01/2026-11-27", True),
        ("2026-11-28/2026-11-30", False),
        ("2026-11-01/", True),
        ("/2026-11-26", False),
        ("0001-01-01T00:00+14:00/9999-12-31T23:59-12:00", True),
        ("2026-11-01/9999-12-31", True),
        ("soon", False),
        ("2026-11-30/2026-11-01", False),
        ("/", True),
        ("0000-00-00/0000-00-00", True),
        ("0000-00-00 00:00:00/2026-11-26", False),
        ("a/b/c", False),
        ("2026-11-01", False),
    ],
)
def test_a_sale_price_holds_within_its_dates(dates: str, holds: bool) -> None:
    product = {"price": "100", "sale_price": "50", "sale_price_effective_date": dates}
    assert prices_of(product, at()).on_sale is holds


def test_a_zones_repeated_hour_is_compared_by_moments() -> None:
    product = {"price": "100", "sale_price": "50", "sale_price_effective_date": "2026-10-01/2026-10-25T02:30"}
    assert prices_of(product, at(datetime(2026, 10, 25, 0, 29, tzinfo=UTC).astimezone(BERLIN))).on_sale
    assert not prices_of(product, at(datetime(2026, 10, 25, 1, 15, tzinfo=UTC).astimezone(BERLIN))).on_sale


@pytest.mark.parametrize(
    ("product", "kinds"),
    [
        ({"price": "call us", "sale_price": "5"}, [(WarningKind.MONEY, "price")]),
        ({"price": "10", "sale_price": "soon"}, [(WarningKind.MONEY, "sale_price")]),
        ({"price": "10", "sale_price": "5 USD"}, [(WarningKind.CURRENCY, "sale_price")]),
        (
            {"price": "10", "sale_price": "5", "sale_price_effective_date": "soon"},
            [(WarningKind.DATE, "sale_price_effective_date")],
        ),
        ({"price": "10", "sale_price_effective_date": "soon"}, []),
        ({}, []),
    ],
)
def test_what_is_odd_about_prices_is_reported(product: Product, kinds: list[tuple[WarningKind, str]]) -> None:
    assert [(warning.kind, warning.field) for warning in prices_of(product, at()).warnings] == kinds


def test_the_moments_at_which_a_sale_begins_and_ends() -> None:
    product = {"sale_price": "5", "sale_price_effective_date": "2026-11-27T09:00/2026-11-30"}
    begins, ends = datetime(2026, 11, 27, 8, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert next_sale_moment(product, datetime(2026, 1, 1, tzinfo=UTC), BERLIN) == begins
    assert next_sale_moment(product, begins, BERLIN) == ends
    assert next_sale_moment(product, ends, BERLIN) is None
    assert next_sale_moment({**product, "sale_price": ""}, begins, BERLIN) is None
    assert next_sale_moment({**product, "sale_price_effective_date": "2026-11-01/"}, begins, BERLIN) is None
    assert next_sale_moment({"sale_price": "5"}, begins, BERLIN) is None


def test_inputs_are_the_feeds_fields() -> None:
    assert inputs(["title", "price_now"]) == {"title", "price", "sale_price", "sale_price_effective_date"}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_prices_and_discounts_agree(price_cents: int, sale_cents: int) -> None:
    price, sale = Decimal(price_cents) / 100, Decimal(sale_cents) / 100
    fields = computed({"price": f"{price} EUR", "sale_price": f"{sale} EUR"})
    if 0 < sale < price:
        assert fields["price_now"] == eur(str(sale))
        assert fields["discount_amount"] == eur(str(price - sale))
        percent = fields["discount_percent"]
        assert (percent or 0) * price <= (price - sale) * 100  # type: ignore[operator]
    else:
        assert fields["price_now"] == eur(str(price))
        assert not fields["price_before"]
