"""Connections that leave before they become clients: nobody's error. Counted, and one line now and then."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

log = logging.getLogger("tablee.qa.feed")

LOG_EVERY_SECONDS: Final = 10.0
"""At most one line in this time, with the number of connections it stands for."""


class EarlyLeavers:
    def __init__(self, count: Callable[[], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._count, self._now = count, monotonic
        self._since, self._logged_at = 0, -LOG_EVERY_SECONDS

    def note(self) -> None:
        self._count()
        self._since += 1
        now = self._now()
        if now - self._logged_at < LOG_EVERY_SECONDS:
            return
        log.info("connections ended before their welcome", extra={"connections": self._since})
        self._since, self._logged_at = 0, now
