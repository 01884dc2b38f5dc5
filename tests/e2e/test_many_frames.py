"""A workspace of many frames in a real browser: pages, search and order by the server, and where actions lead."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from frameapp.models import Frame, utc_now
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from tests.conftest import AttackFigure
from tests.e2e.conftest import Site
from tests.outputs import add_frame
from tests.runs import PASSWORD

MOST_BYTES = 60_000  # of all that the server sends while the list opens, the shell's state included


def add_many(app: Application, viewer: Viewer, count: int) -> None:
    """Frames named by their number, the first one touched last."""
    first, now = add_frame(app, viewer, "Frame 0001"), utc_now()
    with app.database.write() as session:
        one = session.get_one(Frame, first).model_dump(exclude={"id", "name", "name_key", "updated_at"})
        rows = [
            one | {"name": f"Frame {number:04}", "updated_at": now - timedelta(minutes=number)}
            for number in range(2, count + 1)
        ]
        session.execute(sa.insert(Frame), rows)


@pytest.fixture
def viewer(app: Application) -> Viewer:
    return register(app, f"user-{uuid.uuid4().hex[:10]}", PASSWORD)


def names(page: Page) -> list[str]:
    return page.locator(".frame-card-name").all_inner_texts()


def test_the_list_is_turned_searched_and_sorted(site: Site, app: Application, viewer: Viewer) -> None:
    add_many(app, viewer, 60)
    page = site.page_of(app, viewer)
    page.goto("/")
    expect(page.get_by_text("1-24 of 60")).to_be_visible()
    expect(page.get_by_text("60 frames", exact=True)).to_be_visible()
    assert names(page) == [f"Frame {number:04}" for number in range(1, 25)]
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()
    page.get_by_role("button", name="Next page").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("25-48 of 60")).to_be_visible()
    expect(page.get_by_role("heading", name="Frame 0025")).to_be_in_viewport()
    page.get_by_role("button", name="Last page").click()
    expect(page.get_by_text("49-60 of 60")).to_be_visible()
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()

    page.get_by_role("button", name="Actions for Frame 0060").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_text("1-24 of 61")).to_be_visible()
    expect(page.get_by_role("heading", name="Frame 0060 (copy)")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("0060 (COPY")
    expect(page.locator(".frame-card")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Pages of frames")).to_have_count(0)
    page.get_by_role("button", name="Actions for Frame 0060 (copy)").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete frame").click()
    expect(page.get_by_text("No frames match this name.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_text("1-24 of 60")).to_be_visible()
    expect(page.get_by_label("Search frames")).to_be_focused()

    page.get_by_role("button", name="Last page").click()
    expect(page.get_by_text("49-60 of 60")).to_be_visible()
    page.get_by_role("link", name="Frame 0055").click()
    page.wait_for_url(re.compile("/preview"))
    page.get_by_role("link", name="Frames", exact=True).first.click()
    expect(page.get_by_text("49-60 of 60")).to_be_visible()
    new = add_frame(app, viewer, "Brand new")
    page.get_by_role("link", name="Activity", exact=True).click()
    page.get_by_role("link", name="Frames", exact=True).first.click()
    expect(page.locator(f"[data-frame='{new}']")).to_be_visible()


@pytest.mark.attack
def test_ten_thousand_frames_open_as_a_few_do(
    site: Site, app: Application, viewer: Viewer, attack_figure: AttackFigure
) -> None:
    add_many(app, viewer, 10_000)
    page, sent = site.page_of(app, viewer), [0]

    def count(frame: str | bytes) -> None:
        sent[0] += len(frame)

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    page.goto("/")
    expect(page.get_by_text("1-24 of 10,000")).to_be_visible()
    opened = page.evaluate("performance.now()")
    page.get_by_role("button", name="Last page").click()
    expect(page.get_by_text("9,985-10,000 of 10,000")).to_be_visible()
    figure = f"{sent[0] / 1000:.1f} kB sent"
    attack_figure("13 10,000 frames in a browser", figure, f"{MOST_BYTES / 1000:.0f} kB", held=sent[0] < MOST_BYTES)
    second = page.context.new_page()  # by now the browser keeps the scripts
    second.goto("/")
    expect(second.get_by_text("1-24 of 10,000")).to_be_visible()
    again = second.evaluate("performance.now()")
    figure = f"seen after {opened:.0f} ms, then {again:.0f} ms"
    attack_figure("13 10,000 frames in a browser", figure, "500 ms", held=again < 500, clock=True)
