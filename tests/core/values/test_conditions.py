"""Conditions: what they are read from, when they hold, and when a date turns them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from frameapp.core.values import (
    OPERATORS,
    Comparison,
    ConditionError,
    Context,
    Operator,
    Product,
    ValueWarning,
    WarningKind,
    condition_to_json,
    holds,
    next_moment,
    parse_condition,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
CONTEXT = Context("de_DE", "EUR", BERLIN, NOON)
PRODUCT: Product = {
    "title": "Red Shoe",
    "brand": "Straße",
    "empty": " ",
    "price": "100,00 EUR",
    "sale_price": "75.00 EUR",
    "dollars": "75 USD",
    "wrong": "call us",
    "rating": "4,5",
    "availability": "in_stock",
    "available_from": "2026-11-27T23:30+01:00",
    "colours": ["Red", "Blue"],
}


def one(field: str, operator: str, value: Any = None, kind: str = "text") -> dict[str, Any]:
    member = {"field": field, "operator": operator}
    return {"all": [member if value is None else {**member, "type": kind, "value": value}]}


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        (one("title", "is", "red  shoe"), True),
        (one("title", "is", "Red"), False),
        (one("brand", "is", "STRASSE"), True),
        (one("title", "is not", "Blue Shoe"), True),
        (one("missing", "is not", "x"), True),
        (one("missing", "is", "x"), False),
        (one("title", "contains", "D S"), True),
        (one("title", "starts with", "re"), True),
        (one("title", "starts with", "shoe"), False),
        (one("title", "is one of", ["Hat", "RED SHOE"]), True),
        (one("title", "is one of", ["Hat"]), False),
        (one("empty", "is empty"), True),
        (one("missing", "is empty"), True),
        (one("title", "is empty"), False),
        (one("title", "is not empty"), True),
        (one("colours", "is", "blue"), True),
        (one("colours", "is not", "blue"), False),
        (one("colours", "is one of", ["green", "red"]), True),
        (one("colours", "is empty"), False),
        (one("rating", ">", 4, "number"), True),
        (one("rating", "is", "4.50", "number"), True),
        (one("rating", "<=", "4,4", "number"), False),
        (one("discount_percent", ">=", 25, "number"), True),
        (one("discount_percent", ">", 25, "number"), False),
        (one("price_now", "<", "80", "money"), True),
        (one("price_now", "<", 75, "money"), False),
        (one("price_before", "is", "100 €", "money"), True),
        (one("dollars", ">", "1 EUR", "money"), False),
        (one("wrong", ">", "1", "money"), False),
        (one("available_from", "is", "2026-11-27", "date"), True),
        (one("available_from", ">", "2026-11-27T23:29", "date"), True),
        (one("available_from", "<", "2026-11-28", "date"), True),
        ({"all": [{"on_sale": True}]}, True),
        ({"all": [{"on_sale": False}]}, False),
        ({"all": [{"in_stock": True}]}, True),
        ({"all": [{"from": "2026-11-27T13:00"}]}, True),
        ({"all": [{"from": "2026-11-27T13:01"}]}, False),
        ({"all": [{"until": "2026-11-27T13:00"}]}, False),
        ({"all": [{"from": "2026-11-01T00:00", "until": "2026-11-27T13:01"}]}, True),
        ({"any": [{"on_sale": False}, {"in_stock": True}]}, True),
        ({"all": [{"on_sale": False}, {"in_stock": True}]}, False),
        ({"all": [{"any": [{"on_sale": False}, {"in_stock": True}]}, {"on_sale": True}]}, True),
    ],
    ids=str,
)
def test_when_conditions_hold(condition: dict[str, Any], held: bool) -> None:
    parsed = parse_condition(condition)
    assert holds(parsed, PRODUCT, CONTEXT) is held
    assert parse_condition(condition_to_json(parsed)) == parsed


@pytest.mark.parametrize(
    ("availability", "in_stock"),
    [
        ("in stock", True),
        ("In_Stock", True),
        ("https://schema.org/InStock", True),
        ("http://schema.org/LimitedAvailability", True),
        ("yes", True),
        ("out of stock", False),
        ("preorder", False),
        ("backorder", False),
        ("https://schema.org/OutOfStock", False),
        ("", False),
    ],
)
def test_availabilities(availability: str, in_stock: bool) -> None:
    condition = parse_condition({"all": [{"in_stock": True}]})
    assert holds(condition, {"availability": availability}, CONTEXT) is in_stock


@pytest.mark.parametrize(
    ("field", "kind", "wanted", "reported"),
    [
        ("wrong", "money", "1", ValueWarning(WarningKind.MONEY, "wrong", "call us")),
        ("wrong", "number", "1", ValueWarning(WarningKind.NUMBER, "wrong", "call us")),
        ("wrong", "date", "2026-11-27", ValueWarning(WarningKind.DATE, "wrong", "call us")),
        ("dollars", "money", "1", ValueWarning(WarningKind.CURRENCY, "dollars", "75 USD")),
    ],
)
def test_what_cannot_be_compared_is_reported(field: str, kind: str, wanted: str, reported: ValueWarning) -> None:
    warnings: list[ValueWarning] = []
    assert not holds(parse_condition(one(field, ">", wanted, kind)), PRODUCT, CONTEXT, warnings=warnings)
    assert warnings == [reported]


@pytest.mark.parametrize(
    ("data", "path", "sentence"),
    [
        (None, "", "This is not a condition."),
        ({}, "", "Write “all” or “any” with a list of conditions."),
        ({"all": []}, "all", "Add at least one condition to this list."),
        ({"all": {}}, "all", "Add at least one condition to this list."),
        ({"all": [{"on_sale": True}], "any": []}, "", "“any” is not expected here."),
        ({"all": ["x"]}, "all[0]", "This is not a condition."),
        ({"all": [{}]}, "all[0]", "This condition is empty."),
        ({"all": [{"on_sale": 1}]}, "all[0].on_sale", "Write true or false."),
        ({"all": [{"on_sale": True, "x": 1}]}, "all[0]", "“x” is not expected here."),
        (
            {"all": [{"any": [{"all": [{"on_sale": True}]}]}]},
            "all[0].any[0]",
            "Groups can be nested only once",
        ),
        (one("titel", "is", "x"), "all[0].field", "The feed has no field “titel”. Did you mean “title”?"),
        (one("title", "==", "x"), "all[0].operator", "There is no operator “==”. Choose one of: is, is not,"),
        (one("title", "is", "x", "texts"), "all[0].type", "There is no type “texts”."),
        (one("title", ">", "x"), "all[0].type", "“>” compares number, money or date, not text."),
        (one("title", "contains", "1", "number"), "all[0].type", "“contains” compares text, not number."),
        (one("price", ">", "call us", "money"), "all[0].value", "Write a price, such as 50 or 49.90 EUR."),
        (one("price", ">", True, "number"), "all[0].value", "Write a number, such as 4.5."),
        (one("price", ">", "soon", "date"), "all[0].value", "Write a date, such as"),
        (one("title", "is", " \0"), "all[0].value", "Write some text."),
        (one("title", "is one of", "x"), "all[0].value", "Write a list of 1 to 1,000 texts."),
        (one("title", "is one of", ["x", 1, None]), "all[0].value[2]", "Write some text."),
        (one("title", "is empty", "x"), "all[0]", "“type” is not expected here."),
        ({"all": [{"field": 1, "operator": "is"}]}, "all[0].field", "Choose a field."),
        ({"all": [{"from": "2026-11-27"}]}, "all[0].from", "Write a date with a time and without a zone"),
        ({"all": [{"from": "2026-11-27T09:00Z"}]}, "all[0].from", "Write a date with a time and without a zone"),
        ({"all": [{"until": "0001-01-01T00:00"}]}, "all[0].until", "Write a date with a time and without a zone"),
        ({"any": [{"from": "2026-11-27T09:00", "until": "2026-11-27T09:00"}]}, "any[0].until", "The end must be later"),
        ({"all": [{"on_sale": True}] * 101}, "all[100]", "There are more than 100 conditions."),
    ],
    ids=str,
)
def test_what_is_refused(data: object, path: str, sentence: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_condition(data, PRODUCT)
    assert refused.value.path == path
    assert refused.value.sentence.startswith(sentence)
    assert str(refused.value) == (f"{path}: {refused.value.sentence}" if path else refused.value.sentence)


def test_a_made_up_operator_works_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATORS, "ends with", Operator("ends with", str.endswith, ("text",)))
    condition = parse_condition(one("title", "ends with", "SHOE"))
    assert holds(condition, PRODUCT, CONTEXT)
    assert parse_condition(condition_to_json(condition)) == condition


def test_the_next_moment_is_the_first_one_after() -> None:
    condition = parse_condition(
        {"all": [{"from": "2026-11-27T09:00"}, {"any": [{"until": "2026-12-01T00:00"}, {"on_sale": True}]}]}
    )
    first, second = datetime(2026, 11, 27, 8, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert next_moment(condition, datetime(2026, 1, 1, tzinfo=UTC), BERLIN) == first
    assert next_moment(condition, first, BERLIN) == second
    assert next_moment(condition, second, BERLIN) is None
    assert next_moment(parse_condition({"all": [{"on_sale": True}]}), first, BERLIN) is None


def test_fields_of_a_condition() -> None:
    condition = parse_condition({"any": [*one("brand", "is", "x")["all"], {"on_sale": True}, {"in_stock": True}]})
    assert condition.fields() == ("brand", "price", "sale_price", "sale_price_effective_date", "availability")
    assert condition.members[0] == Comparison("brand", "is", ("x",))
