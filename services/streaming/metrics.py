"""Prometheus metrics of the streaming service, brought up to date once a second."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.streaming.api import StreamingApi
from services.streaming.app import Streaming
from services.streaming.lineup import Live

PERIOD_SECONDS: Final = 1.0


class StreamingMetrics:
    def __init__(self, metrics: CollectorRegistry, app: Streaming, api: StreamingApi) -> None:
        self._app, self._api = app, api
        stage = ("stage",)
        self._parts = Counter("tablee_streaming_parts_total", "Parts made", ("stage", "rendition"), registry=metrics)
        self._restarts = Counter(
            "tablee_streaming_encoder_ends_total", "Encoders that failed and were started again", stage, registry=metrics
        )
        self._slates = Counter("tablee_streaming_slates_total", "Times the slate stood in for a source", stage, registry=metrics)
        self._blocked = Counter("tablee_streaming_blocked_requests_total", "Requests that waited for a part", registry=metrics)
        self._age = Gauge("tablee_streaming_last_part_age_seconds", "Age of the newest part", stage, registry=metrics)
        self._waiting = Gauge("tablee_streaming_waiting_requests", "Requests that wait for a part now", stage, registry=metrics)
        self._viewers = Gauge("tablee_streaming_viewers", "Viewers, counted from their requests", stage, registry=metrics)
        self._speed = Gauge("tablee_streaming_encoder_speed_ratio", "1 where the encoder keeps up", stage, registry=metrics)
        self._failures = Counter(
            "tablee_streaming_stage_failures_total", "Loops of a stage that failed and were started again", stage, registry=metrics
        )
        self._refused = Counter("tablee_streaming_refusals_total", "Encoders that were turned away", ("reason",), registry=metrics)
        self._before: dict[tuple[str, ...], int] = {}
        self._renditions: dict[str, set[str]] = {}
        """Stage → its renditions, as far as they were measured."""

    async def run(self) -> None:
        """For ever."""
        while True:
            self.update()
            await asyncio.sleep(PERIOD_SECONDS)

    def update(self) -> None:
        self._blocked.inc(self._more(("blocked",), self._api.delivery.blocked))
        for reason, count in self._app.refusals.counts.items():
            self._refused.labels(reason.rpartition(".")[2]).inc(self._more(("refused", reason), count))
        stages = self._app.lineup.all()
        for live in stages:
            self._measure(live)
        for id in self._renditions.keys() - {live.stage.id for live in stages}:
            self._forget(id)

    def _measure(self, live: Live) -> None:
        id, status = live.stage.id, live.source.status()
        for rendition in status["renditions"]:
            made = self._more(("parts", id, rendition["name"]), rendition["parts"])
            self._parts.labels(id, rendition["name"]).inc(made)
            self._renditions.setdefault(id, set()).add(rendition["name"])
        self._restarts.labels(id).inc(self._more(("restarts", id), status["restarts"]))
        self._failures.labels(id).inc(self._more(("failures", id), self._app.lineup.failures[id]))
        self._slates.labels(id).inc(self._more(("slates", id), status["slates"]))
        self._age.labels(id).set(status["last_part_age"])
        self._waiting.labels(id).set(status["waiting"])
        self._viewers.labels(id).set(self._api.viewers.count(id, time.monotonic()))
        self._speed.labels(id).set(status["speed"])

    def _forget(self, id: str) -> None:
        """A stage that is none any more has no figures; should it come back, its counts begin at nothing."""
        for rendition in self._renditions.pop(id):
            self._parts.remove(id, rendition)
        for metric in (self._restarts, self._failures, self._slates, self._age, self._waiting, self._viewers, self._speed):
            metric.remove(id)
        self._before = {name: count for name, count in self._before.items() if name[1:2] != (id,) or name[0] == "refused"}
        self._api.viewers.forget(id)

    def _more(self, name: tuple[str, ...], count: int) -> int:
        """How much a count has grown since it was last asked for."""
        grown = count - self._before.get(name, 0)
        self._before[name] = count
        return max(0, grown)
