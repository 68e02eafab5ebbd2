"""What the qa service does about events of other services. Each handler keeps the newest state only, so that an event that comes twice or
late changes nothing and no inbox is needed. What must not be here: rules, a broker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.qa.app import Questions
from services.qa.feed.hub import Stage
from services.qa.store import QaStore, SessionFacts
from shared.auth.revocations import Revocations
from shared.bus.port import Delivery, Group, Unreadable
from shared.clock import from_text
from shared.events.registration import AccessRevoked, ProgrammePublished
from shared.events.streaming import StageChanged

PROGRAMME: Final = Group("qa.programme", (ProgrammePublished.TYPE,))
ACCESS: Final = Group("qa.access", (AccessRevoked.TYPE,))
STAGES: Final = Group("qa.stages", (StageChanged.TYPE,))


class Reactions:
    def __init__(self, store: QaStore, questions: Questions, revocations: Revocations, event_id: str) -> None:
        self._store, self._questions = store, questions
        self._revocations, self._event_id = revocations, event_id

    async def programme(self, delivery: Delivery) -> None:
        data = delivery.event.data
        try:
            if data["event_id"] != self._event_id:
                return
            sessions = [_session(each) for each in data["sessions"]]
        except (KeyError, TypeError) as error:
            raise Unreadable(f"programme: {error!r}") from None
        await self._questions.take_programme(delivery.event.seq, sessions)

    async def access(self, delivery: Delivery) -> None:
        """Kept as long as a pass could live, so that a restart forgets no revocation."""
        person, at = revoked(delivery.event.data)
        await self._store.revoke(person, at)
        self._revocations.revoke(person, at)

    async def stage(self, delivery: Delivery) -> None:
        """Kept so that a restarted feed knows what is on."""
        event = delivery.event
        try:
            stage = Stage(event.subject, event.seq, str(event.data["state"]), str(event.data["origin"]))
        except KeyError as error:
            raise Unreadable(f"stage: {error!r}") from None
        await self._store.put_stage(stage)


def revoked(data: Mapping[str, Any]) -> tuple[str, Any]:
    """(person, instant). Raises Unreadable."""
    try:
        return str(data["person_id"]), from_text(str(data["revoked_at"]))
    except (KeyError, ValueError) as error:
        raise Unreadable(f"revocation: {error!r}") from None


def _session(each: Mapping[str, Any]) -> SessionFacts:
    return SessionFacts(id=str(each["id"]), stage=each["stage"], questions=bool(each["questions"]), title=str(each["title"]))
