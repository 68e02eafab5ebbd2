"""How the texts of a programme are set, by their language: which way they run, and what parts a label from its title."""

from __future__ import annotations

from typing import Final, Literal

from services.registration.programme.format.model import Programme, Session

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


QUOTES: Final = {
    "fr": ("«\u00a0", "\u00a0»"), "en": ("“", "”"), "de": ("„", "“"), "es": ("«", "»"), "it": ("«", "»"), "pt": ("“", "”"),
    "ca": ("«", "»"), "gl": ("«", "»"), "eu": ("«", "»"), "el": ("«", "»"), "ru": ("«", "»"), "uk": ("«", "»"), "nl": ("‘", "’"),
    "pl": ("„", "”"), "cs": ("„", "“"), "sk": ("„", "“"), "hu": ("„", "”"), "ro": ("„", "”"), "bg": ("„", "“"), "hr": ("„", "“"),
    "da": ("“", "”"), "sv": ("”", "”"), "fi": ("”", "”"), "nb": ("«", "»"), "nn": ("«", "»"), "no": ("«", "»"), "tr": ("“", "”"),
    "ar": ("”", "“"), "fa": ("«", "»"), "he": ("”", "”"), "ja": ("「", "」"), "zh": ("“", "”"), "ko": ("“", "”"), "vi": ("“", "”"),
}  # fmt: skip
"""Opening and closing quotation marks by language (Unicode CLDR, delimiters); a language that is not here gets none."""
MARKS: Final = frozenset('«»‹›“”„‟‘’‚"「」『』')


def quotation_marks(language: str, text: str = "") -> tuple[str, str]:
    """Those to set around `text`: none where it has its own."""
    if text and (text[0] in MARKS or text[-1] in MARKS - {"’"}):
        return "", ""
    return QUOTES.get(language.casefold().partition("-")[0], ("", ""))


def language_of(programme: Programme, session: Session) -> str:
    return session.language or programme.language


def named(programme: Programme, session: Session) -> str:
    """`Table ronde 1 : …`; French sets a blank before the colon, other languages do not."""
    if not session.label:
        return session.title
    return f"{session.label}{colon(language_of(programme, session))}{session.title}"


def colon(language: str) -> str:
    return " : " if language.partition("-")[0] == "fr" else ": "
