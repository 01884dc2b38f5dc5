"""Values and template texts that are made to cost time, space or a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

import pytest

from frameapp.core.values import (
    TEXT_LIMIT,
    ConditionError,
    Context,
    TemplateError,
    evaluate,
    holds,
    parse_condition,
    parse_money,
    parse_template,
)

CONTEXT = Context("de_DE", "EUR", UTC, datetime(2026, 11, 27, tzinfo=UTC))
LONG = 100_000
NO_ISOLATES = dict.fromkeys((0x2068, 0x2069))
VALUES = {
    "letters": "a" * LONG,
    "marks": "q" + "\N{COMBINING COMMA ABOVE RIGHT}\N{COMBINING GRAVE ACCENT}" * LONG,
    "one grapheme": "\N{WOMAN}\N{ZERO WIDTH JOINER}" * LONG,
    "digits": "9" * LONG,
    "points and commas": "1,1.1 1'" * LONG,
    "spaces": " \t\n" * LONG + "x",
    "surrogates": "\ud83d" * LONG,
    "overrides": "\N{RIGHT-TO-LEFT OVERRIDE}" * LONG + "x",
    "ligatures": "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * LONG,
    "slashes": "/" * LONG,
    "braces": "{title}" * LONG,
    "NUL": "\0" * LONG,
}
TEMPLATE = parse_template(
    "{t} {t|money} {t|number} {t|percent} {t|upper|lower|title} {t|short: 40} {t|first} {t|date: dd.MM.}"
    ' {t|replace: "a", "aaaaaaaaaaaaaaaa"|replace: "a", "aaaaaaaaaaaaaaaa"|replace: "a", "aaaaaaaaaaaaaaaa"}'
)
CONDITION = parse_condition(
    {
        "any": [
            {"field": "t", "operator": ">", "type": kind, "value": value}
            for kind, value in (("number", "9"), ("money", "9"), ("date", "2026-11-27"))
        ]
    }
)


@pytest.mark.attack
@pytest.mark.parametrize("name", VALUES)
def test_long_and_odd_values_cost_little(name: str, attack_figure: Callable[..., None]) -> None:
    start = process_time()
    evaluated = evaluate(TEMPLATE, {"t": VALUES[name]}, CONTEXT)
    holds(CONDITION, {"t": VALUES[name]}, CONTEXT)
    ms = (process_time() - start) * 1000
    assert len(evaluated.text.translate(NO_ISOLATES)) <= TEXT_LIMIT
    attack_figure(f"A value of {name}", f"{ms:.0f} ms", "300 ms", held=ms < 300, clock=True)


@pytest.mark.parametrize("text", ["{" * LONG, "}" * LONG, "{a|" * LONG, "{a" + "|upper" * LONG + "}", "\ud83d{" * LONG])
def test_long_template_texts_are_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(text)


@pytest.mark.parametrize(
    "text",
    ["{{{{{", "{a|default:", "{a|default: '", "{a||}", "{a:b}", "{\0}", "{a|upper upper}", "{a|}", "{|upper}", "{a|:}"],
)
def test_short_ones_too(text: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(text, ["a"])


def test_deep_and_wide_conditions_are_refused() -> None:
    deep: dict[str, object] = {"on_sale": True}
    for _ in range(LONG):
        deep = {"all": [deep]}
    wide = {"any": [{"field": "t", "operator": "is one of", "value": ["x"] * LONG}]}
    for data in (deep, wide, {"all": [{"on_sale": True}] * LONG}, {"all": [{"field": "t" * LONG, "operator": "is"}]}):
        with pytest.raises(ConditionError):
            parse_condition(data, ["t"])


@pytest.mark.parametrize("name", VALUES)
def test_none_of_them_is_money(name: str) -> None:
    assert parse_money(VALUES[name], "EUR") is None
