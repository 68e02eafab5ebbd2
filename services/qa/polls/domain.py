"""The rules of polls. Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of
`shared.errors`. Which state follows which is data (life.py). What must not be here: await, I/O, answers, projections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from services.qa.polls.life import POLL_LIVE, POLL_STEPS, PollStepName
from shared import poll_rules
from shared.clock import to_text
from shared.errors import Conflict, Invalid
from shared.events.poll import PollChanged, PollOption, PollPrepared, PollState
from shared.events.programme import PollRef
from shared.events.vocabulary import Attendance, PollKind, PollOrigin, PollStatus
from shared.text import Unmendable, tidy, tidy_lines

MOST_POLLS: Final = 50
"""Of one session."""
MOST_CLOSING_SECONDS: Final = 600
"""How far ahead an end may be announced."""
GRACE_SECONDS: Final = 15.0
"""How much later than the stage somebody may answer who watches from afar: the delay of the picture and of the line."""
ROOM_GRACE_SECONDS: Final = 3.0
"""The same for somebody in the room: of the line alone."""
MOST_FLAGGED: Final = 200
"""Words of one cloud that only moderators see."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What is asked, as it was written; `right` is the place of the right option, from 1."""

    kind: PollKind
    question: str
    options: Sequence[str] = ()
    least: int | None = None
    most: int | None = None
    low_label: str = ""
    high_label: str = ""
    right: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll at one version; the fields are those of the event (shared/events/poll.py), with instants for texts."""

    id: str
    session: str
    version: int
    status: PollStatus
    kind: PollKind
    question: str
    options: tuple[PollOption, ...]
    least: int
    most: int
    low_label: str
    high_label: str
    right: str
    language: str
    shown: bool
    origin: PollOrigin
    position: int
    changed_at: datetime
    changed_by: str
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    flagged: tuple[str, ...] = ()

    def state(self) -> PollState:
        """As events carry it."""
        values: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        for name, value in values.items():
            if isinstance(value, datetime):
                values[name] = to_text(value)
        return PollState(**values)

    def ends_for_all(self) -> datetime | None:
        """When the last answer may come; None while no end is announced."""
        return None if self.closes_at is None else self.closes_at + timedelta(seconds=GRACE_SECONDS)


@dataclass(frozen=True, slots=True)
class PollCommand:
    """A wish to take one step with a poll, decided on the version its caller saw. `by`: the caller's name, for moderators."""

    step: PollStepName
    expected_version: int
    by: str
    now: datetime
    in_seconds: int = 0
    definition: Definition | None = None
    word: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class PollChange:
    poll: Poll
    event: PollChanged


def prepare(
    *, id: str, session: str, definition: Definition, origin: PollOrigin, position: int, by: str, now: datetime, flagged: Sequence[str] = ()
) -> PollChange:  # fmt: skip
    """A new draft; `flagged`: words that only moderators are to see. Raises Invalid."""
    poll = Poll(
        id=id, session=session, version=1, status="draft", shown=False, origin=origin, position=position, changed_at=now, changed_by=by,
        flagged=tuple(flagged) if definition.kind == "words" else (), **_asked(definition),
    )  # fmt: skip
    return PollChange(poll, PollPrepared(poll.state()))


def carry_out_poll(poll: Poll, command: PollCommand) -> PollChange:
    """One step. Raises Conflict when the version is not the newest or the state does not allow it, Invalid for its details."""
    step = POLL_STEPS[command.step]
    if poll.version != command.expected_version:
        raise Conflict("qa.stale")
    if poll.status not in step.starts:
        raise Conflict("qa.poll_not_possible", params={"command": step.name, "status": poll.status})
    moved: dict[str, Any] = {"status": step.ends or poll.status, "version": poll.version + 1, "changed_at": command.now}
    changed = replace(poll, **{**moved, "changed_by": command.by, **_details(poll, command)})
    return PollChange(changed, step.event(changed.state()))


def _details(poll: Poll, command: PollCommand) -> dict[str, Any]:
    match command.step:
        case "edit":
            return {} if command.definition is None else _asked(command.definition)
        case "open" | "reopen":
            return {"opened_at": poll.opened_at or command.now, "closes_at": None, "closed_at": None}
        case "close":
            return {"closes_at": command.now + timedelta(seconds=min(max(command.in_seconds, 0), MOST_CLOSING_SECONDS))}
        case "settle":
            return {"closes_at": poll.closes_at or command.now, "closed_at": command.now}
        case "show" | "hide":
            return {"shown": command.step == "show"}
        case "flag":
            return {"flagged": _flagged(poll, command)}
        case "archive":
            return {"shown": False}
        case "restore":
            return {"status": "draft" if poll.opened_at is None else "closed"}


