"""`python -m bench`: every measurement, one after the other, each bounded. `python -m bench quick` with smaller numbers; with names, those
alone: `python -m bench fanning votes`, `make bench ONLY=returning`. Each says its aim and whether it was reached."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench import (
    ask_latency,
    desk,
    door,
    fanning,
    fanout,
    mixture,
    pages,
    playback,
    recovery,
    returning,
    rush,
    similar,
    socketio,
    stillness,
    table,
    votes,
)


def _fanning(quick: bool) -> None:
    for clients, processes in ((500, 1), (500, 2)) if quick else fanning.SIZES:
        _show(fanning.report(asyncio.run(fanning.measure(clients, processes, *((5,) if quick else ())))))


def _votes(quick: bool) -> None:
    for bus in votes.BUSES:
        _show(votes.report(asyncio.run(votes.measure(bus, *((1000, 300) if quick else ())))))


def _mixture(quick: bool) -> None:
    for fault in ("none", "process") if quick else mixture.FAULTS:
        _show(mixture.report(asyncio.run(mixture.measure(fault, *((8.0, 100, 60) if quick else ())))))


PARTS: Final[Mapping[str, Callable[[bool], None]]] = {
    "fanout": lambda quick: _show(fanout.report(asyncio.run(fanout.measure(*((500, 5) if quick else ()))))),
    "fanning": _fanning,
    "socketio": lambda quick: _show(socketio.report(asyncio.run(socketio.measure(*((500, 5) if quick else ()))))),
    "returning": lambda quick: _show(returning.report(asyncio.run(returning.measure(*((500,) if quick else ()))))),
    "ask_latency": lambda quick: _show(ask_latency.report(asyncio.run(ask_latency.measure(*((100,) if quick else ()))))),
    "similar": lambda quick: _show(similar.report(similar.measure())),
    "votes": _votes,
    "mixture": _mixture,
    "rush": lambda quick: _show(rush.report(asyncio.run(rush.measure(*((400, 40) if quick else ()))))),
    "pages": lambda quick: _show(pages.report(asyncio.run(pages.measure()))),
    "stillness": lambda quick: _show(stillness.report(asyncio.run(stillness.measure()))),
    "desk": lambda quick: _show(desk.report(asyncio.run(desk.measure()))),
    "table": lambda quick: _show(table.report(asyncio.run(table.measure()))),
    "door": lambda quick: _show(door.report(asyncio.run(door.measure(*((30,) if quick else ()))))),
    "playback": lambda quick: _show(playback.report(asyncio.run(playback.measure(*((6,) if quick else ()))))),
    "recovery": lambda quick: asyncio.run(recovery.show(*((("frozen",), (8.0,)) if quick else ()))),
}


def _show(lines: Sequence[str]) -> None:
    print("\n".join(lines), flush=True)


def main(words: Sequence[str]) -> int:
    quick, names = "quick" in words, [word for word in words if word != "quick"]
    unknown = set(names) - PARTS.keys()
    if unknown:
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    for name in names or PARTS:
        print(f"— {name}: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; compare within one run", flush=True)
        PARTS[name](quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
