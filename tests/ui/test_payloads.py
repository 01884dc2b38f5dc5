"""What an event may bring, by its handler's annotations."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

import pytest

from frameapp.errors import Invalid
from frameapp.ui.payloads import LARGEST_EVENT, LONGEST_FIELD, TOO_LONG, check_payload, check_values, chosen


class Handlers:
    """Stands for a state."""

    async def take(
        self, text: str, number: int = 0, share: float = 0.0, yes: bool = False, ids: list[int] | None = None
    ) -> None:
        """Plain kinds."""

    async def box(self, rectangle: dict[str, float], value: str | list[str] = "") -> None:
        """Compound kinds."""

    async def save(self, form: dict[str, Any]) -> None:
        """A form."""


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        (Handlers.take, {"text": "é" * LONGEST_FIELD}),
        (Handlers.take, {"text": "", "number": 2**53, "share": 1, "yes": True, "ids": [1, 2]}),
        (Handlers.take, {"text": "", "number": "12", "share": "1.5", "ids": None}),
        (Handlers.box, {"rectangle": {"x": 1, "y": 0.5}, "value": ["a"]}),
        (Handlers.save, {"form": {"name": "Summer", "more": ["a", {"b": None}]}}),
    ],
)
def test_what_pages_send_passes(handler: Any, payload: dict[str, Any]) -> None:
    check_payload(handler, payload)


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        (Handlers.take, None),
        (Handlers.take, {}),
        (Handlers.take, {"text": None}),
        (Handlers.take, {"text": ["a"]}),
        (Handlers.take, {"text": "a\0"}),
        (Handlers.take, {"text": "\ud800"}),
        (Handlers.take, {"text": "", "another": 1}),
        (Handlers.take, {"text": "", "self": 1}),
        (Handlers.take, {"text": "", "number": True}),
        (Handlers.take, {"text": "", "number": 1.5}),
        (Handlers.take, {"text": "", "number": "1.5"}),
        (Handlers.take, {"text": "", "number": "9" * 30}),
        (Handlers.take, {"text": "", "number": 10**400}),
        (Handlers.take, {"text": "", "share": math.nan}),
        (Handlers.take, {"text": "", "share": "inf"}),
        (Handlers.take, {"text": "", "yes": 1}),
        (Handlers.take, {"text": "", "ids": [1, "x"]}),
        (Handlers.box, {"rectangle": []}),
        (Handlers.box, {"rectangle": {"x": None}}),
        (Handlers.box, {"rectangle": {}, "value": [1]}),
        (Handlers.save, {"form": {"name": object()}}),
        (Handlers.save, {"form": {"a": [[[[[[[[[1]]]]]]]]]}}),
        (Handlers.save, {"form": {"a": [0] * 20_001}}),
    ],
)
def test_what_no_page_sends_is_refused(handler: Any, payload: Any) -> None:
    with pytest.raises(Invalid):
        check_payload(handler, payload)


def test_texts_have_a_limit_each_and_together() -> None:
    with pytest.raises(Invalid, match=TOO_LONG):
        check_payload(Handlers.take, {"text": "x" * (LONGEST_FIELD + 1)})
    parts = ["x" * LONGEST_FIELD] * (LARGEST_EVENT // LONGEST_FIELD)
    check_values(parts)
    with pytest.raises(Invalid, match=TOO_LONG):
        check_values([*parts, "y"])
    with pytest.raises(Invalid, match=TOO_LONG):
        check_values({"n" * (LARGEST_EVENT + 1): 1})


def test_a_control_names_one_of_its_kind() -> None:
    class Fruit(StrEnum):
        APPLE = "apple"

    assert chosen(Fruit, "apple") is Fruit.APPLE
    for wrong in ("", "pear", ["apple"], []):
        with pytest.raises(Invalid):
            chosen(Fruit, wrong)
