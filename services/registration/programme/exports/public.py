"""What everyone may know of a programme: the answer of GET /api/registration/programme, and the event other services receive.

What lives here: shapes for the outside. What must not: rules, typography (pages set the words), anything about people who register.
Texts are as printed. Each value that the print did not give carries a mark beside it: `date` and `date_assumed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from services.registration.programme.day import Span, day_of, days, spans
from services.registration.programme.exports.wording import direction, language_of
from services.registration.programme.format.check import blockers
from services.registration.programme.format.event import CapacityOfDay, Enrolment, EventCapacity, EventEntry, FormQuestion
from services.registration.programme.format.halls import closes, room_of, stage_of, takes_up
from services.registration.programme.format.model import Participant, PollEntry, Programme, Session
from services.registration.programme.open_days import open_days
from services.registration.programme.order.decisions import UNDECIDED, Decisions
from services.registration.programme.running_order import Slot, announced, now_next, running_order
from shared.clock import to_text
from shared.errors import Invalid
from shared.events.programme import ParticipantRef, PollRef, ProgrammePublished, ReasonRef, SessionRef, StageRef
from shared.events.vocabulary import DOORS

Shown = dict[str, Any]

EVENT_MARKS = ("date", "status", "contact", "url", "venue", "rooms", "stages", "hubs", "modes", "capacity", "registration")
SESSION_MARKS = ("end", "room", "stage", "stream", "questions", "language", "modes", "description")
ON_STAGE = frozenset({"opening", "speaker", "keynote", "discussant", "closing", "host", "introduction"})


def public_json(programme: Programme, now: datetime, decisions: Decisions = UNDECIDED) -> Shown:
    """The whole public programme, plain JSON values, sessions in print order. `now` and `next` are lists of session ids. Of a session,
    `start` and `end` are the print, `starts_at` and `ends_at` what holds (the running order), `printed` the instants of the print."""
    moment, order = now_next(programme, now, decisions), announced(programme, running_order(programme, now, decisions))
    return {
        "language": programme.language, "dir": direction(programme.language),
        "event": {**_event(programme, now), "day_choices": _day_choices(programme, order, now)},
        "theme": programme.event.theme,
        "edito": _edito(programme),
        "sessions": [_session(programme, one, day, order[one.id]) for day, sessions in _days(programme, now) for one in sessions],
        "people": [{**_person(programme, id), "sort_key": person.sorting} for id, person in programme.people.items()],
        "partners": [
            {"tier": tier.tier, "heading": tier.heading, "members": [_organisation(programme, id) for id in tier.members]}
            for tier in programme.partners
        ],
        "notices": [_notice(programme, index) for index in range(len(programme.notices))],
        "acknowledgements": [
            {"text": one_line(one.text), "from": _organisation(programme, one.from_), "people": list(one.people)}
            for one in programme.acknowledgements
        ],
        "rehearsal": programme.rehearsal,
        "now": list(moment.now), "next": list(moment.next), "at": moment.at,
    }  # fmt: skip


def order_json(programme: Programme, now: datetime, decisions: Decisions = UNDECIDED) -> Shown:
    """The running order in print order: {at, timezone, slots}. Whole minutes late, also when it began or ended by hand."""
    order = running_order(programme, now, decisions)
    slots = [_slot(programme, one, day, order[one.id]) for day, sessions in _days(programme, now) for one in sessions]
    return {"at": to_text(now), "timezone": programme.event.timezone, "slots": slots}


def _slot(programme: Programme, session: Session, day: date | None, slot: Slot) -> Shown:
    return {
        "session": session.id, "label": session.label, "title": session.title, "language": language_of(programme, session),
        "kind": session.kind, "stage": takes_up(programme, session), "room": room_of(programme, session),
        "date": day.isoformat() if day else None, "questions": asks(session), **_standing(slot),
        "by_hand": slot.by_hand, "decided_at": _text(slot.decided_at), "late_minutes": int(slot.late.total_seconds() / 60),
    }  # fmt: skip


def _standing(slot: Slot) -> Shown:
    """What holds of a session, beside what was printed."""
    (start, end), (printed_start, printed_end) = slot.actual, slot.printed
    return {
        "starts_at": _text(start), "ends_at": _text(end), "progress": slot.progress, "moved": slot.moved,
        "printed": {"starts_at": _text(printed_start), "ends_at": _text(printed_end)},
    }  # fmt: skip


def to_event(programme: Programme, *, digest: str, now: datetime) -> ProgrammePublished:
    """What the other services need to know. Raises Invalid("programme.not_publishable") while `blockers` finds something missing."""
    missing = blockers(programme)
    if missing:
        raise Invalid("programme.not_publishable", fields=missing)
    event, when = programme.event, spans(programme, now)
    return ProgrammePublished(
        event_id=event.id, name=event.name, timezone=event.timezone, digest=digest,
        sessions=tuple(_session_ref(programme, session, when[session.id]) for session in programme.sessions),
        stages=tuple(StageRef(stage.id, stage.name) for stage in event.stages),
        status=event.status, language=programme.language, rehearsal=programme.rehearsal,
        reasons=tuple(ReasonRef(reason.id, _in_order(reason.words, programme.language)) for reason in event.reasons),
    )  # fmt: skip


def _in_order(words: Mapping[str, str], language: str) -> dict[str, str]:
    """The programme's language first: in that one read those whose own is missing."""
    return {code: words[code] for code in sorted(words, key=lambda code: (code != language, code))}


