"""What people type, made fit to be kept and shown: one definition for names, questions, notes and the programme.

What is invisible and harmless goes without a word: it comes along with pasted text, and nobody could find it to remove it. What cannot
be mended is refused. Pure.

    removed   zero-width space, word joiner, BOM, soft hyphen and other format characters; blanks at the ends; marks of writing direction
              outside a text that is written from right to left, and always those that reorder what stands around them
    kept      zero-width joiner and non-joiner inside a word (they belong to Indic and Persian spelling, and to emoji)
    refused   control characters, lone surrogates: `Unmendable`
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"
_DIRECTION_MARKS: Final = "\u200e\u200f\u061c"
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_BREAKS: Final = re.compile(r"\r\n?|[\u0085\u2028\u2029\u000b\u000c]")
_MANY_LINES: Final = re.compile(r"\n{3,}")
_ALL_SHOWN: Final = re.compile(r"[\n -~]*")
"""Most texts: nothing to look at sign by sign."""
_LONE_JOINERS: Final = re.compile(rf"(?<!\S)[{_JOINERS}]+|[{_JOINERS}]+(?!\S)")
_REFUSED: Final = frozenset({"Cc", "Cs"})


class Unmendable(ValueError):
    """The text holds a character that no reader can show and that cannot simply go."""


def tidy(text: str) -> str:
    """`text` in one line, its blanks single, NFC. Raises Unmendable."""
    return unicodedata.normalize("NFC", " ".join(_visible(text).split()))


def tidy_lines(text: str) -> str:
    """`text` with its lines, at most one of them empty in a row, NFC. Raises Unmendable."""
    lines = "\n".join(line.strip() for line in _visible(text).split("\n"))
    return unicodedata.normalize("NFC", _MANY_LINES.sub("\n\n", lines).strip())


def _visible(text: str) -> str:
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    if _ALL_SHOWN.fullmatch(text):
        return text
    turned = any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text if sign.isalpha())
    keep = _JOINERS + (_DIRECTION_MARKS if turned else "")
    found = []
    for sign in text:
        category = unicodedata.category(sign)
        if category in _REFUSED and sign != "\n":
            raise Unmendable
        if category != "Cf" or sign in keep:
            found.append(sign)
    return _LONE_JOINERS.sub("", "".join(found))
