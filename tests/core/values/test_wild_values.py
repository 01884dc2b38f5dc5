# ruff: noqa: RUF001 - other alphabets are what this is about
"""What others reported of prices, sales and texts: each case as it should come out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from frameapp.core.values import (
    Context,
    Money,
    Product,
    WarningKind,
    evaluate,
    holds,
    parse_condition,
    parse_money,
    parse_template,
    write_money,
)

CONTEXT = Context("de_DE", "EUR", ZoneInfo("Europe/Berlin"), datetime(2026, 11, 27, 12, tzinfo=UTC))


def amount_of(text: str) -> str:
    money = parse_money(text, "EUR")
    return f"{money.amount.normalize():f}" if money else ""


def drawn(template: str, product: Product) -> str:
    return evaluate(parse_template(template), product, CONTEXT).text


@pytest.mark.wild(
    "prices",
    source="https://github.com/jef/streetmerchant/pull/2152",
    given="1,600.00",
    right="1600, not 1.6",
)
@pytest.mark.wild(
    "prices",
    source="https://github.com/awesomemotive/easy-digital-downloads/issues/3528",
    given="1.234,00",
    right="1234, not 12.34",
)
@pytest.mark.wild(
    "prices",
    source="https://github.com/scrapinghub/price-parser/issues/63",
    given="1,234,567.890",
    right="1234567.89",
)
@pytest.mark.wild(
    "prices",
    source="https://github.com/scrapinghub/price-parser/issues/58",
    given=",89 €",
    right="0.89, not 89",
)
@pytest.mark.wild(
    "prices",
    source="https://github.com/scrapinghub/price-parser/pull/85",
    given="1’299.50, thousands behind a typographic apostrophe",
    right="1299.5",
)
@pytest.mark.wild(
    "prices",
    source="https://github.com/jshackles/Enhanced_Steam/pull/768",
    given="1 299,50, thousands behind a space of any kind",
    right="1299.5",
)
def test_points_commas_apostrophes_and_spaces() -> None:
    assert amount_of("1,600.00") == "1600"
    assert amount_of("1.234,00") == "1234"
    assert amount_of("1,234,567.890") == "1234567.89"
    assert amount_of(",89 €") == "0.89"
    assert amount_of("1’299.50") == "1299.5"
    assert {amount_of(f"1{space}299,50") for space in " \u00a0\u2009\u202f"} == {"1299.5"}


@pytest.mark.wild(
    "prices",
    source="https://github.com/scrapinghub/price-parser/issues/62",
    given="`2 pairs from $349`, `4 options from $439.34`",
    right="written as it is, with a warning, never as 2 or 4",
)
def test_a_number_that_is_no_price() -> None:
    for text in ("2 pairs from $349", "4 options from $439.34"):
        evaluated = evaluate(parse_template("{price | money}"), {"price": text}, CONTEXT)
        assert evaluated.text == text
        assert [warning.kind for warning in evaluated.warnings] == [WarningKind.MONEY]


@pytest.mark.wild(
    "prices",
    source="https://github.com/opencart/opencart/issues/78",
    given="600 without a currency, in a shop that sells in forints",
    right="the frame's currency: 600 HUF",
)
def test_a_price_without_a_currency() -> None:
    assert parse_money("600", "HUF") == Money(Decimal(600), "HUF")


@pytest.mark.wild(
    "prices",
    source="https://github.com/unicode-org/cldr/pull/5019",
    given="1234567.50 in francs for Switzerland, whose thousands CLDR now groups by an ASCII apostrophe",
    right="CHF 1'234'567.50, although Babel takes apostrophes for quotes and drops them",
)
def test_apostrophes_of_swiss_prices() -> None:
    assert write_money(Money(Decimal("1234567.50"), "CHF"), "de_CH") == "CHF\xa01'234'567.50"


@pytest.mark.wild(
    "sales",
    source="https://github.com/facebook/facebook-for-woocommerce/pull/2208",
    given="a `sale_price` equal to the `price`",
    right="no sale: no struck-through price, no discount",
)
@pytest.mark.wild(
    "sales",
    source="https://github.com/vtex-apps/store-components/pull/591",
    given="a `sale_price` above the `price`, or 0.3 % below it",
    right="no -0 % and no negative discount",
)
@pytest.mark.wild(
    "sales",
    source="https://github.com/OCA/sale-workflow/pull/4572",
    given="a `price` of 0",
    right="no discount, and no division by zero",
)
def test_discounts_that_are_none() -> None:
    template = "{discount_percent | percent}{price_before | money}"
    assert drawn(template, {"price": "10 EUR", "sale_price": "10,00 €"}) == ""
    assert drawn(template, {"price": "10 EUR", "sale_price": "12 EUR"}) == ""
    assert drawn(template, {"price": "0 EUR", "sale_price": "0 EUR"}) == ""
    assert drawn("{discount_percent | percent}", {"price": "10 EUR", "sale_price": "9.97 EUR"}) == ""


@pytest.mark.wild(
    "sales",
    source="https://github.com/woocommerce/pinterest-for-woocommerce/pull/1202",
    given="a `sale_price` whose dates are in the future or over",
    right="the price, without a discount",
)
@pytest.mark.wild(
    "sales",
    source="https://github.com/woocommerce/woocommerce/issues/22186",
    given="a sale that ends on a day, without a time",
    right="it holds until the end of that day in the frame's time zone",
)
@pytest.mark.wild(
    "sales",
    source="https://github.com/woocommerce/woocommerce/issues/11804",
    given="`/2026-11-30`: an end without a beginning",
    right="the sale holds until then",
)
@pytest.mark.wild(
    "sales",
    source="https://github.com/facebookarchive/Facebook-For-OpenCart/issues/165",
    given="`0000-00-00/0000-00-00`, as OpenCart keeps dates that are not set",
    right="no limit: the sale holds",
)
def test_dates_of_sales() -> None:
    def price_at(dates: str) -> str:
        product = {"price": "10", "sale_price": "5", "sale_price_effective_date": dates}
        return drawn("{price_now | money: bare}", product)

    assert price_at("2026-12-01/2026-12-31") == "10,00"
    assert price_at("2026-10-01/2026-10-31") == "10,00"
    assert price_at("2026-11-01/2026-11-27") == "5,00"
    assert price_at("2026-11-01/2026-11-26") == "10,00"
    assert price_at("/2026-11-30") == "5,00"
    assert price_at("0000-00-00/0000-00-00") == "5,00"


@pytest.mark.wild(
    "sales",
    source="https://github.com/woocommerce/google-listings-and-ads/pull/1081",
    given="`in stock` and `in_stock`",
    right="both are in stock",
)
@pytest.mark.wild(
    "sales",
    source="https://github.com/ahmedkaludi/schema-and-structured-data-for-wp/issues/1453",
    given="`InStock` and `https://schema.org/InStock`",
    right="both are in stock",
)
def test_spellings_of_in_stock() -> None:
    condition = parse_condition({"all": [{"in_stock": True}]})
    for text in ("in stock", "in_stock", "InStock", "https://schema.org/InStock"):
        assert holds(condition, {"availability": text}, CONTEXT)


@pytest.mark.wild(
    "texts",
    source="https://github.com/d12frosted/vui.el/issues/140",
    given="emoji of several people, flags and combined letters at the place where a text is shortened",
    right="each is kept whole or left out whole",
)
@pytest.mark.wild(
    "texts",
    source="https://github.com/harttle/liquidjs/issues/221",
    given="a no-break space around a filter, as copied from a web page",
    right="a space like any other",
)
def test_shortened_texts() -> None:
    assert drawn("{title | short: 3}", {"title": "a👨‍👩‍👧🇩🇪z"}) == "a👨‍👩‍👧…"
    assert drawn("{\xa0title\xa0|\xa0short:\xa03\xa0}", {"title": "abcdef"}) == "ab…"
