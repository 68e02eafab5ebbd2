"""What people answer to a poll: an answer that fits, and the hands counted in a local hub. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from services.qa.polls.domain import Poll
from shared.errors import Invalid
from shared.text import Unmendable, tidy

MOST_WORD_CHARACTERS: Final = 40
COUNTABLE: Final = frozenset({"single", "several", "scale", "quiz"})
"""Kinds whose answers can be counted by raised hands."""

Choice = tuple[str, ...]


def fitting(poll: Poll, choice: Sequence[str]) -> Choice:
    """The answer as it is kept: options by their ids (of a ranking in their order, else in the poll's), the number of a scale, words as
    they are counted. Raises Invalid."""
    if poll.kind == "words":
        return _words(poll, choice)
    known = possible(poll)
    unfit = len(set(choice)) < len(choice) or not set(choice) <= set(known)
    few, many = (poll.least, poll.most) if poll.kind in ("several", "ranking") else (1, 1)
    if unfit or not few <= len(choice) <= many:
        raise Invalid.about("choice", "qa.poll_answer_unfit")
    return tuple(choice) if poll.kind == "ranking" else tuple(key for key in known if key in choice)


def possible(poll: Poll) -> Choice:
    """What may be chosen, in the poll's order; of a cloud of words: nothing is given."""
    if poll.kind == "scale":
        return tuple(map(str, range(poll.least, poll.most + 1)))
    return tuple(option.id for option in poll.options)


def _words(poll: Poll, choice: Sequence[str]) -> Choice:
    words = tuple(dict.fromkeys(filter(None, map(counted_word, choice[: poll.most]))))
    if not words or len(choice) > poll.most:
        raise Invalid.about("choice", "qa.poll_answer_unfit")
    if any(len(word) > MOST_WORD_CHARACTERS for word in words):
        raise Invalid.about("choice", "qa.poll_word_long", most=MOST_WORD_CHARACTERS)
    return words


def counted_word(word: str) -> str:
    """As words are counted: the same whatever their capitals, outer signs and spaces; empty when nothing is left. Raises Invalid."""
    try:
        text = tidy(unicodedata.normalize("NFKC", word)).casefold()
    except Unmendable:
        raise Invalid.about("choice", "qa.text_control") from None
    return text.strip("".join(sign for sign in text if unicodedata.category(sign)[0] not in "LNM"))


class HallCount(NamedTuple):
    """The hands counted in one local hub."""

    counts: Mapping[str, int]
    people: int


def hall_counts(poll: Poll, counts: Mapping[str, int], people: int, most: int) -> Mapping[str, int]:
    """Hands as the host of a local hub counted them among `people`, without the zeros; nobody raises theirs more often than one answer has
    options. `most`: how many people this hub may count. Raises Invalid."""
    if poll.kind not in COUNTABLE:
        raise Invalid.about("counts", "qa.poll_not_countable")
    if not 1 <= people <= most:
        raise Invalid.about("people", "qa.poll_hall_people", most=most)
    raised = {key: counts[key] for key in possible(poll) if counts.get(key)}
    if {key for key, number in counts.items() if number} - raised.keys() or min(raised.values(), default=0) < 0:
        raise Invalid.about("counts", "qa.poll_answer_unfit")
    if max(raised.values(), default=0) > people or sum(raised.values()) > people * _each(poll):
        raise Invalid.about("counts", "qa.poll_hall_too_many", people=people)
    return raised


def _each(poll: Poll) -> int:
    """How often one person may raise their hand."""
    return poll.most if poll.kind == "several" else 1


def fewer_hands(poll: Poll, hall: HallCount, people: int) -> HallCount:
    """The same hall with not more than `people`: what does not fit any more shrinks in proportion, so that no answer loses its share to
    another; what a division leaves over goes to the largest rests, then to the first options."""
    people = min(people, hall.people)
    most, total = people * _each(poll), sum(hall.counts.values())
    if total <= most:
        return HallCount({key: fewer for key, number in hall.counts.items() if (fewer := min(number, people))}, people)
    shares = {key: divmod(number * most, total) for key, number in hall.counts.items()}
    over = most - sum(whole for whole, _ in shares.values())
    luckiest = sorted(shares, key=lambda key: -shares[key][1])[:over]
    shrunk = {key: min(whole + (key in luckiest), people) for key, (whole, _) in shares.items()}
    return HallCount({key: number for key, number in shrunk.items() if number}, people)
