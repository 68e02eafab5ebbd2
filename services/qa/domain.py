"""The life of a question and the floor of a session: rules only.

Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of `shared.errors`. What must not
be here: await, I/O, clocks, ids made inside, roles (the capability table decides which role may call a command; here only whose
question it is counts), projections.

    ask ──▶ queued ──publish──▶ published ──stage──▶ on_stage ──answer──▶ answered
              │ │ ▲edit            │ ▲    ◀──return──┘   │
              │ └─decline▶ declined│ └publish┐           │
              │                    └──hide──▶ hidden ◀─hide
              └── withdraw (by the author, from every state that is not final) ──▶ withdrawn
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from shared.clock import to_text
from shared.errors import Conflict, Denied, FieldError, Invalid
from shared.events.floor import FloorChanged
from shared.events.question import (
    QuestionAnswered,
    QuestionAsked,
    QuestionChanged,
    QuestionDeclined,
    QuestionEdited,
    QuestionHidden,
    QuestionPublished,
    QuestionReturned,
    QuestionStaged,
    QuestionState,
    QuestionWithdrawn,
)
from shared.events.vocabulary import Attendance, DeclineReason, FloorState, QuestionStatus, is_floor_state
from shared.text import Unmendable, tidy_lines

QUEUED: Final = "queued"
PUBLISHED: Final = "published"
DECLINED: Final = "declined"
ON_STAGE: Final = "on_stage"
ANSWERED: Final = "answered"
WITHDRAWN: Final = "withdrawn"
HIDDEN: Final = "hidden"

STATUSES: Final = (QUEUED, PUBLISHED, DECLINED, ON_STAGE, ANSWERED, WITHDRAWN, HIDDEN)
FINAL_STATUSES: Final = frozenset({DECLINED, ANSWERED, WITHDRAWN})
OPEN_STATUSES: Final = frozenset({QUEUED, PUBLISHED, ON_STAGE})
"""What counts towards a person's open questions."""
VOTABLE: Final = frozenset({PUBLISHED, ON_STAGE})

STARTS: Final[Mapping[str, frozenset[str]]] = {
    "edit": frozenset({QUEUED}),
    "publish": frozenset({QUEUED, HIDDEN}),
    "decline": frozenset({QUEUED}),
    "hide": frozenset({PUBLISHED, ON_STAGE}),
    "stage": frozenset({PUBLISHED}),
    "return": frozenset({ON_STAGE}),
    "answer": frozenset({ON_STAGE}),
    "withdraw": frozenset({QUEUED, PUBLISHED, ON_STAGE, HIDDEN}),
}
"""From which states a command is possible."""

REASONS: Final = ("off_topic", "duplicate", "already_answered", "unclear", "disrespectful", "promotional", "no_time")

MOST_CHARACTERS: Final = 500
MOST_NOTE_CHARACTERS: Final = 300
MOST_OPEN_PER_PERSON: Final = 5
"""Open questions of one person in one session."""
ASK_EVERY_SECONDS: Final = 30.0
MOST_PER_SESSION: Final = 2000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: person id, the name shown to moderators, the door the person comes by (in_room, remote, hub, staff)."""

    person: str
    name: str
    door: Attendance


@dataclass(frozen=True, slots=True)
class Question:
    """One question at one version. `original` is what its author wrote last; `text` is what is shown."""

    id: str
    session: str
    version: int
    status: QuestionStatus
    text: str
    original: str
    language: str
    author: str
    author_name: str
    door: Attendance
    asked_at: datetime
    changed_at: datetime
    changed_by: str
    votes: int = 0
    votes_rev: int = 0
    reason: DeclineReason | Literal[""] = ""
    note: str = ""
    staged_at: datetime | None = None
    answered_at: datetime | None = None

    def state(self) -> QuestionState:
        """The question as events carry it."""
        return QuestionState(
            id=self.id,
            session=self.session,
            version=self.version,
            status=self.status,
            text=self.text,
            original=self.original,
            language=self.language,
            author=self.author,
            author_name=self.author_name,
            door=self.door,
            votes=self.votes,
            votes_rev=self.votes_rev,
            asked_at=to_text(self.asked_at),
            changed_at=to_text(self.changed_at),
            changed_by=self.changed_by,
            reason=self.reason,
            note=self.note,
            staged_at=_optional(self.staged_at),
            answered_at=_optional(self.answered_at),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did: the new state and its event."""

    question: Question
    event: QuestionChanged


def ask(*, id: str, session: str, text: str, language: str, anonymous: bool, by: Actor, now: datetime) -> Change:
    """Raises Invalid. Whether the floor is open is asked of the floor."""
    words = clean_text(text)
    question = Question(
        id=id,
        session=session,
        version=1,
        status=QUEUED,
        text=words,
        original=words,
        language=language,
        author=by.person,
        author_name="" if anonymous else by.name,
        door=by.door,
        asked_at=now,
        changed_at=now,
        changed_by=by.name if not anonymous else "",
    )
    return Change(question, QuestionAsked(question.state()))


def edit(question: Question, *, expected_version: int, text: str, by: Actor, now: datetime) -> Change:
    """The author puts it differently while nobody has decided yet: `original` stays what the author wrote."""
    _own(question, by)
    _check(question, "edit", expected_version)
    words = clean_text(text)
    changed = _moved(question, QUEUED, now, question.author_name, text=words, original=words)
    return Change(changed, QuestionEdited(changed.state()))


def publish(question: Question, *, expected_version: int, by: Actor, now: datetime, text: str | None = None) -> Change:
    """`text` rephrases; the original is kept. Also brings a hidden question back."""
    _check(question, "publish", expected_version)
    words = question.text if text is None else clean_text(text)
    changed = _moved(question, PUBLISHED, now, by.name, text=words)
    return Change(changed, QuestionPublished(changed.state()))


