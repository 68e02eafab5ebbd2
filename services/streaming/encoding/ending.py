"""How a process of ours is ended: asked, then made to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import Final

INTERRUPT_SECONDS: Final = 2.0
"""Between SIGINT and SIGKILL."""


async def end_process(process: asyncio.subprocess.Process) -> None:
    """Returns once the process, which leads its own group, has ended; at once where it has."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), INTERRUPT_SECONDS)
