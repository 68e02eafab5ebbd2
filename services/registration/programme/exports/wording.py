"""How the texts of a programme are set, by their language: which way they run, and what parts a label from its title."""

from __future__ import annotations

from typing import Final

from services.registration.programme.format.model import Programme, Session
from shared.writing import direction as direction

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