def decline(question: Question, *, expected_version: int, reason: str, note: str, by: Actor, now: datetime) -> Change:
    """`reason` of REASONS; the author reads it, with the note."""
    _check(question, "decline", expected_version)
    if reason not in REASONS:
        raise Invalid("qa.reason_unknown", fields=(FieldError("reason", "qa.reason_unknown"),))
    changed = _moved(question, DECLINED, now, by.name, reason=reason, note=clean_note(note))
    return Change(changed, QuestionDeclined(changed.state()))


def hide(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Change:
    """Off every public page and screen; reversible by `publish`."""
    _check(question, "hide", expected_version)
    changed = _moved(question, HIDDEN, now, by.name, staged_at=None)
    return Change(changed, QuestionHidden(changed.state()))


def stage(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Change:
    """One question per session is on stage: the store's unique index has the last word between two at once."""
    _check(question, "stage", expected_version)
    changed = _moved(question, ON_STAGE, now, by.name, staged_at=now)
    return Change(changed, QuestionStaged(changed.state()))


def put_back(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Change:
    _check(question, "return", expected_version)
    changed = _moved(question, PUBLISHED, now, by.name, staged_at=None)
    return Change(changed, QuestionReturned(changed.state()))


def answer(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Change:
    _check(question, "answer", expected_version)
    changed = _moved(question, ANSWERED, now, by.name, answered_at=now)
    return Change(changed, QuestionAnswered(changed.state()))


def withdraw(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Change:
    _own(question, by)
    _check(question, "withdraw", expected_version)
    changed = _moved(question, WITHDRAWN, now, question.author_name, staged_at=None)
    return Change(changed, QuestionWithdrawn(changed.state()))


def require_votable(question: Question, voter: str) -> None:
    """Raises Denied for one's own question, Conflict while it takes no votes."""
    if question.author == voter:
        raise Denied("qa.own_question")
    if question.status not in VOTABLE:
        raise Conflict("qa.votes_closed")


# --- the floor ----------------------------------------------------------------------------------------------------------------------

CLOSED: Final = "closed"
OPEN: Final = "open"
PAUSED: Final = "paused"
FLOOR_STATES: Final = (OPEN, PAUSED, CLOSED)


@dataclass(frozen=True, slots=True)
class Floor:
    """Whether a session takes questions: open to all, paused (local hubs only), closed."""

    session: str
    version: int
    state: FloorState
    changed_at: datetime

    def event(self) -> FloorChanged:
        return FloorChanged(session=self.session, state=self.state, version=self.version, changed_at=to_text(self.changed_at))

    def require_open(self, door: str) -> None:
        """A hall collects questions of many people, so a pause does not stop it. Raises Conflict."""
        if self.state == CLOSED:
            raise Conflict("qa.floor_closed", current=self.view())
        if self.state == PAUSED and door != "hub":
            raise Conflict("qa.floor_paused", current=self.view())

    def view(self) -> dict[str, object]:
        """What everybody may know of it."""
        return {"session": self.session, "state": self.state, "version": self.version}


def new_floor(session: str, *, questions: bool, now: datetime) -> Floor:
    """A session for which the programme foresees questions starts open."""
    return Floor(session=session, version=1, state=OPEN if questions else CLOSED, changed_at=now)


def change_floor(floor: Floor, *, state: str, expected_version: int, now: datetime) -> Floor:
    """The same floor when it is in that state already. Raises Invalid, Conflict."""
    if not is_floor_state(state):
        raise Invalid("qa.floor_unknown", fields=(FieldError("state", "qa.floor_unknown"),))
    if floor.version != expected_version:
        raise Conflict("qa.stale", current=floor.view())
    if floor.state == state:
        return floor
    return replace(floor, state=state, version=floor.version + 1, changed_at=now)


# --- texts --------------------------------------------------------------------------------------------------------------------------


def clean_text(text: str) -> str:
    """NFC, trimmed, 1 to 500 characters, no control characters but the line feed. Raises Invalid."""
    words = _normal(text, "text")
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in words):
        raise _refused("text", "qa.text_empty")
    if len(words) > MOST_CHARACTERS:
        raise _refused("text", "qa.text_too_long", most=MOST_CHARACTERS, length=len(words))
    return words


def clean_note(note: str) -> str:
    """As `clean_text`, may be empty, 300 characters at most. Raises Invalid."""
    words = _normal(note, "note")
    if len(words) > MOST_NOTE_CHARACTERS:
        raise _refused("note", "qa.note_too_long", most=MOST_NOTE_CHARACTERS, length=len(words))
    return words


def _normal(text: str, field: str) -> str:
    try:
        return tidy_lines(text)
    except Unmendable:
        raise _refused(field, "qa.text_control") from None


def _refused(field: str, code: str, **params: int) -> Invalid:
    return Invalid(code, params=params, fields=(FieldError(field, code, params),))


def _own(question: Question, by: Actor) -> None:
    if question.author != by.person:
        raise Denied("qa.not_yours")


def _check(question: Question, command: str, expected_version: int) -> None:
    if question.version != expected_version:
        raise Conflict("qa.stale")
    if question.status not in STARTS[command]:
        raise Conflict("qa.not_possible", params={"command": command, "status": question.status})


def _moved(question: Question, status: str, now: datetime, changed_by: str, **fields: object) -> Question:
    changes: dict[str, object] = {"status": status, "version": question.version + 1, "changed_at": now, "changed_by": changed_by, **fields}
    return replace(question, **changes)  # type: ignore[arg-type]


def _optional(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
