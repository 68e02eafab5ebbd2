"""How long it takes to find the questions that ask nearly the same, among as many as one session takes."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass
from typing import Final

from services.qa.domain import MOST_PER_SESSION
from services.qa.similar import LikenessIndex

AIM_MS: Final = 20.0
TEXTS: Final = 200
VOCABULARY: Final = 6000
SYLLABLES: Final = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "cho",
    "fla",
    "gra",
    "pri",
    "tre",
    "ment",
    "tion",
)


@dataclass(frozen=True)
class Finding:
    """Of the processor: `spent` ms for each text, `filled` s for the whole index; `found`: texts whose question came first."""

    spent: list[float]
    filled: float
    found: int


def measure(count: int = MOST_PER_SESSION, texts: int = TEXTS) -> Finding:
    """Questions of 8 to 40 words, a few of them common; each text is one of them with two words misspelt."""
    dice = random.Random(7)
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(VOCABULARY)]
    commonness = [1 / (place + 1) for place in range(VOCABULARY)]
    questions = [dice.choices(words, commonness, k=dice.randint(8, 40)) for _ in range(count)]
    index, began = LikenessIndex(), time.thread_time()
    for place, question in enumerate(questions):
        index.put(str(place), " ".join(question))
    filled = time.thread_time() - began
    asked = dice.sample(range(count), texts)
    spent, found = [], 0
    for place in asked:
        text = " ".join([word[:-2] + "xx" for word in questions[place][:2]] + questions[place][2:])
        began = time.thread_time()
        alike = index.alike(text, 5)
        spent.append((time.thread_time() - began) * 1000)
        found += bool(alike) and alike[0].id == str(place)
    return Finding(spent, filled, found)


def report(finding: Finding) -> list[str]:
    most = statistics.quantiles(finding.spent, n=20)[-1]
    return [
        f"questions nearly the same, among {MOST_PER_SESSION}: {statistics.median(finding.spent):.1f} ms of the processor, 19 of 20 within "
        f"{most:.1f} ms (aim {AIM_MS:.0f} ms), {finding.found} of {len(finding.spent)} found; all taken in once in {finding.filled:.1f} s"
    ]  # fmt: skip


if __name__ == "__main__":
    print("\n".join(report(measure())))
