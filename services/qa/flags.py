"""What marks a question for moderators: words of a list, links, the same words as an earlier one. Pure, linear in the length of the text.

Words are compared whole, without case and accents; an entry of a list may be a few words in a row. What must not be here: which
question belongs to whom, what becomes of a marked one (nothing: it waits as any other).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from shared.errors import Invalid
from shared.events.vocabulary import FlagKind
from shared.text import Unmendable, tidy

LANGUAGES: Final = ("fr", "en")
"""Of the lists; each is looked for in every question, for people write in both."""
MOST_ENTRIES: Final = 500
"""Of one list."""
MOST_ENTRY_LENGTH: Final = 60
MOST_IN_A_ROW: Final = 4
"""Words of one entry."""
MOST_TOLD: Final = 5
"""Words of a list that are told of one question."""

_WORD: Final = re.compile(r"\w+")
_JOINED: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_LINK: Final = re.compile(
    r"https?://|\bwww\.\w|\b[\w-]{1,63}\.(?:com|fr|net|org|eu|io|info|biz|me|tv|app|dev|shop|xyz|ru|cn|de|uk|be|ch|ca|ly|gg)\b(?!\.\w)",
    re.IGNORECASE,
)

Entry = tuple[str, ...]
"""The folded words of an entry."""
Flags = tuple[tuple[FlagKind, tuple[str, ...]], ...]
"""(kind, the words it is for), at most one of each kind."""


def folded(text: str) -> Entry:
    """The words of a text, without case and accents, as compared."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_JOINED))
    return tuple(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


class WordList:
    """The words of all lists, ready to be looked for."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._entries: Mapping[Entry, str] = {entry: word for word in words if (entry := folded(word))}
        self._longest = max(map(len, self._entries), default=0)

    def found(self, words: Entry) -> tuple[str, ...]:
        """Those that a text has, as they are in the list, each once."""
        found: dict[str, None] = {}
        for at in range(len(words)):
            for length in range(1, min(self._longest, len(words) - at) + 1):
                word = self._entries.get(words[at : at + length])
                if word is not None:
                    found[word] = None
        return tuple(found)[:MOST_TOLD]


def flags_of(text: str, words: Entry, listed: WordList, *, repeated: bool) -> Flags:
    """`words`: those of the text, folded; `repeated`: an earlier question has the same."""
    insults = listed.found(words)
    marks: list[tuple[FlagKind, tuple[str, ...]]] = []
    if insults:
        marks.append(("word", insults))
    if _LINK.search(text):
        marks.append(("link", ()))
    if repeated:
        marks.append(("repeated", ()))
    return tuple(marks)


def clean_lists(lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """As they are kept: tidy, each entry once. Raises Invalid."""
    return {language: _clean(language, lists.get(language, ())) for language in LANGUAGES}


def _clean(language: str, words: Sequence[str]) -> tuple[str, ...]:
    if len(words) > MOST_ENTRIES:
        raise Invalid.about(language, "qa.flags_many", most=MOST_ENTRIES)
    kept: dict[Entry, str] = {}
    for word in words:
        try:
            entry = tidy(word)
        except Unmendable:
            raise Invalid.about(language, "qa.text_control") from None
        key = folded(entry)
        if len(entry) > MOST_ENTRY_LENGTH or len(key) > MOST_IN_A_ROW:
            raise Invalid.about(language, "qa.flag_long", most=MOST_ENTRY_LENGTH, words=MOST_IN_A_ROW)
        if key:
            kept.setdefault(key, entry)
    return tuple(kept.values())
