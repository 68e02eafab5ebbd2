"""Rate limits: a fixed allowance per endpoint and caller, refilled steadily (a token bucket). Memory of one process, bounded.

Of a service that runs as several processes each gives its share of an allowance, so that a caller who goes to all of them has it once.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from aiohttp import web

from shared.errors import TooMany
from shared.service.route import RateLimit
from shared.token_bucket import TokenBucket

MOST_CALLERS: Final = 50_000
"""Callers remembered at once; the longest silent are forgotten first."""
PREFIX_BITS: Final = 64
"""Bits of an IPv6 address that its owner chooses freely."""


class Limiter:
    def __init__(self, monotonic: Callable[[], float], most: int = MOST_CALLERS) -> None:
        self._now = monotonic
        self._most = most
        self._buckets: OrderedDict[tuple[str, str], TokenBucket] = OrderedDict()

    def take(self, operation: str, caller: str, limit: RateLimit, processes: int = 1) -> None:
        """`processes`: among how many the allowance is shared. Raises TooMany("request.too_many") with the seconds to wait."""
        now, most = self._now(), math.ceil(limit.times / processes)
        bucket = self._buckets.pop((operation, caller), None) or TokenBucket(most, now)
        wait = bucket.take(now, rate=limit.times / limit.seconds / processes, most=most)
        self._buckets[operation, caller] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if wait:
            raise TooMany("request.too_many", params={"seconds": math.ceil(wait)}, retry_after=round(wait, 1))

    def give_back(self, operation: str, caller: str, limit: RateLimit) -> None:
        """What was taken last does not count: for limits that only failures use up."""
        bucket = self._buckets.get((operation, caller))
        if bucket is not None:
            bucket.give_back(most=limit.times)


def caller_of(address: str) -> str:
    """What one allowance is for: an IPv4 address, or the /64 that an IPv6 line is given whole (RFC 6177); IPv4-mapped counts as IPv4."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found) >> PREFIX_BITS << PREFIX_BITS, 128 - PREFIX_BITS)))


def client_address(request: web.Request, trusted_proxies: int) -> str:
    """The caller's address. With n trusted proxies it is the n-th X-Forwarded-For entry from the right: those left of it can be forged."""
    peer = request.remote or "unknown"
    if not trusted_proxies:
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-trusted_proxies] if len(hops) >= trusted_proxies else peer
