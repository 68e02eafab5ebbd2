"""What people write, in its normal form and within its bounds. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from shared.errors import Invalid
from shared.text import Unmendable, tidy_lines

MOST_CHARACTERS: Final = 500
MOST_NOTE_CHARACTERS: Final = 300
MOST_LABEL_CHARACTERS: Final = 80
"""Of a theme, and of whoever promised an answer."""


def clean_text(text: str) -> str:
    """Tidy, 1 to 500 characters. Raises Invalid."""
    words = _tidy(text, "text")
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in words):
        raise Invalid.about("text", "qa.text_empty")
    if len(words) > MOST_CHARACTERS:
        raise Invalid.about("text", "qa.text_too_long", most=MOST_CHARACTERS, length=len(words))
    return words


def clean_note(note: str) -> str:
    """As `clean_text`, may be empty, 300 characters at most. Raises Invalid."""
    words = _tidy(note, "note")
    if len(words) > MOST_NOTE_CHARACTERS:
        raise Invalid.about("note", "qa.note_too_long", most=MOST_NOTE_CHARACTERS, length=len(words))
    return words


def clean_label(label: str, field: str) -> str:
    """One line, may be empty, 80 characters at most. Raises Invalid."""
    words = " ".join(_tidy(label, field).split())
    if len(words) > MOST_LABEL_CHARACTERS:
        raise Invalid.about(field, "qa.label_too_long", most=MOST_LABEL_CHARACTERS, length=len(words))
    return words


def _tidy(text: str, field: str) -> str:
    try:
        return tidy_lines(text)
    except Unmendable:
        raise Invalid.about(field, "qa.text_control") from None
