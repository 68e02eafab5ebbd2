"""The field types of the programme's blocks: a Python type together with the kind of value it is read as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, get_args

from services.registration.programme.format.kinds import (
    EMAIL,
    FILE,
    LANGUAGE,
    REASON,
    SHA256,
    SLUG,
    URL,
    Choice,
    Clock,
    ClockTime,
    Day,
    Flag,
    Number,
    Places,
    Ref,
    Text,
    Zone,
)
from shared.events import vocabulary

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Unknowable:
    """Marks a field whose absence is worth a word: it is always written, as `unknown` when the text does not say."""


@dataclass(frozen=True, slots=True)
class FromKey:
    """Marks the field that stands left of the colon in a map of blocks."""


Id = Annotated[str, SLUG]
ReasonId = Annotated[str, REASON]
Reason = Annotated[str, Text(120)]
Key = Annotated[str, SLUG, FromKey()]
Line = Annotated[str, Text(300)]
Lines = Annotated[str, Text(2_000, lines=True)]
Prose = Annotated[str, Text(30_000, lines=True)]
PersonRef = Annotated[str, Ref("people")]
OrganisationRef = Annotated[str, Ref("organisations")]
RoomRef = Annotated[str, Ref("rooms")]
StageRef = Annotated[str, Ref("stages")]
Address = Annotated[str, URL]
Mail = Annotated[str, EMAIL]
File = Annotated[str, FILE]
Language = Annotated[str, LANGUAGE]
Count = Annotated[int, Number(0, 10_000)]
Door = Annotated[vocabulary.Door, Choice(vocabulary.DOORS)]
Time = Annotated[ClockTime, Clock()]
Bool = Annotated[bool, Flag()]
PlaceCount = Annotated[int | str, Places()]
CalendarDay = Annotated[date, Day()]
Timezone = Annotated[str, Zone()]
Checksum = Annotated[str, SHA256]
Ordinal = Annotated[int, Number(1, 10_000)]
LeadMinutes = Annotated[int, Number(5, 43_200)]
Minutes = Annotated[int, Number(1, 1_440)]

Role = Annotated[
    str,
    Choice(
        ("opening", "introduction", "moderation", "speaker", "keynote", "discussant", "closing", "host", "interpreter"),
        code="programme.unknown_role",
    ),
]
SessionKind = Annotated[str, Choice(("reception", "opening", "keynote", "round_table", "workshop", "break", "closing", "other"))]
EndBasis = Annotated[str, Choice(("stated", "next_start", "assumed", "unknown"))]
EventStatus = Annotated[vocabulary.EventStatus, Choice(get_args(vocabulary.EventStatus))]
SessionStatus = Annotated[str, Choice(("planned", "live", "delayed", "done", "cancelled"))]
Presence = Annotated[str, Choice(("in_room", "remote", "unknown"))]
PollKind = Annotated[vocabulary.PollKind, Choice(vocabulary.POLL_KINDS)]
AnswerKind = Annotated[vocabulary.AnswerKind, Choice(vocabulary.ANSWER_KINDS)]
NoticeKind = Annotated[str, Choice(("image_rights", "privacy", "security", "accessibility"))]
Placement = Annotated[str, Choice(("form", "page", "ticket", "door_sign", "stream_slate"))]
Version = Annotated[int, Number(FORMAT_VERSION, FORMAT_VERSION)]
