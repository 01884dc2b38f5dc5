"""The services of compose.yaml as processes, without nginx."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser

from tests.e2e import services
from tests.e2e.conftest import LIMIT, register
from tests.e2e.job import generate, wait_until_processed
from tests.postgres import PostgresServer


def test_the_sample_is_framed_by_separate_services(
    postgres_server: PostgresServer, browser: Browser, tmp_path: Path
) -> None:
    with services.environment(tmp_path, postgres_server) as environment, services.running(environment, tmp_path):
        page = browser.new_context(base_url=environment["FRAMEAPP_PUBLIC_URL"]).new_page()
        page.set_default_timeout(LIMIT)
        register(page)
        page.get_by_role("button", name="Try the sample").click()
        page.wait_for_url(re.compile("/preview"))
        generate(page)
        wait_until_processed(page, 60)
        page.context.close()
    assert b"is ready for action" in (tmp_path / "worker.log").read_bytes()
    assert not (tmp_path / "data" / "logs").exists(), "a service's words are its container's"
