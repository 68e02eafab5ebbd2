"""Keys, allowances and revocations: small memories with exact edges."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.auth.keys import load_keys, new_key_lines
from shared.auth.passes import LEEWAY, LIFETIME, Pass, Signer, Verifier
from shared.auth.revocations import Revocations
from shared.config import SettingError, Settings, read_settings
from shared.errors import TooMany, Unauthenticated
from shared.http.limits import Limiter
from shared.service.route import RateLimit

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)


def holder(issued_at: datetime = NOW) -> Pass:
    return Pass("j", "ada", "none", "event", ("table-ronde-1",), "remote", "Ada", "fr", issued_at, issued_at + LIFETIME)


def test_keys_that_nobody_set_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first, second = (load_keys(Settings(var=tmp_path), signing=True) for _ in range(2))
    assert first.secrets == second.secrets
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_a_process_that_does_not_sign_never_holds_the_private_key(tmp_path: Path) -> None:
    lines = dict(line.split("=", 1) for line in new_key_lines())
    settings = read_settings({**lines, "TABLEE_VAR": str(tmp_path)})
    signing, verifying = load_keys(settings, signing=True), load_keys(settings, signing=False)
    assert verifying.private is None
    assert verifying.secrets.link_key is None
    assert signing.private is not None
    token = Signer(signing.private).sign(
        id="j", person="ada", duty="none", event="e", sessions=("*",), door="remote", name="Ada", language="fr", now=NOW
    )
    assert Verifier(verifying.public, event="e").verify(token, now=NOW).person == "ada"


def test_a_key_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingError, match="TABLEE_PASS_KEY") as refused:
        load_keys(read_settings({"TABLEE_PASS_KEY": "not-a-key"}), signing=True)
    assert "not-a-key" not in str(refused.value)


def test_the_same_purpose_gives_the_same_link_and_another_installation_another_one(tmp_path: Path) -> None:
    one, other = (load_keys(Settings(var=tmp_path / name), signing=True).secrets for name in ("one", "other"))
    assert one.link("event:viewer") == one.link("event:viewer")
    assert len({one.link("event:viewer"), one.link("event:operator"), other.link("event:viewer")}) == 3


def test_a_pass_ends_to_the_second_with_its_leeway() -> None:
    keys = load_keys(read_settings(dict(line.split("=", 1) for line in new_key_lines())), signing=True)
    assert keys.private is not None
    token = Signer(keys.private).sign(
        id="j", person="ada", duty="none", event="e", sessions=("a",), door="remote", name="Ada", language="fr", now=NOW
    )
    verifier = Verifier(keys.public, event="e")
    last = NOW + LIFETIME + LEEWAY
    assert verifier.verify(token, now=last - timedelta(milliseconds=1)).covers("a")
    with pytest.raises(Unauthenticated, match="pass_expired"):
        verifier.verify(token, now=last)


def test_a_revocation_counts_for_passes_from_before_and_not_for_those_from_after() -> None:
    revocations = Revocations()
    revocations.revoke("ada", NOW)
    for issued in (NOW - timedelta(minutes=1), NOW):
        with pytest.raises(Unauthenticated, match="revoked"):
            revocations.check(holder(issued))
    revocations.check(holder(NOW + timedelta(seconds=1)))


def test_an_older_revocation_does_not_undo_a_newer_one() -> None:
    revocations = Revocations()
    revocations.revoke("ada", NOW)
    revocations.revoke("ada", NOW - timedelta(minutes=5))
    with pytest.raises(Unauthenticated):
        revocations.check(holder(NOW))


def test_a_revocation_is_forgotten_when_every_pass_it_concerns_has_ended() -> None:
    revocations = Revocations()
    revocations.revoke("ada", NOW)
    revocations.forget(NOW + LIFETIME)
    with pytest.raises(Unauthenticated):
        revocations.check(holder())
    revocations.forget(NOW + LIFETIME + LEEWAY)
    revocations.check(holder())


def test_an_allowance_is_used_up_told_with_the_wait_and_refilled_steadily() -> None:
    now = [100.0]
    limiter, limit = Limiter(lambda: now[0]), RateLimit(2, 10.0)
    limiter.take("ask", "ada", limit)
    limiter.take("ask", "ada", limit)
    with pytest.raises(TooMany) as refused:
        limiter.take("ask", "ada", limit)
    assert refused.value.retry_after == 5.0
    limiter.take("ask", "bob", limit)
    now[0] += 5.0
    limiter.take("ask", "ada", limit)


def test_of_several_processes_each_gives_its_share_of_an_allowance() -> None:
    now = [100.0]
    limits, limit = [Limiter(lambda: now[0]) for _ in range(2)], RateLimit(4, 8.0)
    for limiter in limits:
        for _ in range(2):
            limiter.take("ask", "ada", limit, 2)
        with pytest.raises(TooMany) as refused:
            limiter.take("ask", "ada", limit, 2)
        assert refused.value.retry_after == 4.0
    now[0] += 4.0
    limits[0].take("ask", "ada", limit, 1)
    limits[0].take("ask", "ada", limit, 1)  # the other one is gone


def test_the_limiter_forgets_the_longest_silent_when_it_is_full() -> None:
    limiter, limit = Limiter(lambda: 0.0, most=2), RateLimit(1, 60.0)
    for caller in ("a", "b", "c"):
        limiter.take("x", caller, limit)
    limiter.take("x", "a", limit)  # a was forgotten, and begins anew
    with pytest.raises(TooMany):
        limiter.take("x", "c", limit)
