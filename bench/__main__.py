"""`python -m bench`: every measurement, one after the other, each bounded. `python -m bench quick` with smaller numbers."""

from __future__ import annotations

import asyncio
import os
import sys

from bench import ask_latency, desk, door, fanout, pages, playback, recovery, rush, similar, stillness, votes


def main() -> int:
    quick = sys.argv[1:2] == ["quick"]
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}: the ratio compares within one run, seconds depend on the machine")
    print("\n".join(fanout.report(asyncio.run(fanout.measure(*((500, 5) if quick else ()))))), flush=True)
    print("\n".join(ask_latency.report(asyncio.run(ask_latency.measure(*((100,) if quick else ()))))))
    print("\n".join(similar.report(similar.measure())), flush=True)
    for bus in votes.BUSES:
        print("\n".join(votes.report(asyncio.run(votes.measure(bus, *((1000, 300) if quick else ()))))), flush=True)
    print("\n".join(rush.report(asyncio.run(rush.measure(*((400, 40) if quick else ()))))), flush=True)
    print("\n".join(pages.report(asyncio.run(pages.measure()))), flush=True)
    print("\n".join(stillness.report(asyncio.run(stillness.measure()))), flush=True)
    print("\n".join(desk.report(asyncio.run(desk.measure()))), flush=True)
    print("\n".join(door.report(asyncio.run(door.measure(*((30,) if quick else ()))))), flush=True)
    print("\n".join(playback.report(asyncio.run(playback.measure(*((6,) if quick else ()))))), flush=True)
    asyncio.run(recovery.show(*((("frozen",), (8.0,)) if quick else ())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
