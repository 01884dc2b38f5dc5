# ruff: noqa: RUF001 - other alphabets are what this is about
"""Prices as feeds have them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameapp.core.values import Money, parse_money
from frameapp.core.values.numerals import parse_number


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("67.00 EUR", "67", "EUR"),
        ("67.00EUR", "67", "EUR"),
        ("EUR 67,00", "67", "EUR"),
        ("eur 67", "67", "EUR"),
        ("1.299,00 €", "1299", "EUR"),
        ("€1.299", "1299", "EUR"),
        ("1,299.00 USD", "1299", "USD"),
        ("1.299.000,50 EUR", "1299000.5", "EUR"),
        ("1,299,000.5 USD", "1299000.5", "USD"),
        ("Rs. 1,299", "1299", "INR"),
        ("Rs.99", "99", "INR"),
        ("₹1,29,900.00", "129900", "INR"),
        ("¥5,000", "5000", "JPY"),
        ("￥５，０００", "5000", "JPY"),
        ("1'299.00 CHF", "1299", "CHF"),
        ("CHF 1’299.50", "1299.5", "CHF"),
        ("CHF 5.–", "5", "CHF"),
        ("5,- €", "5", "EUR"),
        ("1.299,-", "1299", "EUR"),
        ("1 299:- SEK", "1299", "SEK"),
        ("Rs. 1,299/-", "1299", "INR"),
        ("KSh 500/=", "500", "KES"),
        ("$ 5", "5", "USD"),
        ("$.99", "0.99", "USD"),
        ("US$ 5", "5", "USD"),
        ("$5 CAD", "5", "CAD"),
        ("USD$5", "5", "USD"),
        ("5 € EUR", "5", "EUR"),
        ("R$ 1.299,90", "1299.9", "BRL"),
        ("١٬٢٩٩٫٥٠ ج.م.\N{RIGHT-TO-LEFT MARK}", "1299.5", "EGP"),
        ("SAR ٥", "5", "SAR"),
        ("1\N{NO-BREAK SPACE}299,00 zł", "1299", "PLN"),
        ("1\N{NARROW NO-BREAK SPACE}299,00 €", "1299", "EUR"),
        ("1\N{THIN SPACE}299\N{THIN SPACE}000 Kč", "1299000", "CZK"),
        ("1 299,500 EUR", "1299.5", "EUR"),
        ("12.9900", "12.99", "EUR"),
        ("12,99", "12.99", "EUR"),
        ("1,299", "1299", "EUR"),
        ("1.299", "1299", "EUR"),
        ("0,299", "0.299", "EUR"),
        ("1299.000", "1299", "EUR"),
        ("0", "0", "EUR"),
        ("1.299 KWD", "1.299", "KWD"),
        ("1,299 KWD", "1299", "KWD"),
        ("12,500 TND", "12.5", "TND"),
    ],
)
def test_prices_of_feeds(text: str, amount: str, currency: str) -> None:
    assert parse_money(text, "EUR") == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "call us", "EUR", "€", "-5 EUR", "EUR -5", "−5 €", "(5.00 USD)", "5-", "from 5 EUR", "10 - 20 EUR",
        "10.00/20.00", "5 € USD", "1,2,3 EUR", "1.29.90", "1,2999,000", "1e5", "5.", "5 kr", "NaN", "Infinity", "0x10",
        "12 34", "1,299,00.00", "5 EUR\n6 EUR", "9" * 19, "9" * 100_000, "5 \ud800", "\0005 EUR", "12d50", "1.5 km/h",
    ],
)  # fmt: skip
def test_what_is_no_price(text: str) -> None:
    assert parse_money(text, "EUR") is None


@pytest.mark.parametrize(
    ("text", "usual", "currency"),
    [
        ("$5", "CAD", "CAD"),
        ("$5", "EUR", "USD"),
        ("5 kr", "SEK", "SEK"),
        ("5 kr.", "DKK", "DKK"),
        ("¥5", "CNY", "CNY"),
        ("Rs 5", "PKR", "PKR"),
        ("5", "", ""),
        ("5 USD", "CAD", "USD"),
    ],
)
def test_a_shared_sign_means_the_frames_currency(text: str, usual: str, currency: str) -> None:
    assert parse_money(text, usual) == Money(Decimal(5), currency)


def test_a_sign_that_nothing_decides_is_no_currency() -> None:
    assert parse_money("5 kr", "") is None
    assert parse_money("5 kr", "EUR") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4.5", "4.5"), ("4,5", "4.5"), ("1.299", "1.299"), ("1,299", "1299"), ("-3", "-3"), ("−3", "-3"), ("+3", "3"),
        ("1'000'000", "1000000"), ("٤٫٥", "4.5"), ("12d50", None), ("4.5 kg", None), ("1/2", None), ("", None),
        ("--3", None), ("1e3", None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: str | None) -> None:
    assert parse_number(text) == (None if number is None else Decimal(number))


@given(st.text())
def test_any_text_is_money_or_none(text: str) -> None:
    money = parse_money(text, "EUR")
    assert money is None or money.amount >= 0


@given(st.integers(0, 10**12), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\xa0", ",")]))
def test_grouped_prices_with_cents_come_back(cents: int, signs: tuple[str, str]) -> None:
    group, decimal = signs
    written = f"{cents // 100:,}".replace(",", group) + decimal + f"{cents % 100:02}"
    assert parse_money(f"{written} EUR") == Money(Decimal(cents) / 100, "EUR")
