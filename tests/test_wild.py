"""docs/wild.md says what the tests hold."""

from __future__ import annotations

from tests import wild


def test_the_page_is_what_the_tests_hold() -> None:
    assert wild.PAGE.read_text() == wild.page(wild.cases()), "after a change: python -m tests.wild"


def test_every_case_names_a_public_report() -> None:
    assert all(case.source.startswith("https://") and case.given and case.right for case in wild.cases())
