"""What comes of the answers of a poll: absolute numbers by door, and who may see which of them. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from services.qa.polls.answers import HallCount, possible
from services.qa.polls.domain import Poll
from shared.events.poll import PollTally
from shared.events.vocabulary import DOORS, Door

MOST_SHOWN_WORDS: Final = 80
"""Of a cloud, those named most; the others are in the export."""


class Cell(NamedTuple):
    """So many answers of a door name `key` at `place` (from 0)."""

    door: Door
    key: str
    place: int
    number: int


def tally(poll: Poll, rev: int, cells: Iterable[Cell], halls: Sequence[HallCount], *, most_words: int = MOST_SHOWN_WORDS) -> PollTally:
    """Every key that may be chosen is there, with every door."""
    people: Counter[Door] = Counter({"hub": sum(_answering(poll, hall) for hall in halls)})
    counts: dict[str, Counter[Door]] = defaultdict(Counter, {key: Counter() for key in possible(poll)})
    for cell in cells:
        people[cell.door] += cell.number * (cell.place == 0)
        counts[cell.key][cell.door] += cell.number * _weight(poll, cell.place)
    for hall in halls:
        for key, number in hall.counts.items():
            counts[key]["hub"] += number
    keys = _most_named(counts, most_words) if poll.kind == "words" else list(counts)
    return PollTally(poll.id, rev, _by_door(people), {key: _by_door(counts[key]) for key in keys}, len(halls))


def _answering(poll: Poll, hall: HallCount) -> int:
    """Where one hand is one answer, those who raised none gave none."""
    return hall.people if poll.kind == "several" else sum(hall.counts.values())


def _weight(poll: Poll, place: int) -> int:
    """Of a ranking: as many points as there are options for the first place, one for the last."""
    return len(poll.options) - place if poll.kind == "ranking" else 1


def _most_named(counts: Mapping[str, Counter[Door]], most: int) -> list[str]:
    return sorted(counts, key=lambda key: (-counts[key].total(), key))[:most]


def _by_door(counted: Mapping[Door, int]) -> dict[Door, int]:
    return {door: counted.get(door, 0) for door in DOORS}
