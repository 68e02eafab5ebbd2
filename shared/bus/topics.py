"""Topic patterns of AMQP 0-9-1: words split by dots, `*` matches one word, `#` for none or more."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def matches(pattern: str, topic: str) -> bool:
    """Whether `topic` is caught by `pattern` (AMQP 0-9-1, section 3.1.3.3): `a.#` matches `a`, `*` never matches nothing."""
    words = topic.split(".")
    # reachable[i]: the pattern so far can have consumed exactly i words
    reachable = [True] + [False] * len(words)
    for part in pattern.split("."):
        if part == "#":
            first = reachable.index(True) if True in reachable else len(reachable)
            reachable = [i >= first for i in range(len(reachable))]
        else:
            reachable = [False] + [reachable[i] and (part == "*" or part == word) for i, word in enumerate(words)]
    return reachable[-1]
