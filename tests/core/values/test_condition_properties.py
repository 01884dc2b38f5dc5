"""Random conditions: what must hold for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from frameapp.core.values import (
    KINDS,
    OPERATORS,
    ConditionError,
    Context,
    Takes,
    condition_to_json,
    holds,
    next_moment,
    parse_condition,
)

BERLIN = ZoneInfo("Europe/Berlin")
FIELDS = ("title", "price", "price_now", "discount_percent", "availability")
VALUES = {"text": "a", "number": "4.5", "money": "50 EUR", "date": "2026-11-27"}
AROUND_A_CLOCK_CHANGE = st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 26))  # noqa: DTZ001
WINDOWS = st.tuples(AROUND_A_CLOCK_CHANGE, AROUND_A_CLOCK_CHANGE).map(
    lambda ends: {"from": min(ends).isoformat(), "until": (max(ends) + timedelta(seconds=1)).isoformat()}
)


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(list(OPERATORS.values())))
    data: dict[str, Any] = {"field": draw(st.sampled_from(FIELDS)), "operator": operator.name}
    if operator.takes is Takes.NONE:
        return data
    kind = draw(st.sampled_from(operator.kinds))
    value = f"a{draw(st.text())}" if kind == "text" else VALUES[kind]
    return {**data, "type": kind, "value": [value] if operator.takes is Takes.MANY else value}


def groups(members: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(
        st.sampled_from(["all", "any"]), st.lists(members, min_size=1, max_size=4), min_size=1, max_size=1
    )


FACTS = st.dictionaries(st.sampled_from(["on_sale", "in_stock"]), st.booleans(), min_size=1, max_size=1)
MEMBERS = comparisons() | FACTS | WINDOWS
CONDITIONS = groups(MEMBERS | groups(MEMBERS))
KEYS = st.sampled_from(["all", "any", "field", "operator", "type", "value", "on_sale", "from", "until"]) | st.text()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([*OPERATORS, *KINDS, *FIELDS]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["all", "any", "field", "operator", "type", "value", "on_sale", "from", "until"])
            | st.text(),
            inner,
        )
    ),
)


@given(CONDITIONS)
def test_every_condition_comes_back_from_its_json(data: dict[str, Any]) -> None:
    condition = parse_condition(data, FIELDS)
    assert parse_condition(condition_to_json(condition), FIELDS) == condition


@given(CONDITIONS, st.dictionaries(st.sampled_from(FIELDS), st.text() | st.lists(st.text())))
def test_every_condition_answers_for_every_product(data: dict[str, Any], product: dict[str, Any]) -> None:
    context = Context("de_DE", "EUR", BERLIN, datetime(2026, 11, 27, tzinfo=UTC))
    assert holds(parse_condition(data), product, context) in (True, False)


@given(JSON)
def test_any_json_is_a_condition_or_an_error_with_a_sentence(data: object) -> None:
    try:
        sentence = str(len(parse_condition(data).members))
    except ConditionError as error:
        sentence = error.sentence
    assert sentence


@given(groups(WINDOWS), st.datetimes(datetime(2026, 10, 23), datetime(2026, 10, 27), timezones=st.just(UTC)))  # noqa: DTZ001
def test_nothing_turns_before_the_next_moment(data: dict[str, Any], after: datetime) -> None:
    condition = parse_condition(data)
    moment = next_moment(condition, after, BERLIN) or after + timedelta(days=9)
    assert moment > after
    context = [Context("de_DE", "EUR", BERLIN, now) for now in (after, moment - timedelta(microseconds=1))]
    assert holds(condition, {}, context[0]) is holds(condition, {}, context[1])
