"""Every event type there is, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.events import (
    access,
    answer,
    desks,
    floor,
    guard,
    hall,
    hand,
    ledger,
    note,
    outbox,
    person,
    place,
    poll,
    presence,
    programme,
    question,
    reactions,
    running_order,
    stage,
    table,
    ticket,
    votes,
)
from shared.events.envelope import Envelope, Unreadable
from shared.events.kind import Event

_CLASSES: Final[tuple[type[Event], ...]] = (
    programme.ProgrammePublished,
    running_order.RunningOrderChanged,
    person.PersonRegistered,
    person.PersonConfirmed,
    person.PersonErased,
    person.PersonAsked,
    person.PersonTold,
    ticket.TicketIssued,
    place.PlaceChanged,
    hall.HallDeclared,
    access.AccessRevoked,
    stage.StageChanged,
    question.QuestionAsked,
    question.QuestionEdited,
    question.QuestionPublished,
    question.QuestionRephrased,
    question.QuestionUndone,
    question.QuestionDeclined,
    question.QuestionHidden,
    question.QuestionStaged,
    question.QuestionReturned,
    question.QuestionAnswered,
    question.QuestionWithdrawn,
    question.QuestionDisowned,
    question.QuestionAmended,
    question.QuestionMerged,
    question.QuestionShortlisted,
    question.QuestionAssigned,
    question.QuestionCued,
    question.QuestionDeferred,
    question.QuestionDrafted,
    question.QuestionReplied,
    question.QuestionAppealed,
    question.QuestionErased,
    question.QuestionClaimed,
    answer.AnswerRecorded,
    ledger.LedgerCounted,
    votes.VotesCounted,
    floor.FloorChanged,
    poll.PollPrepared,
    poll.PollEdited,
    poll.PollOpened,
    poll.PollClosing,
    poll.PollClosed,
    poll.PollShown,
    poll.PollHidden,
    poll.PollArchived,
    poll.PollRestored,
    poll.PollCounted,
    outbox.OutboxFilled,
    presence.PresenceCounted,
    desks.DesksCounted,
    hand.HandRaised,
    hand.HandLowered,
    note.NoteSent,
    note.NoteSeen,
    note.NoteCleared,
    reactions.ReactionsCounted,
    table.SeatInvited,
    table.SeatMoved,
    table.SeatEnded,
    table.StudioHeld,
    table.SignalSent,
    guard.ScreensBlanked,
    guard.ScreensRestored,
    guard.QuestionsSlowed,
    guard.PersonMuted,
    guard.PersonUnmuted,
    guard.WordsListed,
    guard.GuardRevised,
)

CATALOGUE: Final[Mapping[str, type[Event]]] = MappingProxyType({cls.TYPE: cls for cls in _CLASSES})


def is_live(type: str) -> bool:
    """Whether events of this type are only for those who listen now. Unknown types count as durable."""
    cls = CATALOGUE.get(type)
    return cls is not None and cls.LIVE


def types_of(*bases: type[Event]) -> tuple[str, ...]:
    """The types of these classes and of their subclasses, in the order of the catalogue."""
    return tuple(type for type, cls in CATALOGUE.items() if issubclass(cls, bases))


def decode(envelope: Envelope) -> Event:
    """The event of whatever class its type names. Raises Unreadable."""
    cls = CATALOGUE.get(envelope.type)
    if cls is None:
        raise Unreadable(f"no event type {envelope.type!r} is known here")
    return cls.from_envelope(envelope)
