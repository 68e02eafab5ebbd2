"""Which way a language is written. Pure."""

from __future__ import annotations

from typing import Final, Literal

Direction = Literal["ltr", "rtl"]

RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "arc", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "khw",
     "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"}
)  # fmt: skip
"""Languages commonly written from right to left (Unicode CLDR, character order)."""
RIGHT_TO_LEFT_SCRIPTS: Final = frozenset(["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"])
SCRIPT_LETTERS: Final = 4


def direction(language: str) -> Direction:
    """By the script that a language tag names (`ku-Latn`), else by the language (BCP 47)."""
    first, *rest = language.casefold().split("-")
    script = next((part for part in rest if len(part) == SCRIPT_LETTERS and part.isalpha()), None)
    if script is not None:
        return "rtl" if script in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in RIGHT_TO_LEFT else "ltr"
