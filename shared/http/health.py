"""/live answers while the process runs, /ready when its dependencies answer real pings, /metrics what Prometheus reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry

from shared.metrics import CONTENT_TYPE, render

log = logging.getLogger("tablee.health")
CHECK_SECONDS: Final = 3.0

Check = Callable[[], Awaitable[None]]


def mount(app: web.Application, checks: Mapping[str, Check], ready: Callable[[], bool], metrics: CollectorRegistry) -> None:
    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "live"}, headers={"Cache-Control": "no-store"})

    async def readiness(_: web.Request) -> web.Response:
        results = await asyncio.gather(*(_run(name, check) for name, check in checks.items()))
        answers = dict(zip(checks, results, strict=True))
        answers["accepting"] = ready()
        good = all(answers.values())
        body = {"status": "ready" if good else "not_ready", "checks": answers}
        return web.json_response(body, status=200 if good else 503, headers={"Cache-Control": "no-store"})

    async def exposition(_: web.Request) -> web.Response:
        return web.Response(body=render(metrics), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    app.router.add_get("/live", live)
    app.router.add_get("/ready", readiness)
    app.router.add_get("/metrics", exposition)


async def _run(name: str, check: Check) -> bool:
    try:
        await asyncio.wait_for(check(), CHECK_SECONDS)
    except Exception as error:
        log.warning("check failed", extra={"check": name, "error": type(error).__name__})
        return False
    return True
