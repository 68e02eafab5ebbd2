"""Which questions ask nearly the same as a text: by the stems of their words, in French and English, whatever the accents and small slips.

A word is known by its stems in each language, so that nobody has to say in which language they write. A rare word says more than one that
half of the questions have. Pure: which questions belong to whom is said by whoever fills the index; one index never mixes two audiences,
for how rare a word is would tell the one of the other.
"""

from __future__ import annotations

import heapq
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

ALIKE: Final = 0.5
"""From this score on a question is nearly the same."""
MOST_WORDS: Final = 60
"""Of a text; what is longer is compared by its beginning."""
MOST_STEMS: Final = 20_000
"""Words whose stems are remembered."""
MOST_MISSPELT: Final = 12
"""Words of a text that are looked for among those that are spelt nearly so."""
MOST_COMPARED: Final = 50
"""Questions that are weighed in full: those that have most of the text. One word in common is a subject, not a question."""

_STEMMERS: Final = tuple(snowballstemmer.stemmer(language) for language in ("french", "english"))
_WORD: Final = re.compile(r"\w+")
_JOINED: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_LITTLE_WORDS: Final = (
    "ai as au aux avec avez avons ca ce ces cet cette comme comment dans de des donc du elle elles en est et etc etre eu faire fait "
    "faut il ils je la le les leur leurs lui ma mais me mes moi mon ne nos notre nous on ont or ou par pas peut peuvent plus pour "
    "pourquoi qu quand que quel quelle quelles quels qui quoi sa sans se sera seront ses si son sont sur ta te tes toi ton tu un une va "
    "vers vont vos votre vous vraiment y bonjour merci a about an and any are at be been but by can could did do does for from had has "
    "have he her his how i if in into is it its may me more my no not of our please s she should so some t than that the their them "
    "then there these they this those to was we were what when where which who why will with would you your hello thanks "
)
_LITTLE: Final = frozenset(_LITTLE_WORDS.split())
"""Words that questions of any subject have."""

Stems = frozenset[str]


@lru_cache(maxsize=MOST_STEMS)
def stems_of(word: str) -> Stems:
    """Of one folded word, one of each language. Stemmed twice, for without its accents a word does not lose all of its ending at once."""
    return frozenset(stemmer.stemWord(stemmer.stemWord(word)) for stemmer in _STEMMERS)


def words_of(text: str) -> tuple[Stems, ...]:
    """The words that say what a text is about, each once."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_JOINED))
    folded = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = (word for word in _WORD.findall(folded) if word not in _LITTLE and (len(word) > 1 or not word.isascii()))
    return tuple(dict.fromkeys(stems_of(word) for word in words))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Alike:
    """`score`: from ALIKE to 1, which is the same words."""

    id: str
    score: float


class LikenessIndex:
    """The questions that one audience of one session sees. As large as the session may be (domain.MOST_PER_SESSION)."""

    def __init__(self) -> None:
        self._words: dict[str, tuple[Stems, ...]] = {}
        self._where: dict[str, set[str]] = defaultdict(set)
        """Stem → the questions that have it."""
        self._by_length: dict[int, dict[str, None]] = defaultdict(dict)
        """Length → the stems that are so long."""

    def __contains__(self, id: str) -> bool:
        return id in self._words

    def put(self, id: str, text: str) -> None:
        self.drop(id)
        self._words[id] = words = words_of(text)
        for stem in frozenset[str]().union(*words):
            self._where[stem].add(id)
            self._by_length[len(stem)][stem] = None

    def drop(self, id: str) -> None:
        for stem in frozenset[str]().union(*self._words.pop(id, ())):
            self._where[stem].discard(id)
            if not self._where[stem]:
                del self._where[stem], self._by_length[len(stem)][stem]

    def alike(self, text: str, most: int) -> list[Alike]:
        """The best first, `most` at most."""
        words, weights = words_of(text), _Weights(self._where, len(self._words))
        shared, hits = self._shared(words, weights)
        whole = sum(map(weights.of, words))
        scored = (
            Alike(id, _ratio(shared[id], whole, sum(map(weights.of, self._words[id]))))
            for id in heapq.nlargest(MOST_COMPARED, shared, key=lambda id: (shared[id], id))
            if hits[id] > 1 or max(len(words), len(self._words[id])) == 1
        )  # fmt: skip
        return heapq.nsmallest(most, (one for one in scored if one.score >= ALIKE), key=lambda one: (-one.score, one.id))

    def _shared(self, words: tuple[Stems, ...], weights: _Weights) -> tuple[dict[str, float], dict[str, int]]:
        """Question → the weight of the words of the text that it has, less for those spelt only nearly so, and how many they are."""
        shared: dict[str, float] = defaultdict(float)
        hits: dict[str, int] = defaultdict(int)
        misspelt = 0
        for word in words:
            nearness, near = 1.0, {stem for stem in word if stem in self._where}
            if not near and misspelt < MOST_MISSPELT:
                misspelt += 1
                nearness, near = self._near(word)
            value = weights.of(word) * nearness
            for id in set[str]().union(*(self._where[stem] for stem in near)):
                shared[id] += value
                hits[id] += 1
        return shared, hits

    def _near(self, word: Stems) -> tuple[float, set[str]]:
        """The nearest stems that are a slip away, and how near: one sign for four to seven, two for more (optimal string alignment)."""
        found: list[tuple[float, str]] = []
        for stem in word:
            slips = 0 if len(stem) < 4 else 1 if len(stem) < 8 else 2
            for length in range(len(stem) - slips, len(stem) + slips + 1) if slips else ():
                some = process.extract(stem, self._by_length.get(length, {}).keys(), scorer=OSA.distance, score_cutoff=slips, limit=3)
                found += [(1 - distance / (len(stem) + 1), other) for other, distance, _ in some]
        nearness = max((how for how, _ in found), default=0.0)
        return nearness, {stem for how, stem in found if how == nearness}


class _Weights:
    """How much a word says: the more, the fewer questions have it."""

    def __init__(self, where: Mapping[str, set[str]], questions: int) -> None:
        self._where, self._questions = where, questions
        self._known: dict[Stems, float] = {}

    def of(self, word: Stems) -> float:
        weight = self._known.get(word)
        if weight is None:
            often = max(len(self._where.get(stem, ())) for stem in word)
            self._known[word] = weight = math.log1p(self._questions / max(1, often))
        return weight


def _ratio(shared: float, text: float, theirs: float) -> float:
    """Tversky's: what only the text has counts more than what only the question has, for the text is still being written."""
    return round(shared / (shared + 0.7 * max(0.0, text - shared) + 0.3 * max(0.0, theirs - shared)), 3)
