"""The application as compose.yaml runs it: each process a service of its own, on PostgreSQL and an outer Redis."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from frameapp.adapters.redis_server import find_binary, wait_for_redis
from tests.postgres import PostgresServer
from tests.server import ROOT, free_port

COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")


def commands() -> dict[str, list[str]]:
    """The commands of our own services, by name, as compose.yaml has them."""
    ours = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "frameapp"}
    return {name: [sys.executable, *service["command"].split()[1:]] for name, service in ours.items()}


@contextmanager
def environment(folder: Path, postgres: PostgresServer, **settings: str) -> Iterator[dict[str, str]]:
    """The settings that compose.yaml gives, with an empty database and a Redis of their own."""
    port, redis_port = free_port(), free_port()
    options = ["--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with postgres.empty_database() as url, ExitStack() as stack:
        redis = subprocess.Popen([find_binary(), *options], stdout=subprocess.DEVNULL)
        stack.callback(redis.wait)
        stack.callback(redis.terminate)
        wait_for_redis(f"redis://127.0.0.1:{redis_port}/0")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("FRAMEAPP_", "REFLEX_"))}
        ours = {
            "FRAMEAPP_ENV": "production",
            "FRAMEAPP_SECRET": "oGh3-vT1mXw9_a secret with sense for tests Zq",
            "FRAMEAPP_PUBLIC_URL": f"http://localhost:{port}",
            "FRAMEAPP_HOST": "127.0.0.1",
            "FRAMEAPP_PORT": str(port),
            "FRAMEAPP_DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
            "FRAMEAPP_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "FRAMEAPP_DATA_DIR": str(folder / "data"),
            "FRAMEAPP_TRUSTED_PROXIES": "",
        }
        assert set(COMPOSE["x-app"]["environment"]) == set(ours)
        yield clean | ours | {"FRAMEAPP_WORKERS": "1"} | settings


@contextmanager
def running(environment: dict[str, str], folder: Path, *, workers: int = 1) -> Iterator[None]:
    """Migrate, then run web, workers and scheduler until the end; each writes into ``<name>.log`` of the folder."""
    services = commands()
    assert set(services) == {"migrate", "web", "worker", "scheduler"}
    subprocess.run(services.pop("migrate"), env=environment, cwd=ROOT, check=True, timeout=240)
    more = {f"worker-{number}": services["worker"] for number in range(2, workers + 1)}
    with ExitStack() as stack:
        for name, command in {**services, **more}.items():
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
            stack.callback(process.wait, timeout=120)
            stack.callback(process.terminate)
        transport = httpx.HTTPTransport(retries=10)  # refused connections are tried again, with growing pauses
        with httpx.Client(transport=transport, trust_env=False, timeout=120) as client:
            assert client.get(f"http://localhost:{environment['FRAMEAPP_PORT']}/health").status_code == 200
        yield
