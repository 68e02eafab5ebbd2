"""Every event type there is, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.events import qa, registration, streaming
from shared.events.kind import Event

_CLASSES: Final[tuple[type[Event], ...]] = (
    registration.ProgrammePublished,
    registration.PersonRegistered,
    registration.PersonConfirmed,
    registration.AccessRevoked,
    streaming.StageChanged,
    qa.QuestionAsked,
    qa.QuestionEdited,
    qa.QuestionPublished,
    qa.QuestionDeclined,
    qa.QuestionHidden,
    qa.QuestionStaged,
    qa.QuestionReturned,
    qa.QuestionAnswered,
    qa.QuestionWithdrawn,
    qa.VotesCounted,
    qa.FloorChanged,
)

CATALOGUE: Final[Mapping[str, type[Event]]] = MappingProxyType({cls.TYPE: cls for cls in _CLASSES})


def is_live(type: str) -> bool:
    """Whether events of this type are only for those who listen now. Unknown types count as durable."""
    cls = CATALOGUE.get(type)
    return cls is not None and cls.LIVE