def asks(session: Session) -> bool:
    """Whether the audience may ask: as the file says, else in round tables."""
    return session.questions if session.questions is not None else session.kind == "round_table"


def moderators(session: Session) -> tuple[str, ...]:
    return tuple(one.person for one in session.participants if "moderation" in one.roles)


def speakers(session: Session) -> tuple[str, ...]:
    """Everyone who speaks and does not moderate, in print order."""
    return tuple(one.person for one in session.participants if "moderation" not in one.roles and ON_STAGE & set(one.roles))


def one_line(text: str) -> str:
    """The line breaks of the print are not the author's."""
    return " ".join(text.split())


def _session_ref(programme: Programme, session: Session, when: Span) -> SessionRef:
    (start, end), stage, closed = when, stage_of(programme, session), closes(programme, session)
    return SessionRef(
        id=session.id, kind=session.kind, label=session.label or "", title=session.title,
        starts_at=_text(start), ends_at=_text(end), room=room_of(programme, session), stage=stage.id if stage else None,
        questions=asks(session), moderators=moderators(session), speakers=speakers(session),
        participants=tuple(_participant_ref(programme, one) for one in session.participants),
        language=language_of(programme, session), closed_stage=closed[0] if closed else None,
        also_closed=closed[1:], record=session.record is not False,
        polls=tuple(_poll_ref(one, language_of(programme, session)) for one in session.polls),
    )  # fmt: skip


def _poll_ref(poll: PollEntry, language: str) -> PollRef:
    return PollRef(
        poll.id, poll.kind, poll.question, poll.options, poll.least, poll.most, poll.low_label or "", poll.high_label or "", poll.right,
        language,
    )  # fmt: skip


def _participant_ref(programme: Programme, one: Participant) -> ParticipantRef:
    person = programme.people[one.person]
    titles = one.titles_here or tuple(title.text for title in person.titles)
    return ParticipantRef(person.display, titles, moderates="moderation" in one.roles)


def _event(programme: Programme, now: datetime) -> Shown:
    event: EventEntry = programme.event
    day = day_of(programme, now)
    venue = None
    if event.venue:
        assumed = "event.venue" in programme.assumed
        venue = {"name": event.venue.name, "address": event.venue.address, "access": event.venue.access, "assumed": assumed}
    return {
        "id": event.id, "name": event.name, "theme": event.theme, "headline": event.theme or event.name,
        "kind": event.kind, "status": event.status,
        "edition": {"number": event.edition.number, "label": event.edition.label} if event.edition else None,
        "date": day.isoformat() if day else None, "days": [one.isoformat() for one in days(programme, now)],
        "timezone": event.timezone,
        "organiser": _organisation(programme, event.organiser), "contact": event.contact, "url": event.url, "venue": venue,
        "rooms": [{"id": room.id, "name": room.name, "capacity": room.capacity} for room in event.rooms],
        "stages": [{"id": stage.id, "name": stage.name, "room": stage.room} for stage in event.stages],
        "hubs": [{"id": hub.id, "name": hub.name, "address": hub.address} for hub in event.hubs],
        "modes": list(event.modes),
        "capacity": {**_places(event.capacity), "days": [{"day": one.day, **_places(one)} for one in event.capacity.days]}
        if event.capacity else None,
        "registration": _enrolment(event.registration) if event.registration else None,
        **_marks(programme, "event", EVENT_MARKS),
    }  # fmt: skip


def _places(capacity: EventCapacity | CapacityOfDay) -> Shown:
    return {door: getattr(capacity, door) for door in DOORS}


