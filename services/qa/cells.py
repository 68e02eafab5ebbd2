"""Texts of people in tables for spreadsheets: never a formula. Pure."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets would take for a formula when a cell begins so (OWASP, CSV Injection)."""


def plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
