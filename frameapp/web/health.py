"""``GET /health``: 200 while database, Redis and storage answer, 503 else, for health checks and load balancers."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from frameapp.services import health
from frameapp.services.application import Application, application

CHECK_SECONDS = 3.0
# Threads of their own: pages that wait for one of them say nothing about the other.
_database = ThreadPoolExecutor(4, thread_name_prefix="health-database")
_redis = ThreadPoolExecutor(4, thread_name_prefix="health-redis")


async def show_health(_: Request) -> JSONResponse:
    """``{"status": "ok", "database": "ok", "redis": "ok", "storage": "ok"}``; a check that failed says ``failed``.

    The storage is asked by writing, every few seconds at most: its answer is that of the last time.
    """
    app = application()
    database, redis, storage = await asyncio.gather(
        _within_seconds(_asked(_database, health.database_answers, app)),
        _within_seconds(_asked(_redis, health.redis_answers, app)),
        _within_seconds(asyncio.shield(asyncio.wrap_future(app.storage_check.answer()))),
    )
    words = {True: "ok", False: "failed"}
    well = database and redis and storage
    body = {"status": words[well], "database": words[database], "redis": words[redis], "storage": words[storage]}
    return JSONResponse(body, 200 if well else 503, headers={"Cache-Control": "no-store"})


async def _asked(threads: ThreadPoolExecutor, check: Callable[[Application], bool], app: Application) -> bool:
    return await asyncio.get_running_loop().run_in_executor(threads, check, app)


async def _within_seconds(check: Awaitable[bool]) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check
    except TimeoutError:
        return False


routes: list[BaseRoute] = [Route("/health", show_health)]
