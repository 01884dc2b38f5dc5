"""The connection lost: the page says so, keeps what was not saved, and is right again when it is back."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.conftest import Site
from tests.e2e.job import add_frame, frame_id_of, frame_image, generate, wait_until_processed

LOADED = 'is_hydrated_rx_state_":true'  # the last that the server sends of a page's loading
LIMIT = 120  # seconds


class Wire:
    """The page's connection, which can be cut; it does not come back before it is mended.

    ``changes`` and ``answers`` are a text and another one that stands for it in what the page and the server send.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.changes = self.answers = ("", "")
        self._silent = False
        self._ends: list[tuple[WebSocketRoute, WebSocketRoute]] = []
        self._loads = 0
        page.route_web_socket("**/_event/**", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def from_server(message: str | bytes) -> None:
            self._loads += LOADED in str(message)
            if self._silent:
                return
            socket.send(str(message).replace(*self.answers) if self.answers[0] else message)

        def from_page(message: str | bytes) -> None:
            if self._silent:
                return
            server.send(str(message).replace(*self.changes) if self.changes[0] else message)

        server.on_message(from_server)
        socket.on_message(from_page)
        self._ends.append((socket, server))

    def cut(self, *, noticed: bool = False) -> None:
        """Close it, and let none be opened. A server mostly does not notice: nobody tells it."""
        self.page.context.set_offline(True)
        socket, server = self._ends.pop()
        socket.close()
        if noticed:
            server.close()

    def fall_silent(self) -> None:
        """Let nothing pass any more, neither over this connection nor over a new one; nobody is told."""
        self.page.context.set_offline(True)
        self._silent = True

    def mend(self) -> None:
        """Let the page connect; returns when it has loaded again."""
        self._silent = False
        self.page.context.set_offline(False)
        seen, deadline = self._loads, time.monotonic() + LIMIT
        while self._loads == seen:
            assert time.monotonic() < deadline, "the page did not load again"
            self.page.evaluate("() => new Promise(requestAnimationFrame)")


def test_a_form_keeps_what_was_typed_over_a_lost_connection(site: Site) -> None:
    page = site.new_user_page()
    wire = Wire(page)
    page.goto("/add-frame")
    page.get_by_label("Name", exact=True).first.fill("Summer sale")
    file = {"name": "frame.png", "mimeType": "image/png", "buffer": frame_image()}
    page.get_by_label("Frame image").set_input_files(file)
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    page.get_by_label("Feed address").fill(site.catalogue.feed_url(3))
    wire.cut()
    page.get_by_label("Name", exact=True).first.fill("Winter sale")
    wire.mend()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Winter sale")
    expect(page.get_by_label("Feed address")).to_have_value(site.catalogue.feed_url(3))
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    page.get_by_role("button", name="Create frame").click()
    page.wait_for_url("**/preview")
    expect(page.get_by_role("heading", name="Winter sale")).to_be_visible()
    page.goto(page.url.replace("/preview", "/edit"))
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Winter sale")
    page.get_by_label("Name", exact=True).first.fill("Autumn sale")
    wire.cut(noticed=True)
    wire.mend()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Autumn sale")
    page.reload()  # a visit begins: what was not saved is gone
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Winter sale")


def test_a_placement_and_a_selection_outlive_a_lost_connection(site: Site) -> None:
    page = site.new_user_page()
    wire = Wire(page)
    add_frame(page, site.catalogue.feed_url(60))
    generate(page)
    wait_until_processed(page, 60)
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("51-60 of 60")).to_be_visible()
    page.locator("tbody").get_by_role("checkbox").first.click()
    expect(page.get_by_text("1 selected")).to_be_visible()
    wire.cut()
    wire.mend()
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(page.get_by_text("51-60 of 60")).to_be_visible()
    page.get_by_role("link", name="Preview & Edit").click()
    x = page.get_by_label("X", exact=True)
    x.fill("17")
    x.press("Enter")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    wire.cut()
    wire.mend()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    expect(x).to_have_value("17")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)


def test_a_page_is_right_again_after_the_web_process_was_killed_in_mid_run(site: Site) -> None:
    page = site.new_user_page()
    site.catalogue.gate.clear()
    try:
        add_frame(page, site.catalogue.feed_url(40, kind="gated", name="cut"))
        generate(page)
        expect(page.locator("#run-progress")).to_be_visible()
        web = [pid for pid, args in site.server.children().items() if "granian" in args]
        assert web
        for pid in web:
            os.kill(pid, signal.SIGKILL)
    finally:
        site.catalogue.gate.set()
    wait_until_processed(page, 40)
    rows = page.context.request.get(f"/frame/{frame_id_of(page)}/outputs-ajax/?start=0&length=100").json()["data"]
    states = Counter(row["state"] for row in rows)
    assert states.total() == states["done"] + states["failed"] == 40  # those that waited too long at the gate failed
    shown = f"{states['done']} rendered" + f" · {states['failed']} failed" * bool(states["failed"])
    expect(page.get_by_text(shown)).to_be_visible()


def test_a_lost_connection_is_said_calmly_until_it_is_back(site: Site) -> None:
    page = site.new_user_page()
    wire = Wire(page)
    page.goto("/")
    expect(page.get_by_role("heading", name="Your first frame")).to_be_visible()
    wire.cut()
    expect(page.get_by_role("status").get_by_text("Connection lost. Reconnecting…")).to_be_visible()
    expect(page.get_by_text("Cannot connect")).to_have_count(0)
    wire.mend()
    expect(page.get_by_text("Connection lost")).to_have_count(0)


def test_a_connection_that_went_without_a_word_is_told_within_seconds(site: Site) -> None:
    page = site.new_user_page()
    wire = Wire(page)
    page.goto("/")
    expect(page.get_by_role("heading", name="Your first frame")).to_be_visible()
    wire.fall_silent()
    expect(page.get_by_role("status").get_by_text("Connection lost. Reconnecting…")).to_be_visible()
    wire.mend()
    expect(page.get_by_text("Connection lost")).to_have_count(0)


def test_what_no_page_sends_is_refused_in_our_words(site: Site) -> None:
    page = site.new_user_page()
    wire = Wire(page)
    page.goto("/add-frame")
    wire.changes = ('"text":"Summer sale"', '"text":null')
    page.get_by_label("Name", exact=True).first.fill("Summer sale")
    page.get_by_label("Feed address").focus()
    expect(page.get_by_text("The page sent something that the server does not accept.")).to_be_visible()
    expect(page.get_by_text("An error occurred")).to_have_count(0)
    log = (site.server.data / "logs" / "web.log").read_text()
    assert "note_name: The page sent something" in log


def test_a_page_that_cannot_be_drawn_leads_on(site: Site) -> None:
    page = site.new_user_page()
    wire = Wire(page)
    wire.answers = ('"initial_rx_state_":"U"', '"initial_rx_state_":{}')  # nothing that can be drawn
    page.goto("/activity")
    expect(page.get_by_role("alert")).to_contain_text("This page could not be shown.")
    wire.answers = ("", "")
    page.get_by_role("link", name="Go to your frames").click()
    expect(page.get_by_role("heading", name="Your first frame")).to_be_visible()
