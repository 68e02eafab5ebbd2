"""What the judge of HLS says: a broken rule by its number, listed in `hls_validator`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TINY = 1e-6
"""Slack for comparing decimal texts as floats, in seconds."""


@dataclass(frozen=True)
class Violation:
    rule: int
    level: Literal["must", "should"]
    text: str

    def __str__(self) -> str:
        return f"rule {self.rule} ({self.level}): {self.text}"


def must(rule: int, text: str) -> Violation:
    return Violation(rule, "must", text)


def should(rule: int, text: str) -> Violation:
    return Violation(rule, "should", text)
