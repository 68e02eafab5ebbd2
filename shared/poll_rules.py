"""What makes a poll that can be asked. Pure.

What must not be here: what is done with a poll, sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.events.vocabulary import PollKind

MOST_PLANNED: Final = 20
"""That a programme prepares for one session."""
MOST_QUESTION_CHARACTERS: Final = 280
MOST_OPTION_CHARACTERS: Final = 120
MOST_LABEL_CHARACTERS: Final = 60
LEAST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 12
MOST_WORDS: Final = 3
"""Of one answer to a cloud of words."""
SCALE: Final = (0, 10)
"""The lowest and the highest number of any scale."""
USUAL_SCALE: Final = (1, 5)

WITH_OPTIONS: Final[frozenset[PollKind]] = frozenset({"single", "several", "ranking", "quiz"})


class Fault(NamedTuple):
    """`field` of the poll, code of the sentence, its values."""

    field: str
    code: str
    params: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class PollAsk:
    """What is asked, as far as rules go. `least` and `most` None: as usual for the kind. `right`: the place of the right option, from 1."""

    kind: PollKind
    options: Sequence[str] = ()
    least: int | None = None
    most: int | None = None
    right: int | None = None
    labels: bool = False


def bounds(ask: PollAsk) -> tuple[int, int]:
    """(least, most) as they are where nothing is said."""
    if ask.kind == "several":
        return ask.least or 1, ask.most or len(ask.options)
    if ask.kind == "scale":
        low = USUAL_SCALE[0] if ask.least is None else ask.least
        return low, USUAL_SCALE[1] if ask.most is None else ask.most
    if ask.kind == "words":
        return 1, ask.most or 1
    return (len(ask.options),) * 2 if ask.kind == "ranking" else (1, 1)


def faults(ask: PollAsk) -> Iterable[Fault]:
    """Why it cannot be asked; nothing when it can."""
    if ask.kind in WITH_OPTIONS:
        yield from _of_options(ask.options)
    elif ask.options:
        yield Fault("options", "qa.poll_no_options")
    yield from _of_bounds(ask)
    if ask.kind == "quiz" and not 1 <= (ask.right or 0) <= len(ask.options):
        yield Fault("right", "qa.poll_right_missing")
    if ask.kind != "quiz" and ask.right is not None:
        yield Fault("right", "qa.poll_right_only_quiz")
    if ask.kind != "scale" and ask.labels:
        yield Fault("low_label", "qa.poll_labels_only_scale")


def _of_options(options: Sequence[str]) -> Iterable[Fault]:
    if not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        yield Fault("options", "qa.poll_options_number", {"least": LEAST_OPTIONS, "most": MOST_OPTIONS})
    if len({option.casefold() for option in options}) < len(options):
        yield Fault("options", "qa.poll_options_same")


def _of_bounds(ask: PollAsk) -> Iterable[Fault]:
    least, most = bounds(ask)
    if ask.kind == "several" and not 1 <= least <= most <= max(len(ask.options), LEAST_OPTIONS):
        yield Fault("most", "qa.poll_choices_number")
    if ask.kind == "scale" and not SCALE[0] <= least < most <= SCALE[1]:
        yield Fault("most", "qa.poll_scale", {"low": SCALE[0], "high": SCALE[1]})
    if ask.kind == "words" and not 1 <= most <= MOST_WORDS:
        yield Fault("most", "qa.poll_words_number", {"most": MOST_WORDS})
    unused = [name for name, given in (("least", ask.least), ("most", ask.most)) if given is not None]
    if unused and ask.kind in ("single", "ranking", "quiz"):
        yield Fault(unused[0], "qa.poll_number_unused")
