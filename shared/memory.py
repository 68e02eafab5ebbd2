"""How often Python looks for objects that refer to each other in circles and that nobody else refers to.

By its own measure it looks after each 700 new objects, and at all there are whenever a quarter more have come. A session of 2,000 questions
is some hundred thousand objects that stay: looking at them again and again took a tenth of the time in which people ask, in pauses that
everybody felt. What is freed without looking, which is nearly everything, is freed as soon as ever.
"""

from __future__ import annotations

import gc
from typing import Final

NEW_OBJECTS: Final = 10_000
"""Before those that came since are looked at; a request or an event makes some hundreds and leaves none of them in a circle."""
YOUNG_LOOKS: Final = 20
MIDDLE_LOOKS: Final = 10
"""After so many looks the objects that outlived one, and those that outlived two."""


def settle() -> None:
    """Once, when a process has started: what is there by now (modules, routes, what the store held) stays and is looked at no more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_LOOKS, MIDDLE_LOOKS)
