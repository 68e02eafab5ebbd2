"""Prometheus metrics of one process. Names: `tablee_<service>_<thing>_<unit>`, labels with few values (never a person)."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Asking twice for the same name gives the same metric: services in one process share the common ones."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}

    def counter(self, name: str, help: str, labels: Sequence[str] = ()) -> Counter:
        if name not in self._counters:
            self._counters[name] = Counter(name, help, labels, registry=self.registry)
        return self._counters[name]

    def gauge(self, name: str, help: str, labels: Sequence[str] = ()) -> Gauge:
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, help, labels, registry=self.registry)
        return self._gauges[name]

    def histogram(
        self, name: str, help: str, labels: Sequence[str] = (), buckets: Sequence[float] = Histogram.DEFAULT_BUCKETS
    ) -> Histogram:
        if name not in self._histograms:
            self._histograms[name] = Histogram(name, help, labels, registry=self.registry, buckets=buckets)
        return self._histograms[name]

    def render(self) -> bytes:
        """Text exposition format 0.0.4."""
        return generate_latest(self.registry)
