"""Places in an order that several people change at once: texts that sort, so that a new place between two others touches neither. Pure.

A key is a fraction written in 62 digits; between two fractions there is always another one (as in Figma's and Jira's ordered lists).
"""

from __future__ import annotations

import hashlib
import string
from typing import Final

DIGITS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
"""In the order of their code points, which is how texts compare."""
MOST_KEY: Final = 200
"""Characters: a thousand insertions at the very same place."""


def between(before: str, after: str, owner: str) -> str:
    """A key after `before` and before `after` ("" for either end). `owner` makes the keys differ that two people make for the same place
    at once. Raises ValueError unless before < after."""
    if after and before >= after:
        raise ValueError("there is nothing between")
    return _middle(before, after) + _mark(owner)


def _middle(before: str, after: str) -> str:
    """Never the beginning of `after`, so that whatever is written behind it stays before `after`."""
    low = DIGITS.index(before[0]) if before else 0
    high = DIGITS.index(after[0]) if after else len(DIGITS)
    if low == high:
        return DIGITS[low] + _middle(before[1:], after[1:])
    if high - low > 1:
        return DIGITS[(low + high) // 2]
    return DIGITS[low] + _middle(before[1:], "")


def _mark(owner: str) -> str:
    """Ends in no zero: a fraction that ends in one has nothing before it."""
    number = int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4], "big")
    base = len(DIGITS)
    return DIGITS[number % base] + DIGITS[1 + number // base % (base - 1)]
