"""Money and numbers in locales, beside what Babel writes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.localedata import locale_identifiers
from babel.numbers import format_currency, format_decimal, format_percent

from frameapp.core.values import Money, parse_money, write_money
from frameapp.core.values.writing import write_number, write_percent

AMOUNTS = [Decimal(amount) for amount in ("0", "5", "12.99", "1299.5", "1234567.891")]


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD", "CHF", "INR"])
def test_every_locale_is_written_as_babel_writes_it(currency: str) -> None:
    """But for the spaces and apostrophes that Babel loses."""
    for locale in locale_identifiers():
        for amount in AMOUNTS:
            ours = write_money(Money(amount, currency), locale)
            theirs = format_currency(amount, currency, locale=locale)
            assert ours.replace("\xa0", "").replace("'", "") == theirs.replace("\xa0", "").replace("'", "")


def test_numbers_of_every_locale_are_written_as_babel_writes_them() -> None:
    for locale in locale_identifiers():
        ours, theirs = write_number(Decimal("1234567.25"), locale), format_decimal(Decimal("1234567.25"), locale=locale)
        assert ours.replace("'", "") == theirs.replace("'", "")
        assert write_percent(Decimal(25), locale) == format_percent(Decimal("0.25"), locale=locale)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("1299", "EUR", "de_DE", "1.299,00\xa0€"),
        ("1299.5", "USD", "en_US", "$1,299.50"),
        ("1299.5", "USD", "en_CA", "US$1,299.50"),
        ("1234567.5", "CHF", "de_CH", "CHF\xa01'234'567.50"),
        ("1234567.5", "INR", "hi_IN", "₹12,34,567.50"),
        ("1299", "JPY", "ja_JP", "￥1,299"),
        ("1299.5", "KWD", "en", "KWD\xa01,299.500"),
        ("1299", "PLN", "pl_PL", "1\xa0299,00\xa0zł"),
        ("1299", "", "de_DE", "1.299,00"),
        ("0.005", "EUR", "de_DE", "0,01\xa0€"),
        ("12.985", "EUR", "de_DE", "12,99\xa0€"),
        ("999999999999999999", "EUR", "de_DE", "999.999.999.999.999.999,00\xa0€"),
    ],
)
def test_money(amount: str, currency: str, locale: str, text: str) -> None:
    assert write_money(Money(Decimal(amount), currency), locale) == text


@pytest.mark.parametrize(
    "locale", ["de_DE", "en_US", "en_CA", "de_CH", "fr_FR", "pl_PL", "pt_BR", "hi_IN", "ar_EG", "he_IL"]
)
@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF", "PLN", "BRL", "INR", "EGP", "ILS"])
def test_what_is_written_is_read_again(locale: str, currency: str) -> None:
    for amount in ("0.5", "12.99", "1299.5", "1234567.89"):
        money = Money(Decimal(amount), currency)
        assert parse_money(write_money(money, locale), currency) == money
