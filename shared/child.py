"""Child processes that die with us, also when we are killed and cannot end them ourselves."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def dies_with_us(by: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn`: the child gets the signal `by` when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG).

    None where the system is not Linux: there a killed parent leaves its children behind, and the next start has to end them.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the signal was armed

    return arm
