"""The rules of a programme that look across its blocks: references, ids, the order of the day.

What lives here: rules that make a file wrong, and those that only keep it from being published. What must not: YAML, warnings (`lint`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from services.registration.programme.format.event import AskedWhen, FormQuestion, ReasonEntry
from services.registration.programme.format.halls import stage_of
from services.registration.programme.format.hours import Hours, first_day, timetable
from services.registration.programme.format.kinds import Ref, nearest
from services.registration.programme.format.model import PollEntry, Programme
from services.registration.programme.format.reader import Reading
from services.registration.programme.format.shape import shape
from shared import poll_rules
from shared.errors import FieldError
from shared.events.vocabulary import STANDARD_REASONS

MAX_DAYS = 31
"""Days from the first of an event to its last, at most: more is a wrong year."""

MOST_QUESTIONS = 20
"""Questions of a form, at most: nobody answers more."""
MOST_OPTIONS = 30
MOST_REASONS = 20
"""Why a question is declined, at most: a moderator reads them all each time."""

UNKNOWN_REF = {
    "people": "programme.unknown_person", "organisations": "programme.unknown_organisation",
    "rooms": "programme.unknown_room", "stages": "programme.unknown_stage",
}  # fmt: skip


def check(programme: Programme, reading: Reading) -> None:
    """Adds to `reading` every rule the programme breaks."""
    known: dict[str, list[str]] = {
        "people": list(programme.people), "organisations": list(programme.organisations),
        "rooms": [room.id for room in programme.event.rooms], "stages": [stage.id for stage in programme.event.stages],
    }  # fmt: skip
    for path, of, id in _references(programme, ""):
        if id not in known[of]:
            reading.refuse_once(path, UNKNOWN_REF[of], id=id, nearest=nearest(id, known[of]))
    _check_ids(programme, reading)
    _check_times(programme, reading)
    _check_enrolment(programme, reading)
    _check_questions(programme.event.registration.questions if programme.event.registration else (), reading)
    _check_reasons(programme.event.reasons, reading)
    for index, session in enumerate(programme.sessions):
        if session.stream and stage_of(programme, session) is None:
            reading.refuse_once(f"sessions.{index}.stream", "programme.stream_without_stage")
        _check_polls(f"sessions.{index}.polls", session.polls, reading)


def blockers(programme: Programme) -> tuple[FieldError, ...]:
    """What keeps a programme that was imported from being published: no date, or a session whose start is unknown."""
    found = []
    if first_day(programme) is None and not programme.rehearsal:
        found.append(FieldError(path="event.date", code="programme.date_unknown"))
    for index, session in enumerate(programme.sessions):
        if session.start is None:
            found.append(FieldError(f"sessions.{index}.start", "programme.start_unknown", {"title": session.title}))
    if not programme.sessions:
        found.append(FieldError(path="sessions", code="programme.no_sessions"))
    return tuple(found)


def _references(block: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Every reference below a block: where it is, what it refers to, the id."""
    for one in shape(type(block)):
        value = getattr(block, one.attribute)
        inner = f"{path}.{one.name}" if path else one.name
        if one.many == "one":
            pairs: Iterable[tuple[str, Any]] = [(inner, value)]
        elif one.many == "map":
            pairs = [(f"{inner}.{key}", item) for key, item in value.items()]
        else:
            pairs = [(f"{inner}.{index}", item) for index, item in enumerate(value)]
        for where, item in pairs:
            if item is None:
                continue
            if one.block is not None:
                yield from _references(item, where)
            elif isinstance(one.kind, Ref):
                yield where, one.kind.of, item


