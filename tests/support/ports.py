"""Free ports that no other worker, and no other test run on this machine, takes in the meantime."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import Final

FIRST, LAST = 15_000, 31_000
"""Below the ports that Linux gives to outgoing connections (32768 and up)."""
LOCKS: Final = Path(tempfile.gettempdir()) / f"tablee-test-ports-{os.getuid()}"
_held: Final[list[int]] = []


def free_port() -> int:
    """Nobody listens on it, and until this process ends nobody else is given it."""
    LOCKS.mkdir(exist_ok=True)
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(FIRST, LAST)
        lock = os.open(LOCKS / str(port), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            os.close(lock)
            continue
        _held.append(lock)
        return port
