"""Processes as the kernel shows them (proc(5)), for tests that nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

LOOK_SECONDS: Final = 0.02
ENDS_SECONDS: Final = 15.0


def children(pid: int) -> list[int]:
    """Process ids of the children of `pid`, whichever of its threads started them."""
    found: list[int] = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with suppress(FileNotFoundError):  # the thread has just ended, and its children are another's
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


async def ends(pids: Iterable[int], seconds: float = ENDS_SECONDS) -> None:
    """Until none of them runs any more. Looks again and again: a process that is no child of ours tells nobody that it ends."""
    until = time.monotonic() + seconds
    for pid in pids:
        while alive(pid):
            assert time.monotonic() < until, f"process {pid} still runs"
            await asyncio.sleep(LOOK_SECONDS)