def _enrolment(told: Enrolment) -> Shown:
    """Days in ISO 8601, hours as `HH:MM` in the zone of the event; null where the programme does not say."""
    days = {"opens": told.opens.isoformat() if told.opens else None, "closes": told.closes.isoformat() if told.closes else None}
    hours = {"opens_at": str(told.opens_at) if told.opens_at else None, "closes_at": str(told.closes_at) if told.closes_at else None}
    return {**days, **hours, "questions": [_question(one) for one in told.questions], "reminders": list(told.reminders)}


def _question(one: FormQuestion) -> Shown:
    """As the form asks it. `doors`: of whom it is asked, none for everybody; `when`: after which answers, null for always."""
    return {
        "id": one.id, "kind": one.kind, "question": one.question, "purpose": one.purpose, "help": one.help, "options": list(one.options),
        "required": one.required, "doors": list(one.doors),
        "when": {"question": one.when.question, "answers": list(one.when.answers)} if one.when else None,
    }  # fmt: skip


def _day_choices(programme: Programme, order: Mapping[str, Slot], now: datetime) -> list[Shown]:
    """What people may say they come to: `id` is what a registration names, `off` is `cancelled`, `over` or null."""
    return [
        {"id": day.id, "date": day.date.isoformat(), "doors": sorted(day.doors), "off": day.off or None}
        for day in open_days(programme, order, now)
    ]


def _edito(programme: Programme) -> Shown | None:
    edito = programme.edito
    if edito is None:
        return None
    signatories = [
        {"id": one.person, "name": programme.people[one.person].display, "titles": [{"text": text} for text in one.titles]}
        for one in edito.signatories
    ]
    return {"label": edito.label, "title": edito.title, "paragraphs": list(edito.paragraphs), "signatories": signatories}


def _days(programme: Programme, now: datetime) -> Iterable[tuple[date | None, Iterable[Session]]]:
    return days(programme, now).items() or [(None, programme.sessions)]


def _session(programme: Programme, session: Session, day: date | None, slot: Slot) -> Shown:
    room, stage = programme.room(room_of(programme, session)), stage_of(programme, session)
    return {
        "id": session.id, "kind": session.kind, "label": session.label, "number": session.number,
        "title": session.title, "title_raw": session.title_raw, "description": session.description,
        "date": day.isoformat() if day else None,
        "start": str(session.start) if session.start else None, "start_printed": session.start.text if session.start else None,
        "end": str(session.end) if session.end else None, "end_basis": session.end_basis,
        **_standing(slot),
        "room": {"id": room.id, "name": room.name} if room else None,
        "stage": {"id": stage.id, "name": stage.name} if stage else None,
        "stream": stage is not None, "closed": bool(closes(programme, session)), "record": session.record,
        "questions": asks(session), "status": session.status,
        "language": language_of(programme, session), "dir": direction(language_of(programme, session)),
        "interpretation": list(session.interpretation),
        "modes": list(session.modes or programme.event.modes),
        "participants": [_participant(programme, one) for one in session.participants],
        "moderators": list(moderators(session)), "speakers": list(speakers(session)),
        "resources": [{"label": one.label, "url": one.url} for one in session.resources], "replay_url": session.replay_url,
        **_marks(programme, f"sessions.{session.id}", SESSION_MARKS),
    }  # fmt: skip


def _participant(programme: Programme, one: Participant) -> Shown:
    shown = {**_person(programme, one.person), "roles": list(one.roles), "block_label": one.block_label, "presence": one.presence}
    if one.titles_here:
        shown["titles"] = [{"text": text, "role": None, "organisation": None} for text in one.titles_here]
    return shown


def _person(programme: Programme, id: str) -> Shown:
    person = programme.people[id]
    titles = [
        {"text": title.text, "role": title.role, "organisation": _organisation(programme, title.organisation)} for title in person.titles
    ]
    return {"id": id, "name": person.display, "titles": titles, "bio": person.bio, "photo": person.photo}


def _organisation(programme: Programme, id: str | None) -> Shown | None:
    if id is None:
        return None
    body = programme.organisations[id]
    return {"id": id, "name": body.name, "acronym": body.acronym, "url": body.url, "logo": body.logo}


def _notice(programme: Programme, index: int) -> Shown:
    notice = programme.notices[index]
    return {
        "id": notice.id, "kind": notice.kind, "heading": notice.heading, "text": one_line(notice.text), "version": notice.version,
        "contact": notice.contact, "placements": list(notice.placements), **_marks(programme, f"notices.{notice.id}", ("contact",)),
    }  # fmt: skip


def _marks(programme: Programme, path: str, names: Iterable[str]) -> dict[str, bool]:
    return {f"{name}_assumed": f"{path}.{name}" in programme.assumed for name in names}


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