def _check_ids(programme: Programme, reading: Reading) -> None:
    event = programme.event
    groups: list[tuple[str, list[str]]] = [
        ("sessions", [session.id for session in programme.sessions]), ("event.rooms", [room.id for room in event.rooms]),
        ("event.stages", [stage.id for stage in event.stages]), ("event.hubs", [hub.id for hub in event.hubs]),
        ("event.registration.questions", [one.id for one in event.registration.questions] if event.registration else []),
        ("event.reasons", [reason.id for reason in event.reasons]), ("notices", [notice.id for notice in programme.notices]),
        ("partners", [tier.tier for tier in programme.partners]),
    ]  # fmt: skip
    for index, session in enumerate(programme.sessions):
        groups += [(f"sessions.{index}.items", [one.id for one in session.items])]
        groups += [(f"sessions.{index}.polls", [one.id for one in session.polls])]
    for path, ids in groups:
        repeated = {id for id, count in Counter(ids).items() if count > 1}
        for index, id in enumerate(ids):
            if id in repeated and ids.index(id) != index:
                field = "tier" if path == "partners" else "id"
                first = reading.line(f"{path}.{ids.index(id)}.{field}")
                reading.refuse_once(f"{path}.{index}.{field}", "programme.duplicate_id", id=id, first=first)
    for index, session in enumerate(programme.sessions):
        people = [participant.person for participant in session.participants]
        for position, id in enumerate(people):
            if people.index(id) != position:
                first = reading.line(f"sessions.{index}.participants.{people.index(id)}")
                reading.refuse_once(f"sessions.{index}.participants.{position}.person", "programme.duplicate_id", id=id, first=first)


def _check_enrolment(programme: Programme, reading: Reading) -> None:
    told, capacity = programme.event.registration, programme.event.capacity
    for name in ("opens", "closes") if told is not None else ():
        if getattr(told, f"{name}_at") is not None and getattr(told, name) is None:
            reading.refuse_once(f"event.registration.{name}_at", "programme.hour_without_day")
    if told is not None and told.opens and told.closes and told.closes < told.opens:
        reading.refuse_once("event.registration.closes", "programme.closes_before_opens", opens=told.opens.isoformat())
    days = [one.day for one in capacity.days] if capacity is not None else []
    for index, day in enumerate(days):
        if days.index(day) != index:
            first = reading.line(f"event.capacity.days.{days.index(day)}.day")
            reading.refuse_once(f"event.capacity.days.{index}.day", "programme.duplicate_id", id=str(day), first=first)


def _check_questions(questions: tuple[FormQuestion, ...], reading: Reading) -> None:
    """Those of the form: each can be answered, and what one depends on was asked before it."""
    root = "event.registration.questions"
    if len(questions) > MOST_QUESTIONS:
        reading.refuse_once(root, "programme.too_many_items", max=MOST_QUESTIONS)
    before: dict[str, tuple[str, ...]] = {}
    for index, one in enumerate(questions):
        path, closed = f"{root}.{index}", one.kind in ("choice", "several")
        if closed and not 2 <= len(one.options) <= MOST_OPTIONS:
            reading.refuse_once(f"{path}.options", "programme.question_options", least=2, most=MOST_OPTIONS)
        elif not closed and one.options:
            reading.refuse_once(f"{path}.options", "programme.question_needs_none", kind=one.kind)
        for at, option in enumerate(one.options):
            if one.options.index(option) != at:
                reading.refuse_once(f"{path}.options.{at}", "programme.question_option_twice", option=option)
        if one.when is not None:
            _check_when(f"{path}.when", one.when, before, reading)
        before[one.id] = one.options if closed else ("yes", "no") if one.kind == "yes_no" else ()


def _check_when(path: str, when: AskedWhen, before: dict[str, tuple[str, ...]], reading: Reading) -> None:
    """`before`: the questions that come earlier, each with what may be answered; a text is no answer to depend on."""
    if not before.get(when.question):
        known = [id for id, options in before.items() if options]
        reading.refuse_once(f"{path}.question", "programme.question_not_before", id=when.question, nearest=nearest(when.question, known))
        return
    options = before[when.question]
    if not when.answers:
        reading.refuse_once(f"{path}.answers", "programme.blank")
    for at, answer in enumerate(when.answers):
        if answer not in options:
            like = nearest(answer, list(options))
            reading.refuse_once(
                f"{path}.answers.{at}", "programme.unknown_choice", value=answer[:60], choices=", ".join(options), nearest=like
            )


