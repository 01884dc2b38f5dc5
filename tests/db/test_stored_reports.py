"""Reports on feeds as rows keep them: typed, whatever version wrote the row."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
import sqlalchemy as sa

from frameapp.core.feeds import FeedReport, PlanReport
from frameapp.models import Feed
from frameapp.services import cards, runs
from frameapp.services.application import Application
from tests.runs import Project, make_project, run_of

FOUND: dict[str, Any] = {
    "format": "rss",
    "encoding": "utf-8",
    "entries": 3,
    "with_id": 2,
    "with_picture": 3,
    "additional_pictures": 1,
    "duplicates": 0,
    "missing_ids": 1,
    "missing_links": 0,
    "missing": {"brand": 3},
    "pictures": ["https://i.example.com/1.jpg"],
    "warnings": ["1 product has no id, so no picture is made: first “Shoe”."],
}
PLANNED = {"entries": 9, "missing_ids": 1, "duplicates": 5, "excluded": 2, "format": "rss", "notes": ["Cut off."]}


@pytest.fixture
def project(app: Application) -> Project:
    return make_project(app, address="https://shop.example/feed.xml")


def store(app: Application, table: str, column: str, value: object) -> None:
    """Write the column as an earlier version did."""
    with app.database.write() as session:
        session.execute(sa.text(f"UPDATE {table} SET {column} = :value"), {"value": json.dumps(value)})  # noqa: S608


def feed_of(app: Application, project: Project) -> Feed:
    with app.database.read() as session:
        return session.get_one(Feed, project.feed_id)


def stored(app: Application, query: str) -> object:
    with app.database.read() as session:
        value = session.scalar(sa.text(query))
        return json.loads(value) if isinstance(value, str) else value


def test_a_report_of_an_earlier_version_is_read(app: Application, project: Project) -> None:
    store(app, "feed", "report", FOUND | {"forgotten": 1})
    read = feed_of(app, project).report
    assert asdict(read) == FOUND | {"pictures": read.pictures, "warnings": read.warnings, "fields": ()}
    assert (list(read.pictures), list(read.warnings)) == (FOUND["pictures"], FOUND["warnings"])
    store(app, "feed", "report", {"format": "atom", "entries": 8})
    assert feed_of(app, project).report == FeedReport(format="atom", entries=8)
    assert cards.card(app, project.viewer, project.frame_id).products == 8


def test_before_a_check_there_is_none(app: Application, project: Project) -> None:
    for value in ({}, stored(app, "SELECT report FROM feed")):
        store(app, "feed", "report", value)
        assert feed_of(app, project).report == FeedReport()
        assert feed_of(app, project).report.products is None


def test_a_report_is_stored_as_it_was(app: Application, project: Project) -> None:
    store(app, "feed", "report", FOUND)
    with app.database.write() as session:
        feed = session.get_one(Feed, project.feed_id)
        feed.report = replace(feed.report, entries=4)
    assert stored(app, "SELECT report FROM feed") == FOUND | {"entries": 4, "fields": []}


def test_what_a_plan_found_in_an_earlier_version_is_read(app: Application, project: Project) -> None:
    run_id = runs.start(app, project.viewer, project.frame_id)
    assert run_of(app, run_id).warnings == PlanReport()
    store(app, "run", "warnings", PLANNED)
    found = PlanReport(entries=9, missing_ids=1, duplicates=5, excluded=2, notes=("Cut off.",))
    assert run_of(app, run_id).warnings == found
    store(app, "run", "warnings", {})
    assert run_of(app, run_id).warnings == PlanReport()
