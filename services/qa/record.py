"""What stays of a question for everybody, and the ledger of a session: what became of all of them, in numbers. Pure.

The ledger identifies nobody. It has no text and no name, counts only what its author was told already (a slip that is undone in time is
never counted), and gives reasons and waits for the session as a whole. By door it counts what everybody could read anyway, published and
answered questions; how many were asked by a door is withheld where they are few, and then by a second door too, for the rest of the whole
would tell it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.qa.history import standing
from services.qa.life import VISIBLE
from services.qa.question import Logged, Question
from services.qa.undo import as_told
from shared.clock import to_text
from shared.events.answer import AnswerRecorded
from shared.events.ledger import LedgerCounted, LedgerLine
from shared.events.vocabulary import ATTENDANCES, Attendance

FEW: Final = 5
"""Fewer questions by one door are not counted by themselves: they may all be of one person, or of one hall."""
DECISIONS: Final = frozenset({"publish", "decline", "merge"})


def recorded(before: Question, after: Question) -> AnswerRecorded | None:
    """None where everybody may read the same as before."""
    now = record(after)
    return None if now == record(before) else now


def record(question: Question) -> AnswerRecorded:
    if question.status == "answered":
        return _whole(question, AnswerRecorded(question.id, question.session, "answered"))
    if question.status == "deferred":
        return _whole(question, AnswerRecorded(question.id, question.session, "deferred"))
    return AnswerRecorded(question.id, question.session, "gone")


def _whole(question: Question, record: AnswerRecorded) -> AnswerRecorded:
    return AnswerRecorded(
        record.question, record.session, record.standing, text=question.text, language=question.language, author=question.author,
        name=question.author_name, door=question.door, asked_at=to_text(question.asked_at), staged_at=_text(question.staged_at),
        answered_at=_text(question.answered_at), answer=question.answer, owner=question.owner, due=question.due,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entry:
    """A question as its author knows it."""

    question: Question
    log: Sequence[Logged]

    @property
    def published(self) -> bool:
        return self.question.status in VISIBLE or any(entry.step == "publish" for entry in self.log)

    @property
    def waited(self) -> float | None:
        """Seconds until the first decision."""
        decided = next((entry.at for entry in self.log if entry.step in DECISIONS), None)
        return None if decided is None else (decided - self.question.asked_at).total_seconds()


def ledger(session: str, questions: Iterable[Question], now: datetime) -> LedgerCounted:
    entries = [_entry(question, now) for question in questions]
    states = Counter(entry.question.status for entry in entries)
    reasons = Counter(entry.question.reason for entry in entries if entry.question.status == "declined")
    waits = [entry.waited for entry in entries if entry.waited is not None]
    return LedgerCounted(
        session, to_text(now), _line(entries), _by_door(entries),
        waiting=states["queued"], declined=states["declined"],
        reasons=dict(reasons.most_common()), words=_words(entries),
        appealed=sum(entry.question.appealed for entry in entries), merged=states["merged"], hidden=states["hidden"],
        withdrawn=states["withdrawn"] + states["erased"], promised=states["deferred"],
        wait_seconds=_median(waits),
    )  # fmt: skip


def _words(entries: Sequence[_Entry]) -> Mapping[str, Mapping[str, str]]:
    """The newest of each reason that is the organiser's."""
    declined = sorted((entry.question for entry in entries if entry.question.status == "declined"), key=lambda one: one.changed_at)
    return {question.reason: dict(question.why) for question in declined if question.why}


def _by_door(entries: Sequence[_Entry]) -> Mapping[Attendance, LedgerLine]:
    lines = {door: _line([entry for entry in entries if entry.question.door == door]) for door in ATTENDANCES}
    lines = {door: line for door, line in lines.items() if line.asked}
    few = {door for door, line in lines.items() if (line.asked or 0) < FEW}
    if len(few) == 1 and len(lines) > 1:
        few.add(min(lines.keys() - few, key=lambda door: (lines[door].asked or 0, door)))
    return {door: replace(line, asked=None) if door in few else line for door, line in lines.items()}


def _median(waits: Sequence[float]) -> int | None:
    """The lower one of two in the middle: a wait that somebody had."""
    return round(sorted(waits)[(len(waits) - 1) // 2]) if waits else None


def _entry(question: Question, now: datetime) -> _Entry:
    told = as_told(question, now)
    return _Entry(told, [entry for entry in standing(question.log) if entry.version <= told.version])


def _line(entries: Sequence[_Entry]) -> LedgerLine:
    return LedgerLine(
        asked=len(entries), published=sum(entry.published for entry in entries),
        answered=sum(entry.question.status == "answered" for entry in entries),
    )  # fmt: skip


def _text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)
