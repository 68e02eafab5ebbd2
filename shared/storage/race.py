"""A save that somebody else overtook is decided anew on the state that won: one helper for every use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from shared.errors import Unavailable
from shared.storage.port import Duplicate, StaleVersion

T = TypeVar("T")

MOST_TRIES: Final = 5
"""Attempts at a save that others keep overtaking."""


async def decided_anew(step: Callable[[], Awaitable[T]], *, busy: str) -> T:
    """`step` loads, decides and saves; it runs again from the start when its save came too late. Raises Unavailable(busy)."""
    for _ in range(MOST_TRIES):
        try:
            return await step()
        except (StaleVersion, Duplicate):
            continue
    raise Unavailable(busy)
