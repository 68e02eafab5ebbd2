"""The results of polls as a table (CSV, RFC 4180): a line for each option, number or word, with its count by door. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from services.qa.cells import plain
from services.qa.polls.domain import Poll
from shared.clock import to_text
from shared.events.poll import PollTally
from shared.events.vocabulary import DOORS

HEADINGS: Final = ("poll", "kind", "question", "opened_at", "closed_at", "answers", "key", "text", "right", "flagged", "total", *DOORS)


def as_csv(results: Sequence[tuple[Poll, PollTally]]) -> str:
    """UTF-8 with its mark, so that spreadsheets read accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for poll, tally in results:
        writer.writerows(_lines(poll, tally))
    return "\ufeff" + out.getvalue()


def _lines(poll: Poll, tally: PollTally) -> Iterable[Sequence[object]]:
    texts = {option.id: option.text for option in poll.options}
    times = [to_text(at) if at else "" for at in (poll.opened_at, poll.closed_at)]
    for key, by_door in tally.counts.items():
        yield (
            poll.id, poll.kind, plain(poll.question), *times, sum(tally.answers.values()), plain(key), plain(texts.get(key, key)),
            "yes" if key == poll.right else "", "yes" if key in poll.flagged else "", sum(by_door.values()),
            *(by_door.get(door, 0) for door in DOORS),
        )  # fmt: skip
