"""The rules of questions. Those of the floor of a session are in floor.py, those of taking back in undo.py.

Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of `shared.errors`. Which state
follows which is data (life.py). What must not be here: await, I/O, clocks, ids made inside, roles (the capability table decides whose duty
a command is; here only whose question it is counts), projections.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from services.qa.details import details
from services.qa.life import STEPS, VISIBLE, VOTABLE, Step
from services.qa.question import Actor, Change, Command, Logged, Question
from services.qa.texts import clean_label, clean_text
from services.qa.undo import as_told, held_back, remembered, undone
from shared.errors import Conflict, Denied
from shared.events.question import QuestionAsked, QuestionDisowned, QuestionErased, QuestionUndone, QuestionWithdrawn

MOST_OPEN_PER_PERSON: Final = 5
"""Open questions of one person in one session."""
ASK_EVERY_SECONDS: Final = 30.0
MOST_OPEN_PER_HALL: Final = 40
"""Those that the host of a local hub asked for others, however many are there."""
HALL_ASKS_EVERY_SECONDS: Final = 1.0
"""At the soonest: a hall of thirty would have its turn thirty times as often as a person."""
LATEST_ARRIVAL: Final = timedelta(minutes=5)
"""So long a question of a hall may have been on its way, the line being down, and keep its place."""
LATEST_PICTURE: Final = timedelta(hours=6)
"""How far behind the stage a picture may be that somebody asks about."""
MOST_PER_SESSION: Final = 2000
MOST_LOGGED: Final = 200
"""Lines in the history of one question; beyond, the oldest go."""


@dataclass(frozen=True, slots=True)
class ForHall:
    """The host of a local hub asks for somebody there. `name`: as that person wants to be called, '' for a person in the hall. `asked_at`:
    by the time of the hall, None: just now. `people`: how many are there."""

    name: str
    asked_at: datetime | None
    people: int


def most_open(hall: ForHall | None) -> int:
    """How many open questions of one asker there may be in one session: a hall has the share of its people, within bounds."""
    return MOST_OPEN_PER_PERSON if hall is None else min(MOST_OPEN_PER_PERSON * hall.people, MOST_OPEN_PER_HALL)


def ask_every(hall: ForHall | None) -> float:
    """Seconds between two questions of one asker."""
    return ASK_EVERY_SECONDS if hall is None else max(ASK_EVERY_SECONDS / hall.people, HALL_ASKS_EVERY_SECONDS)


def pace_of(hall: ForHall | None, pace: int) -> float:
    """Seconds between two questions of one asker in a session where a person waits `pace`."""
    return pace if hall is None else pace / hall.people


def asked_at(hall: ForHall | None, now: datetime) -> datetime:
    """Its place in line: never after now, whatever the clock of the hall says, and LATEST_ARRIVAL before at the most."""
    if hall is None or hall.asked_at is None:
        return now
    return min(max(hall.asked_at, now - LATEST_ARRIVAL), now)


def watched_at(said: datetime | None, now: datetime) -> datetime | None:
    """The moment of the picture that a page says was seen: nobody sees what is yet to come, and a clock that is hours late says nothing."""
    return None if said is None or now - said > LATEST_PICTURE else min(said, now)


def ask(
    *, id: str, session: str, text: str, language: str, anonymous: bool, by: Actor, now: datetime, hall: ForHall | None = None,
    watched: datetime | None = None,
) -> Change:  # fmt: skip
    """Raises Invalid. Whether the floor is open is asked of the floor."""
    words = clean_text(text)
    name = clean_label(hall.name, "name") if hall is not None else "" if anonymous else by.name
    question = Question(
        id=id,
        session=session,
        version=1,
        status="queued",
        text=words,
        original=words,
        language=language,
        author=by.person,
        author_name=name,
        door=by.door,
        asked_at=asked_at(hall, now),
        changed_at=now,
        changed_by=name,
        for_hall=hall is not None,
        watched_at=watched_at(watched, now),
    )
    return Change(question, QuestionAsked(question.state()))


def carry_out(question: Question, command: Command) -> Change:
    """One step. Raises Denied when it is the author's and somebody else's question, Conflict when the version is not the newest or the
    state does not allow it, Invalid for its details."""
    step = STEPS[command.step]
    _require_known(question, step, command)
    changed = replace(
        question,
        status=step.ends or question.status,
        version=question.version + 1,
        changed_at=command.now,
        changed_by=question.author_name if step.by == "author" else command.by.name,
        **details(step, question, command),
    )
    own = step.by == "author"
    if own:  # what moderators did before is settled by it, and there is no news that its author does not know
        changed = replace(changed, past=(), held_back=None)
    else:
        news = held_back(question, changed, command.now)
        changed = replace(changed, past=remembered(question, changed, step.name), held_back=news)
    changed = _logged(question, changed, step.name, command.by, command.by.person, question.author_name if own else command.by.name)
    return Change(changed, step.event(changed.state()))


def _require_known(question: Question, step: Step, command: Command) -> None:
    """Decided on what its caller knows: an author may withdraw a question without knowing yet what a moderator just did to it."""
    if step.by == "author" and question.author != command.by.person:
        raise Denied("qa.not_yours")
    known = as_told(question, command.now) if step.by == "author" else question
    if known.version != command.expected_version or (known is not question and step.name != "withdraw"):
        raise Conflict("qa.stale")
    if known.status not in step.starts:
        raise Conflict("qa.not_possible", params={"command": step.name, "status": known.status})


def _logged(before: Question, after: Question, step: str, by: Actor, person: str, name: str) -> Question:
    """With one more line in its history."""
    words = after.text if after.text != before.text else ""
    entry = Logged(
        after.version, after.changed_at, step, before.status, after.status, person, name, by.duty, after.reason, after.note, words,
        after.why,
    )  # fmt: skip
    return replace(after, log=(*before.log, entry)[-MOST_LOGGED:])


def take_back(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Change:
    """The last step of a moderator (undo.py). Raises Conflict."""
    back = _logged(question, undone(question, expected_version=expected_version, by=by, now=now), "undo", by, by.person, by.name)
    return Change(back, QuestionUndone(back.state()))


def erase(question: Question, *, expected_version: int, by: Actor, officer: bool, now: datetime) -> Change:
    """Words and author go; that there was a question, its door and its counts stay. Its author may, and an officer may with anybody's.
    Raises Denied, Conflict."""
    if not officer and (not question.author or question.author != by.person):
        raise Denied("qa.not_yours")
    known = question if officer else as_told(question, now)
    if known.version != expected_version:
        raise Conflict("qa.stale")
    if question.status == "erased":
        raise Conflict("qa.not_possible", params={"command": "erase", "status": "erased"})
    empty = Question(
        id=question.id, session=question.session, version=question.version + 1, status="erased", text="", original="",
        language=question.language, author="", author_name="", door=question.door, asked_at=question.asked_at, changed_at=now,
        changed_by=by.name if officer else "", votes=question.votes, votes_rev=question.votes_rev,
        by_door=question.by_door, for_hall=question.for_hall,
    )  # fmt: skip
    wordless = tuple(replace(entry, text="") for entry in _without_author(question))
    gone = replace(empty, log=(*wordless, Logged(
        empty.version, now, "erase", question.status, "erased", by.person if officer else "", by.name if officer else "", by.duty
    ))[-MOST_LOGGED:])  # fmt: skip
    return Change(gone, QuestionErased(gone.state()))


def _without_author(question: Question) -> tuple[Logged, ...]:
    """The history without the notes to its author, and without the author's name."""
    author = question.author
    return tuple(
        replace(entry, note="", person="", name="") if entry.person == author else replace(entry, note="") for entry in question.log
    )  # fmt: skip


