"""What runs here: each `tablee serve` leaves its addresses in VAR/run while it runs, so that other commands speak of the same platform.

The file is locked (flock) by the process that wrote it: a lock that can be taken means that nobody is behind the file any more, however
it ended. It holds addresses only, nothing secret.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

from shared.config import Settings

FOLDER: Final = "run"
ADDRESSES: Final = ("host", "port", "public_url", "feed_port", "feed_url", "rtmp_port", "rtmp_public_host")
"""The settings that other commands take over from what runs, unless they were given others."""


class RunFile:
    """`VAR/run/<services>.json` of one process; `write` once the platform is ready, `remove` when it stops."""

    def __init__(self, settings: Settings, names: Sequence[str]) -> None:
        self._path = settings.var / FOLDER / f"{'+'.join(names)}.json"
        self._content = {
            "pid": os.getpid(),
            "services": list(names),
            "addresses": {name: getattr(settings, name) for name in ADDRESSES},
        }
        self._lock: IO[str] | None = None

    def write(self) -> None:
        """Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._path.open("a+", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lock.truncate(0)
        self._lock.write(json.dumps(self._content))
        self._lock.flush()

    def remove(self) -> None:
        if self._lock is not None:
            self._path.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def as_it_runs(settings: Settings) -> Settings:
    """`settings` with the addresses of the registration service that runs on the same folder, where they were left at their defaults."""
    found: dict[str, Any] = next((run["addresses"] for run in _runs(settings.var / FOLDER) if "registration" in run["services"]), {})
    plain = Settings()
    taken = {name: found[name] for name in ADDRESSES if name in found and getattr(settings, name) == getattr(plain, name)}
    return replace(settings, **taken)


def _runs(folder: Path) -> list[dict[str, Any]]:
    return [run for path in sorted(folder.glob("*.json")) if (run := _read(path)) is not None]


def _read(path: Path) -> dict[str, Any] | None:
    """None when nobody holds the file any more."""
    try:
        with path.open("r", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                found: dict[str, Any] = json.load(file)
                return found
    except (OSError, ValueError):
        pass
    return None
