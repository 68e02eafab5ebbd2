"""How much each page moves by itself while it loads, at the width of a desk and of a phone: the sum of its layout shifts."""

from __future__ import annotations

import asyncio
from typing import Final

from bench.browsing import browsing, fresh
from tests.e2e.shifts import GOOD, SIZES, Shift, busy_session, shifts

WIDTHS: Final = tuple(width for width, _ in SIZES)


async def measure() -> dict[str, dict[int, Shift]]:
    running = fresh()
    async with browsing(running) as harness, busy_session(running, harness) as links:
        return await shifts(harness, links)


def report(found: dict[str, dict[int, Shift]]) -> list[str]:
    lines = [f"layout shift while loading, at {WIDTHS[0]} and {WIDTHS[1]} px (aim ≤ {GOOD})"]
    return lines + [f"  {name:<26}" + "".join(f"{sizes[width].score:7.3f}" for width in WIDTHS) for name, sizes in found.items()]


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure()))))
