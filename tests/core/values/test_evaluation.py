# ruff: noqa: RUF001 - other alphabets are what this is about
"""Template texts with products in them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameapp.core.values import (
    FILTERS,
    TEXT_LIMIT,
    Context,
    Evaluated,
    Filter,
    Product,
    TemplateError,
    ValueWarning,
    WarningKind,
    evaluate,
    parse_template,
)
from frameapp.core.values.cleaning import VALUE_LIMIT
from frameapp.errors import Invalid

CONTEXT = Context("de_DE", "EUR", ZoneInfo("Europe/Berlin"), datetime(2026, 11, 27, 12, tzinfo=UTC))
PRODUCT: Product = {
    "title": "Red  Shoe",
    "price": "1.299,00 €",
    "sale_price": "999 EUR",
    "sale_price_effective_date": "2026-11-01/2026-11-30",
    "wrong": "call us",
    "rating": "4.567",
    "colours": ["Red", "", "Blue"],
    "joined": "Red, Blue",
    "empty": " ",
    "links": "https://shop.example/a,b.jpg,https://shop.example/c.jpg",
    "day": "2026-11-27T23:30-0800",
}


def text_of(template: str, product: Product = PRODUCT, context: Context = CONTEXT) -> str:
    return evaluate(parse_template(template), product, context).text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Now {sale_price | money}!", "Now 999,00\xa0€!"),
        ("{price}", "1.299,00 €"),
        ("{price_now}", "999,00\xa0€"),
        ("{price_before | money: 0}", "1.299\xa0€"),
        ("{price_now | money: code}", "999,00\xa0EUR"),
        ("{price_now | money: bare}", "999,00"),
        ("{price_now | money: 0, bare}", "999"),
        ("-{discount_percent | percent}", "-23\xa0%"),
        ("{discount_percent}", "23"),
        ("{discount_amount}", "300,00\xa0€"),
        ("{price_now | number}", "999"),
        ("{rating | number}", "4,567"),
        ("{rating | number: 1}", "4,6"),
        ("{title | upper}", "RED SHOE"),
        ("{title | lower}", "red shoe"),
        ("{joined | upper | title}", "Red, Blue"),
        ("{title | short: 5}", "Red…"),
        ("{title | short: 8}", "Red Shoe"),
        ("{colours}", "Red, Blue"),
        ("{colours | first}", "Red"),
        ("{joined | first}", "Red"),
        ("{price | first}", "1.299,00 €"),
        ("{links | first}", "https://shop.example/a,b.jpg"),
        ("{colours | replace: Red, Green}", "Green, Blue"),
        ('{title | replace: "Red ", ""}', "Shoe"),
        ("{day | date: dd.MM.}", "28.11."),
        ("{day | date: EEEE}", "Samstag"),
        ("bis {sale_price_effective_date | date: d. MMMM}", "bis 30. November"),
        ('{empty | default: "New, | {now}"}', "New, | {now}"),
        ("{missing | default: none | upper}", "NONE"),
        ('{missing | upper | default: "none"}', "none"),
        ("{colours | default: x}", "Red, Blue"),
        ("{{{title}}}", "{Red Shoe}"),
        (" {empty} {title}\n", "Red Shoe"),
        ("one\r\ntwo\x0bthree", "one\ntwo\nthree"),
        ("", ""),
    ],
)
def test_texts(template: str, text: str) -> None:
    assert evaluate(parse_template(template), PRODUCT, CONTEXT).text == text


@pytest.mark.parametrize(
    ("template", "text", "warnings"),
    [
        ("{wrong | money}", "call us", [ValueWarning(WarningKind.MONEY, "wrong", "call us")]),
        (
            "{wrong | number} {wrong | percent}",
            "call us call us",
            [ValueWarning(WarningKind.NUMBER, "wrong", "call us")],
        ),
        ("{wrong | date: dd.MM.}", "call us", [ValueWarning(WarningKind.DATE, "wrong", "call us")]),
        ("{wrong | money | upper}", "CALL US", [ValueWarning(WarningKind.MONEY, "wrong", "call us")]),
        ("{empty | money}{missing | number}", "", []),
    ],
)
def test_what_cannot_be_read_is_written_as_it_is(template: str, text: str, warnings: list[ValueWarning]) -> None:
    evaluated = evaluate(parse_template(template), PRODUCT, CONTEXT)
    assert (evaluated.text, list(evaluated.warnings)) == (text, warnings)


def test_a_price_that_is_none_is_reported_once() -> None:
    template = parse_template("{price_now | money} {price_before} {discount_percent}")
    evaluated = evaluate(template, {"price": "call us", "sale_price": "5 EUR"}, CONTEXT)
    assert evaluated.text == "call us"
    assert evaluated.warnings == (ValueWarning(WarningKind.MONEY, "price", "call us"),)
    assert str(evaluated.warnings[0]) == "“call us” in the field price cannot be read as a price."


def test_empty_fields_are_those_without_a_default() -> None:
    template = parse_template(
        '{title} {empty} {missing | default: "x"} {title | replace: "Red Shoe", ""} {empty | upper}'
    )
    assert evaluate(template, PRODUCT, CONTEXT).empty_fields == ("empty", "title")
    assert evaluate(parse_template("fixed"), PRODUCT, CONTEXT) == Evaluated("fixed")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de_DE", "999,00\xa0€"),
        ("de-AT", "€\xa0999,00"),
        ("en_US", "€999.00"),
        ("fr_FR", "999,00\xa0€"),
        ("ar_EG", "\N{RIGHT-TO-LEFT MARK}999.00\xa0€"),
    ],
)
def test_money_in_the_frames_locale(locale: str, text: str) -> None:
    assert text_of("{price_now | money}", context=Context(locale, "EUR", UTC, CONTEXT.now)) == text


@pytest.mark.parametrize(
    ("locale", "filter_name", "given_text", "text"),
    [
        ("en", "title", "o'neill’s RED t-shirt 3D 50ml", "O'neill’s Red T-Shirt 3D 50ml"),
        ("en", "title", "cafe\N{COMBINING ACUTE ACCENT}s", "Cafés"),
        ("tr", "upper", "izmir", "İZMİR"),
        ("tr", "lower", "ISPARTA İZMİR", "ısparta izmir"),
        ("tr", "title", "ALTIN", "Altın"),
        ("tr", "title", "izmir", "İzmir"),
        ("el", "upper", "τιμή Μαΐου", "ΤΙΜΗ ΜΑΪΟΥ"),
        ("de", "upper", "straße", "STRASSE"),
    ],
)
def test_letters_of_languages(locale: str, filter_name: str, given_text: str, text: str) -> None:
    context = Context(locale, "", UTC, CONTEXT.now)
    assert text_of(f"{{title | {filter_name}}}", {"title": given_text}, context) == text


@pytest.mark.parametrize(
    ("text", "count", "shortened"),
    [
        ("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2, "👨‍👩‍👧…"),
        ("🇩🇪🇫🇷🇮🇹", 3, "🇩🇪🇫🇷🇮🇹"),
        ("🇩🇪🇫🇷🇮🇹", 2, "🇩🇪…"),
        ("क्षत्रिय", 2, "क्ष…"),
        ("e\N{COMBINING DIAERESIS}\N{COMBINING ACUTE ACCENT}ab", 2, "ë\N{COMBINING ACUTE ACCENT}…"),
        ("abc", 1, "…"),
    ],
)
def test_no_grapheme_is_cut(text: str, count: int, shortened: str) -> None:
    assert text_of(f"{{title | short: {count}}}", {"title": text}) == shortened


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\0b\x07c\x7f\x9f", "abc"),
        ("\ud83da\udc00", "a"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}bc\N{POP DIRECTIONAL FORMATTING}\N{FIRST STRONG ISOLATE}", "abc"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}a\ufffe\uffff", "a"),
        ("a \t\r\n\N{LINE SEPARATOR} b\x85c", "a b c"),
        ("\xa0\N{ZERO WIDTH SPACE} \xa0", ""),
        ("1\xa0kg", "1\xa0kg"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("می‌خواهم", "می‌خواهم"),
        ("co\N{SOFT HYPHEN}op", "co\N{SOFT HYPHEN}op"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
        ("q" + "\N{COMBINING ACUTE ACCENT}" * 5_000, "q" + "\N{COMBINING ACUTE ACCENT}" * 30),
    ],
)
def test_characters_that_feeds_send(value: str, text: str) -> None:
    assert text_of("{title}", {"title": value}) == text


def test_values_are_isolated_where_something_runs_from_right_to_left() -> None:
    product = {"title": "שלום", "brand": "Acme 5"}
    assert text_of("{brand}: {title}", product) == "\u2068Acme 5\u2069: \u2068שלום\u2069"
    assert text_of("{title}", product) == "שלום"
    assert text_of("{brand}: {brand}", product) == "Acme 5: Acme 5"
    assert text_of("מחיר {brand}{missing}", product) == "מחיר \u2068Acme 5\u2069"


def test_an_endless_text_is_cut_with_a_warning() -> None:
    evaluated = evaluate(parse_template("{brand} {title}"), {"title": "👨‍👩‍👧" * 20_000, "brand": "Acme"}, CONTEXT)
    assert len(evaluated.text) <= TEXT_LIMIT
    assert evaluated.text == "Acme " + "👨‍👩‍👧" * ((TEXT_LIMIT - 5) // 5)
    assert {(warning.kind, warning.field) for warning in evaluated.warnings} == {(WarningKind.CUT, "title")}
    assert all(len(warning.value) <= 100 for warning in evaluated.warnings)


def test_a_long_value_that_is_shortened_is_no_warning() -> None:
    product = {"title": "a" * VALUE_LIMIT}
    assert evaluate(parse_template("{title | short: 3}"), product, CONTEXT) == Evaluated("aa…")


def test_very_many_values_are_cut_with_a_warning() -> None:
    evaluated = evaluate(parse_template("{colours}"), {"colours": ["red"] * 10_000}, CONTEXT)
    assert evaluated.text == ", ".join(["red"] * 100)
    assert [warning.kind for warning in evaluated.warnings] == [WarningKind.CUT]


def test_a_made_up_filter_works_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = Filter("reversed", "reversed", "Backwards", lambda value, _, scene: scene.text(value)[::-1])
    monkeypatch.setitem(FILTERS, made_up.name, made_up)
    assert text_of("{title | reversed | upper}") == "EOHS DER"


@pytest.mark.parametrize("name", FILTERS)
def test_the_example_of_each_filter_is_one(name: str) -> None:
    assert FILTERS[name].description
    assert parse_template(f"{{title | {FILTERS[name].example}}}").parts


@pytest.mark.parametrize(
    ("locale", "currency", "now", "field"),
    [
        ("xx_YY", "EUR", CONTEXT.now, "locale"),
        ("", "EUR", CONTEXT.now, "locale"),
        ("de_DE", "EURO", CONTEXT.now, "currency"),
        ("de_DE", "EUR", datetime(2026, 1, 1), "now"),  # noqa: DTZ001
    ],
)
def test_contexts_that_are_refused(locale: str, currency: str, now: datetime, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Context(locale, currency, UTC, now)
    assert refused.value.field == field


NAMES = st.sampled_from(["title", "price", "sale_price", "sale_price_effective_date", "price_now", "discount_percent"])
CHAINS = st.lists(st.sampled_from(list(FILTERS.values())), max_size=4)
TEXTS = st.text(st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Mn"])) | st.sampled_from(
    ["1.299,00 €", "5 USD", "-1", "0", "2026-11-01/2026-11-30", "0001-01-01/9999-12-31", "9999-12-31T23:59-12:00", "٥"]
)


@given(NAMES, CHAINS, st.dictionaries(NAMES, TEXTS | st.lists(TEXTS)), st.sampled_from(["de_DE", "ar_EG", "tr", "el"]))
def test_any_product_gives_a_bounded_text(field: str, chain: list[Filter], product: Product, locale: str) -> None:
    filters = "".join(f" | {known.example}" for known in chain)
    template = parse_template(f"a {{{field}{filters}}} b")
    evaluated = evaluate(template, product, Context(locale, "EUR", ZoneInfo("Europe/Berlin"), CONTEXT.now))
    assert len(evaluated.text) <= TEXT_LIMIT + len("\u2068\u2069")
    assert not any("\ud800" <= c <= "\udfff" or c < "\n" or "\u202a" <= c <= "\u202e" for c in evaluated.text)
    assert evaluated.text.count("\u2068") == evaluated.text.count("\u2069")
    assert evaluated == evaluate(template, product, Context(locale, "EUR", ZoneInfo("Europe/Berlin"), CONTEXT.now))


@given(st.text(st.sampled_from("{}|:,\"' atitleshordfu30\\“”\n")))
def test_any_text_is_a_template_or_an_error_with_a_place(text: str) -> None:
    try:
        template, position, sentence = parse_template(text), 0, "none"
    except TemplateError as error:
        template, position, sentence = parse_template(""), error.position, str(error)
    assert 0 <= position <= len(text)
    assert sentence
    assert len(evaluate(template, {}, CONTEXT).text) <= TEXT_LIMIT


@given(st.text())
def test_doubled_braces_make_any_text_a_template(text: str) -> None:
    escaped = text.replace("{", "{{").replace("}", "}}")
    assert parse_template(escaped).fields() == ()
