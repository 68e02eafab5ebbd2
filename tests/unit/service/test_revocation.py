"""One way leads from a revocation event to the passes and connections of a process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.auth.passes import LIFETIME, Pass
from shared.auth.revocations import Revocations
from shared.clock import to_text
from shared.errors import Unauthenticated
from shared.events.access import AccessRevoked
from shared.service.revocation import revocation_listener

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)


def holder(login: str) -> Pass:
    return Pass("j", "ada", "none", "event", ("table-ronde-1",), "remote", "Ada", "fr", NOW, NOW + LIFETIME, login)


async def revoke(revocations: Revocations, login: str = "", at: datetime = NOW) -> None:
    gone = AccessRevoked("event", "ada", to_text(at), "lost phone", login)
    await revocation_listener(revocations).receive(gone.to_envelope(id="1", subject="ada", seq=1, time=at))


async def test_the_end_of_one_browser_session_is_not_the_end_of_the_person() -> None:
    revocations = Revocations()
    await revoke(revocations, "phone")
    revocations.check(holder("laptop"))
    with pytest.raises(Unauthenticated, match="revoked"):
        revocations.check(holder("phone"))


async def test_a_revoked_person_is_refused_whatever_the_browser_session() -> None:
    revocations = Revocations()
    await revoke(revocations)
    for login in ("phone", "laptop"):
        with pytest.raises(Unauthenticated, match="revoked"):
            revocations.check(holder(login))


async def test_a_watcher_is_called_for_news_only() -> None:
    revocations, called = Revocations(), list[tuple[str, datetime, str]]()
    revocations.watch(lambda person, at, login: called.append((person, at, login)))
    later = NOW + timedelta(minutes=1)
    for at in (NOW, NOW, later, NOW):
        await revoke(revocations, at=at)
    assert called == [("ada", NOW, ""), ("ada", later, "")]
