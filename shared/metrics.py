"""Prometheus metrics of one process: its registry, and what a scraper reads.

Counters, gauges and histograms are prometheus_client's own, made by whoever counts, once per registry. Names:
`tablee_<service>_<thing>_<unit>`, labels with few values (never a person).
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def new_registry() -> CollectorRegistry:
    """An empty registry without the `_created` series, which would double the number of lines for nobody."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    return CollectorRegistry()


def render(registry: CollectorRegistry) -> bytes:
    """Text exposition format 0.0.4."""
    return generate_latest(registry)