def forget_actor(question: Question, person: str) -> Question:
    """A moderator withdrew from the event: what they did stays, that it was they goes. No step: the version stays."""
    return replace(
        question,
        log=tuple(replace(entry, person="", name="") if entry.person == person else entry for entry in question.log),
        draft_by="" if question.draft_by == person else question.draft_by,
        judged_by="" if question.judged_by == person else question.judged_by,
    )


def forget_author(question: Question, now: datetime) -> Change:
    """The author withdrew from the event: the question belongs to nobody any more. What nobody may read keeps no words either, and what
    could still come back is withdrawn; of a public one the words that everybody reads stay."""
    waiting, public = question.status in ("queued", "hidden"), question.status in VISIBLE
    changed = replace(
        question,
        status="withdrawn" if waiting else question.status,
        version=question.version + 1,
        text=question.text if public else "",
        original=question.text if public else "",
        author="",
        author_name="",
        note="",
        past=(),
        held_back=None,
        log=tuple(replace(entry, text="") for entry in _without_author(question)),
        changed_at=now,
        changed_by="" if question.changed_by == question.author_name else question.changed_by,
    )
    return Change(changed, (QuestionWithdrawn if waiting else QuestionDisowned)(changed.state()))


def require_votable(question: Question, voter: str, *, counting: bool = False) -> None:
    """`counting`: hands of others. Raises Denied for a vote on one's own question, Conflict while it takes no votes."""
    if question.author == voter and not counting:
        raise Denied("qa.own_question")
    require_takes_votes(question)


def require_takes_votes(question: Question) -> None:
    """Raises Conflict."""
    if question.status not in VOTABLE:
        raise Conflict("qa.votes_closed")
