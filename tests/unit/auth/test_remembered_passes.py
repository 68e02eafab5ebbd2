"""A pass whose signature was found good is not checked again, and counts not a second longer for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.auth.passes import LEEWAY, LIFETIME, MOST_CHARACTERS, Pass, Purpose, Signer, VerifiedPasses, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.errors import Unauthenticated

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
KEY = new_private_key()


def token(person: str = "ada", *, event: str = "e", at: datetime = NOW, purpose: Purpose = "api") -> str:
    return Signer(KEY).sign(
        id="j", person=person, duty="none", event=event, sessions=("*",), door="remote", name="Ada", language="fr", now=at, purpose=purpose
    )


@pytest.fixture
def verifier() -> Verifier:
    return Verifier([KEY.public_key()], event="e")


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens whose signature was checked, in order."""
    seen: list[str] = []
    real = jwt.decode

    def counted(token: str, *rest: object, **more: object) -> object:
        seen.append(token)
        return real(token, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(jwt, "decode", counted)
    return seen


def test_the_signature_of_a_pass_is_checked_once(verifier: Verifier, checks: list[str]) -> None:
    given = token()
    first, second = verifier.verify(given, now=NOW), verifier.verify(given, now=NOW + LIFETIME)
    assert first == second
    assert checks == [given]


def test_a_remembered_pass_ends_when_it_would_have_ended(verifier: Verifier) -> None:
    given, end = token(), NOW + LIFETIME + LEEWAY
    verifier.verify(given, now=NOW)
    verifier.verify(given, now=end - timedelta(milliseconds=1))
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="pass_expired"):
            verifier.verify(given, now=end)
    assert len(verifier.remembered) == 0


def test_a_remembered_pass_is_refused_once_its_person_is_revoked(verifier: Verifier) -> None:
    given, revocations = token(), Revocations()
    revocations.check(verifier.verify(given, now=NOW))
    revocations.revoke("ada", NOW)
    with pytest.raises(Unauthenticated, match="revoked"):
        revocations.check(verifier.verify(given, now=NOW))


def test_other_keys_remember_nothing_of_what_the_old_ones_signed(verifier: Verifier) -> None:
    given = token()
    verifier.verify(given, now=NOW)
    with pytest.raises(Unauthenticated, match="pass_invalid"):
        Verifier([new_private_key().public_key()], event="e").verify(given, now=NOW)


def test_a_pass_for_the_pages_that_is_remembered_opens_no_stream_and_the_other_way_round(verifier: Verifier) -> None:
    for purpose, other in (("api", "media"), ("media", "api")):
        given = token(purpose=purpose)  # type: ignore[arg-type]
        verifier.verify(given, now=NOW, purpose=purpose)  # type: ignore[arg-type]
        with pytest.raises(Unauthenticated, match="pass_invalid"):
            verifier.verify(given, now=NOW, purpose=other)  # type: ignore[arg-type]


@pytest.mark.parametrize("forged", [token() + "A", token().replace(".", "..", 1), "a" * (MOST_CHARACTERS + 1), "\ud800.a.b", "é.a.b"])
def test_what_is_no_pass_is_refused_each_time_and_never_remembered(verifier: Verifier, forged: str) -> None:
    verifier.verify(token(), now=NOW)
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="pass_invalid"):
            verifier.verify(forged, now=NOW)
    assert len(verifier.remembered) == 1


def test_passes_of_another_event_and_of_the_future_are_not_remembered(verifier: Verifier) -> None:
    for given in (token(event="other"), token(at=NOW + timedelta(minutes=1))):
        with pytest.raises(Unauthenticated):
            verifier.verify(given, now=NOW)
    assert len(verifier.remembered) == 0


def test_ended_passes_leave_when_the_next_one_comes(verifier: Verifier) -> None:
    for n in range(3):
        verifier.verify(token(f"p{n}"), now=NOW)
    later = NOW + LIFETIME + LEEWAY
    verifier.verify(token("late", at=later), now=later)
    assert len(verifier.remembered) == 1


def test_no_more_are_remembered_than_there_is_room_for_and_the_oldest_leaves() -> None:
    held = VerifiedPasses(most=2)
    ada = Pass("j", "ada", "none", "e", ("*",), "remote", "Ada", "fr", NOW, NOW + LIFETIME)
    for digest in (b"1", b"2", b"3"):
        held.put(digest, ada, NOW)
    assert [held.get(digest) is not None for digest in (b"1", b"2", b"3")] == [False, True, True]
