"""Ends a process that no longer gets on. pytest-timeout interrupts a test once; what hangs while it is cleared away after that would hang
for ever, and say nothing.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from typing import Final

EXIT_CODE: Final = 70
"""EX_SOFTWARE of sysexits.h."""


class Watchdog:
    """Between `feed` and `feed` no more than `seconds` may pass, or every thread's stack goes to `fd` and the process ends with EXIT_CODE.
    Nothing is watched before the first `feed` and after `rest`."""

    def __init__(self, seconds: float, fd: int) -> None:
        self._seconds, self._fd = seconds, fd
        self._changed = threading.Condition()
        self._until: float | None = None
        self._name = ""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def feed(self, name: str) -> None:
        """`name`: what is being done, to be told if it does not end."""
        with self._changed:
            self._until, self._name = time.monotonic() + self._seconds, name
            self._changed.notify()

    def rest(self) -> None:
        with self._changed:
            self._until = None
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while True:
                left = None if self._until is None else self._until - time.monotonic()
                if left is not None and left <= 0:
                    break
                self._changed.wait(left)
        os.write(self._fd, f"\n{self._name} has not ended after {self._seconds:.0f} s\n".encode())
        faulthandler.dump_traceback(self._fd)
        os._exit(EXIT_CODE)
