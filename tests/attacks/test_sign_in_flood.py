"""Attack 9: sign-ins at once by names that nobody has, with a Redis that counts and one that does not."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
import redis

from tests.conftest import AttackFigure
from tests.server import Server

FLOOD = 200
LOOKS, LEAST = 20, 5  # at pages; so many of them come before the last sign-in is answered
BOUND = 5.0  # seconds of a page at the p95: the machine hashes meanwhile


async def _flood(url: str) -> tuple[Counter[int], list[float], int]:
    """The statuses of the sign-ins, the seconds of each page, and how many of them came before the last sign-in."""
    limits = httpx.Limits(max_connections=300)
    async with (
        httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as flood,
        httpx.AsyncClient(base_url=url, timeout=120) as reader,
    ):
        await reader.get("/login")
        posts = [
            asyncio.create_task(flood.post("/login", data={"username": f"nobody{n}", "password": "not a password"}))
            for n in range(FLOOD)
        ]
        took, before = [], 0
        for look in range(LOOKS):
            at = time.monotonic()
            answer = await reader.get("/health" if look % 2 else "/login/")
            assert answer.status_code == 200
            took.append(time.monotonic() - at)
            before += not all(post.done() for post in posts)
        statuses = Counter(answer.status_code for answer in await asyncio.gather(*posts))
        return statuses, took, before


@pytest.mark.attack
@pytest.mark.parametrize("away", [False, True], ids=["with Redis", "with a full Redis"])
def test_a_flood_of_sign_ins_holds_up_no_page(tmp_path: Path, away: bool, attack_figure: AttackFigure) -> None:
    server = Server(tmp_path)
    try:
        if away:  # it is there, and takes no writes
            with redis.Redis(unix_socket_path=str(server.data / "redis" / "redis.sock")) as client:
                client.config_set("maxmemory", "1")
                client.config_set("maxmemory-policy", "noeviction")
        statuses, took, before = asyncio.run(_flood(server.url))
    finally:
        server.stop()
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    name = f"9 {FLOOD} sign-ins at once, {'a full' if away else 'with'} Redis"
    held = statuses[429] > 0 and set(statuses) <= {303, 429}
    attack_figure(name, f"{statuses[429]} refused with 429", "more than none", held=held)
    attack_figure(name, f"{before} pages meanwhile", f"{LEAST}", held=before >= LEAST, clock=True)
    attack_figure(name, f"pages p95 {1000 * p95:.0f} ms", f"{1000 * BOUND:,.0f} ms", held=p95 < BOUND, clock=True)
