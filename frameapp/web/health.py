"""``GET /health``: 200 while the database and Redis answer, 503 else, for health checks and load balancers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from frameapp.services import health
from frameapp.services.application import Application, application

CHECK_SECONDS = 3.0


async def show_health(_: Request) -> JSONResponse:
    """``{"status": "ok", "database": "ok", "redis": "ok"}``; a check that failed says ``failed``."""
    app = application()
    database, redis = await asyncio.gather(
        _within_seconds(health.database_answers, app), _within_seconds(health.redis_answers, app)
    )
    words = {True: "ok", False: "failed"}
    body = {"status": words[database and redis], "database": words[database], "redis": words[redis]}
    return JSONResponse(body, 200 if database and redis else 503, headers={"Cache-Control": "no-store"})


async def _within_seconds(check: Callable[[Application], bool], app: Application) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await asyncio.to_thread(check, app)
    except TimeoutError:
        return False


routes: list[BaseRoute] = [Route("/health", show_health)]
