"""What a figure is measured against, in one way everywhere."""

from __future__ import annotations


def aim(words: str, reached: bool) -> str:
    """`words` like "≤ 1.1"."""
    return f"(aim {words}: {'reached' if reached else 'NOT reached'})"