def _flagged(poll: Poll, command: PollCommand) -> tuple[str, ...]:
    if poll.kind != "words":
        raise Invalid.about("word", "qa.poll_only_words")
    others = tuple(word for word in poll.flagged if word != command.word)
    if not command.on:
        return others
    if len(others) >= MOST_FLAGGED:
        raise Invalid("qa.poll_many_flagged", params={"most": MOST_FLAGGED})
    return (*others, command.word)


def planned(
    poll: Poll | None, ref: PollRef, *, id: str, session: str, position: int, now: datetime, flagged: Sequence[str] = ()
) -> PollChange | None:  # fmt: skip
    """The next step that leads to the poll as the programme has it; None when there is none, or a person moved it already: what somebody
    did by hand outranks the file. Raises Invalid."""
    definition = Definition(
        ref.kind, ref.question, ref.options, ref.least, ref.most, ref.low_label, ref.high_label, ref.right, ref.language
    )  # fmt: skip
    if poll is None:
        return prepare(
            id=id, session=session, definition=definition, origin="programme", position=position, by="", now=now, flagged=flagged
        )  # fmt: skip
    if not _left_to_programme(poll):
        return None
    if poll.status == "archived":
        return carry_out_poll(poll, PollCommand("restore", poll.version, "", now))
    wanted = {**_asked(definition), "position": position}
    if all(getattr(poll, name) == value for name, value in wanted.items()):
        return None
    return carry_out_poll(replace(poll, position=position), PollCommand("edit", poll.version, "", now, definition=definition))


def unplanned(poll: Poll, now: datetime) -> PollChange | None:
    """The programme has it no more: a draft that nobody touched goes. None when nothing follows."""
    if poll.origin != "programme" or poll.status != "draft" or not _left_to_programme(poll):
        return None
    return carry_out_poll(poll, PollCommand("archive", poll.version, "", now))


def _left_to_programme(poll: Poll) -> bool:
    """Nobody opened it, nor changed it by hand."""
    return poll.origin == "programme" and poll.opened_at is None and not poll.changed_by


def due(poll: Poll, now: datetime) -> bool:
    """Whether its announced end has come for everybody."""
    end = poll.ends_for_all()
    return poll.status == "closing" and end is not None and end <= now


def require_answerable(poll: Poll, door: Attendance, now: datetime) -> None:
    """Of one that was opened. Raises Conflict. Whether a late answer was late on the page as well is known to the page alone, so the grace
    is bounded."""
    if poll.status not in POLL_LIVE:
        raise Conflict("qa.poll_closed")
    grace = ROOM_GRACE_SECONDS if door == "in_room" else GRACE_SECONDS
    if poll.closes_at is not None and now > poll.closes_at + timedelta(seconds=grace):
        raise Conflict("qa.poll_closed")


# --- what is asked --------------------------------------------------------------------------------------------------------------------


def _asked(definition: Definition) -> dict[str, Any]:
    """The fields of a poll that say what it asks. Raises Invalid."""
    question = _text("question", definition.question, poll_rules.MOST_QUESTION_CHARACTERS, lines=True)
    options = [_text(f"options.{n}", text, poll_rules.MOST_OPTION_CHARACTERS) for n, text in enumerate(definition.options)]
    low, high = (_label(name, getattr(definition, name)) for name in ("low_label", "high_label"))
    asked = poll_rules.PollAsk(
        definition.kind, options, definition.least, definition.most, definition.right, labels=bool(low or high)
    )  # fmt: skip
    for fault in poll_rules.faults(asked):
        raise Invalid.about(fault.field, fault.code, **fault.params)
    least, most = poll_rules.bounds(asked)
    return {
        "kind": definition.kind, "question": question, "least": least, "most": most, "low_label": low, "high_label": high,
        "options": tuple(PollOption(str(n), text) for n, text in enumerate(options, start=1)),
        "right": "" if definition.right is None else str(definition.right), "language": definition.language,
    }  # fmt: skip


def _text(field: str, text: str, most: int, *, lines: bool = False) -> str:
    try:
        words = tidy_lines(text) if lines else tidy(text)
    except Unmendable:
        raise Invalid.about(field, "qa.text_control") from None
    if not words:
        raise Invalid.about(field, "qa.poll_empty")
    if len(words) > most:
        raise Invalid.about(field, "qa.poll_long", most=most, length=len(words))
    return words


def _label(field: str, text: str) -> str:
    return _text(field, text, poll_rules.MOST_LABEL_CHARACTERS) if text.strip() else ""