def _check_reasons(reasons: tuple[ReasonEntry, ...], reading: Reading) -> None:
    """Each has words, its own or those of the pages."""
    if len(reasons) > MOST_REASONS:
        reading.refuse_once("event.reasons", "programme.too_many_items", max=MOST_REASONS)
    for index, reason in enumerate(reasons):
        if not reason.words and reason.id not in STANDARD_REASONS:
            known = ", ".join(STANDARD_REASONS)
            reading.refuse_once(f"event.reasons.{index}.words", "programme.reason_without_words", id=reason.id, known=known)


def _check_polls(path: str, polls: tuple[PollEntry, ...], reading: Reading) -> None:
    """As whoever prepares one by hand is told."""
    if len(polls) > poll_rules.MOST_PLANNED:
        reading.refuse_once(path, "programme.too_many_items", max=poll_rules.MOST_PLANNED)
    for index, poll in enumerate(polls):
        texts = (
            ("question", poll.question, poll_rules.MOST_QUESTION_CHARACTERS),
            *((f"options.{at}", option, poll_rules.MOST_OPTION_CHARACTERS) for at, option in enumerate(poll.options)),
            ("low_label", poll.low_label or "", poll_rules.MOST_LABEL_CHARACTERS),
            ("high_label", poll.high_label or "", poll_rules.MOST_LABEL_CHARACTERS),
        )
        for field, text, most in texts:
            if len(text) > most:
                reading.refuse_once(f"{path}.{index}.{field}", "qa.poll_long", most=most, length=len(text))
        asked = poll_rules.PollAsk(
            poll.kind, poll.options, poll.least, poll.most, poll.right, labels=bool(poll.low_label or poll.high_label)
        )  # fmt: skip
        for fault in poll_rules.faults(asked):
            reading.refuse_once(f"{path}.{index}.{fault.field}", fault.code, **fault.params)


def _check_times(programme: Programme, reading: Reading) -> None:
    hours = timetable(programme)
    for index, (session, found) in enumerate(zip(programme.sessions, hours, strict=True)):
        path = f"sessions.{index}"
        if found.start is not None and found.end is not None and found.end < found.start:
            reading.refuse_once(f"{path}.end", "programme.end_before_start", start=str(session.start), end=str(session.end))
        if (session.end is None) != (session.end_basis == "unknown") and not reading.is_refused(f"{path}.end"):
            reading.refuse_once(f"{path}.end_basis", "programme.end_basis", value=session.end_basis)
        if session.end_basis == "next_start" and session.end and found.start is not None:
            _check_next_start(path, index, programme, hours, reading)
    _check_order(programme, hours, reading)


def _check_next_start(path: str, index: int, programme: Programme, hours: tuple[Hours, ...], reading: Reading) -> None:
    """An end that follows from the next start must be one: of the next session, or with halls in parallel of a later one."""
    own = hours[index]
    later = [at for at in range(index + 1, len(hours)) if hours[at].day == own.day and hours[at].start is not None]
    if own.end not in [hours[at].start for at in later]:
        after = next((programme.sessions[at].start for at in later if hours[at].start != own.start), None)
        reading.refuse_once(f"{path}.end", "programme.end_not_next_start", end=str(programme.sessions[index].end), next=str(after or "?"))


def _check_order(programme: Programme, hours: tuple[Hours, ...], reading: Reading) -> None:
    """Days follow each other, and within a day the starts do."""
    day, before = 0, None
    first = first_day(programme)
    for index, (session, found) in enumerate(zip(programme.sessions, hours, strict=True)):
        path = f"sessions.{index}"
        if session.date is not None and first is None:
            reading.refuse_once(f"{path}.date", "programme.first_date_unknown", date=session.date.isoformat())
        elif found.day < day:
            reading.refuse_once(f"{path}.date", "programme.date_backwards", date=str(session.date))
        elif found.day > MAX_DAYS:
            reading.refuse_once(f"{path}.date", "programme.too_many_days", max=MAX_DAYS)
        if found.day != day:
            day, before = found.day, None
        if found.start is None:
            continue
        if before is not None and before[0] > found.start:
            reading.refuse_once(f"{path}.start", "programme.out_of_order", start=str(session.start), before=str(before[1]))
        before = (found.start, session.start)
