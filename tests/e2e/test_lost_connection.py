"""The web process killed in mid-run: the run goes on, and the page that was open is right when it ends."""

from __future__ import annotations

import os
import signal
from collections import Counter

from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.e2e.job import add_frame, frame_id_of, generate, wait_until_processed


def test_a_page_is_right_again_after_the_web_process_was_killed_in_mid_run(site: Site) -> None:
    page = site.new_user_page()
    site.catalogue.gate.clear()
    try:
        add_frame(page, site.catalogue.feed_url(40, kind="gated", name="cut"))
        generate(page)
        expect(page.locator("#run-progress")).to_be_visible(timeout=20_000)
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
