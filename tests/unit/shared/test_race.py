"""A save that somebody else overtook is decided anew on what won, and not for ever."""

from __future__ import annotations

import pytest

from shared.errors import Conflict
from shared.storage.port import StaleVersion
from shared.storage.race import MOST_TRIES, moved_on


class Shelf:
    """One number; `faster`: how many saves others overtake, each adding ten."""

    def __init__(self, faster: int) -> None:
        self.held: int | None = 1
        self.faster, self.tries = faster, 0

    async def move(self, known: int) -> int:
        self.tries += 1
        if self.tries <= self.faster:
            if self.held is not None:
                self.held += 10
            raise StaleVersion
        self.held = known + 1
        return self.held

    async def newest(self) -> int | None:
        return self.held


async def test_a_late_save_is_decided_anew_on_what_won() -> None:
    shelf = Shelf(faster=2)
    assert await moved_on(1, shelf.move, shelf.newest, stale="late") == 22
    assert (shelf.held, shelf.tries) == (22, 3)


async def test_what_is_gone_meanwhile_stays_as_it_was_held() -> None:
    shelf = Shelf(faster=1)
    shelf.held = None
    assert await moved_on(1, shelf.move, shelf.newest, stale="late") == 1
    assert shelf.tries == 1


async def test_others_that_are_always_faster_are_a_conflict() -> None:
    shelf = Shelf(faster=MOST_TRIES)
    with pytest.raises(Conflict) as refused:
        await moved_on(1, shelf.move, shelf.newest, stale="late")
    assert (refused.value.code, shelf.tries) == ("late", MOST_TRIES)
