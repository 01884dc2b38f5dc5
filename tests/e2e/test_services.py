"""The application as compose.yaml runs it: each process a service of its own, on PostgreSQL and an outer Redis."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from frameapp.adapters.redis_server import find_binary, wait_for_redis
from tests.e2e.conftest import register
from tests.e2e.job import generate, wait_until_processed
from tests.postgres import PostgresServer
from tests.server import ROOT, free_port

COMPOSE = (ROOT / "compose.yaml").read_text()


def commands() -> dict[str, list[str]]:
    """The commands of our own services, by name, as compose.yaml has them."""
    found = re.findall(r"^  (\w+):\n    <<: \*app\n    command: python (.+)$", COMPOSE, re.MULTILINE)
    return {name: [sys.executable, *rest.split()] for name, rest in found}


@pytest.fixture
def environment(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[dict[str, str]]:
    """The settings that compose.yaml gives, with an empty database and a Redis of this test's own."""
    port, redis_port = free_port(), free_port()
    options = ["--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with postgres_server.empty_database() as url, ExitStack() as stack:
        redis = subprocess.Popen([find_binary(), *options], stdout=subprocess.DEVNULL)
        stack.callback(redis.wait)
        stack.callback(redis.terminate)
        wait_for_redis(f"redis://127.0.0.1:{redis_port}/0")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("FRAMEAPP_", "REFLEX_"))}
        yield clean | {
            "FRAMEAPP_ENV": "production",
            "FRAMEAPP_SECRET": "a secret of at least thirty-two characters",
            "FRAMEAPP_PUBLIC_URL": f"http://localhost:{port}",
            "FRAMEAPP_PORT": str(port),
            "FRAMEAPP_DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
            "FRAMEAPP_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "FRAMEAPP_DATA_DIR": str(tmp_path / "data"),
            "FRAMEAPP_WORKERS": "1",
        }


def test_the_sample_is_framed_by_separate_services(
    environment: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    services = commands()
    assert set(services) == {"migrate", "web", "worker", "scheduler"}
    assert set(re.findall(r"^    (FRAMEAPP_[A-Z_]+):", COMPOSE, re.MULTILINE)) <= set(environment)
    subprocess.run(services.pop("migrate"), env=environment, cwd=ROOT, check=True, timeout=60)
    url = environment["FRAMEAPP_PUBLIC_URL"]
    with ExitStack() as stack:
        for name, command in services.items():
            log = stack.enter_context((tmp_path / f"{name}.log").open("wb"))
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
            stack.callback(process.wait, timeout=20)
            stack.callback(process.terminate)
        transport = httpx.HTTPTransport(retries=10)  # refused connections are tried again, with growing pauses
        with httpx.Client(transport=transport, trust_env=False, timeout=30) as client:
            assert client.get(f"{url}/health").status_code == 200
        page = browser.new_context(base_url=url).new_page()
        register(page)
        page.get_by_role("button", name="Try the sample").click()
        page.wait_for_url(re.compile("/preview"), timeout=30_000)
        generate(page)
        wait_until_processed(page, 60)
        page.context.close()
    assert b"is ready for action" in (tmp_path / "worker.log").read_bytes()
    assert not (tmp_path / "data" / "logs").exists(), "a service's words are its container's"
