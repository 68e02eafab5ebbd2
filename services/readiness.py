"""Waiting at the start until everything that the services need answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from shared.config import SettingError
from shared.service.declaration import Service, Step

READY_SECONDS: Final = 60.0
READY_PAUSE: Final = 0.05


async def wait_until_ready(services: Iterable[Service]) -> None:
    """Raises SettingError with the name of the check that did not pass in time."""
    ends = asyncio.get_running_loop().time() + READY_SECONDS
    for service in services:
        for name, check in service.checks.items():
            await _pass(f"{service.name}.{name}", check, ends)


async def _pass(name: str, check: Step, ends: float) -> None:
    while True:
        try:
            return await check()
        except Exception as error:
            if asyncio.get_running_loop().time() > ends:
                late = f"{name} did not become ready within {READY_SECONDS:.0f} s; `tablee doctor` may say why"
                raise SettingError(late) from error
            await asyncio.sleep(READY_PAUSE)
