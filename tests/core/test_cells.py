"""Cells of tables that people open: none is a formula, and each gives its text back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from frameapp.core.cells import from_cell, to_cell

FORMULAS = ["=1+1", "+1", "-2", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\N{NO-BREAK SPACE}@A1", "\uff1d1", "\uff0d1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert to_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "SKU-1", "a=b", "'tis", "''", "https://shop.example/?a=1", "\uff21"])
def test_other_text_stays(text: str) -> None:
    assert to_cell(text) == text


@given(st.text() | st.text("'=+-@ \t\r\na"))
@example("'=1")
@example("''=1")
@example("' '=1")
def test_every_text_comes_back(text: str) -> None:
    cell = to_cell(text)
    assert from_cell(cell) == text
    assert cell.lstrip()[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")
