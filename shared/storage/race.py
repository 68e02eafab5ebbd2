"""A save that somebody else overtook is decided anew on the state that won: one place for every use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from shared.errors import Conflict, Unavailable
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


async def moved_on(held: T, move: Callable[[T], Awaitable[T]], newest: Callable[[], Awaitable[T | None]], *, stale: str) -> T:
    """`move` decides on what is held, saves that and gives what is held then; when its save came too late, it runs again on the `newest`.
    What is gone meanwhile stays as it was held. Raises Conflict(stale) when others were faster each time."""
    for _ in range(MOST_TRIES):
        try:
            return await move(held)
        except StaleVersion:
            known = await newest()
            if known is None:
                return held
            held = known
    raise Conflict(stale)
