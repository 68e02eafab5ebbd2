"""By which servers the two ends of a call find each other, and what one agrees to who makes one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from services.qa.table.consent import CONSENT_KEY, CONSENT_VERSION
from services.qa.table.ice import CREDENTIAL_SECONDS, ice_plan, password_of
from tests.support.messages import MESSAGES

NOW = datetime(2021, 6, 3, 8, tzinfo=UTC)
SECRET = "north-of-the-river"


def test_without_anything_set_calls_are_made_directly() -> None:
    assert ice_plan("", "", relay_only=False).told(NOW, "r") == {"ice_servers": [], "relay_only": False}


def test_servers_are_told_as_browsers_take_them() -> None:
    plan = ice_plan("stun:stun.example.org:3478, turns:anne:p%40ss@[2001:db8::1]:443?transport=tcp", "", relay_only=True)
    assert plan.told(NOW, "r") == {
        "ice_servers": [
            {"urls": ["stun:stun.example.org:3478"]},
            {"urls": ["turns:[2001:db8::1]:443?transport=tcp"], "username": "anne", "credential": "p%40ss"},
        ],
        "relay_only": True,
    }


def test_credentials_that_last_for_a_time_are_those_that_coturn_checks() -> None:
    """As turnserver(1) says of use-auth-secret: base64(hmac-sha1(secret, user name))."""
    (server,) = ice_plan("turn:turn.example.org", SECRET, relay_only=False).told(NOW, "r1")["ice_servers"]
    assert server["username"] == f"{int(NOW.timestamp()) + CREDENTIAL_SECONDS}:r1"
    made = base64.b64encode(hmac.new(SECRET.encode(), server["username"].encode(), hashlib.sha1).digest()).decode()
    assert server["credential"] == made == password_of(SECRET, server["username"])


def test_a_known_password_comes_out() -> None:
    """`printf %s 1622728800:tablee | openssl dgst -sha1 -hmac north-of-the-river -binary | base64`"""
    assert password_of(SECRET, "1622728800:tablee") == KNOWN


KNOWN = "aCIeULjlbulcI39vdRvHgnEnN5g="


@pytest.mark.parametrize(
    ("servers", "secret", "relay_only", "says"),
    [
        ("stun.example.org", "", False, "server 1 of TABLEE_ICE_SERVERS"),
        ("stun:a,turn:hunter2:@x", SECRET, False, "server 2 of TABLEE_ICE_SERVERS"),
        ("turn:turn.example.org:99999", SECRET, False, "server 1 of TABLEE_ICE_SERVERS"),
        ("stun:u:p@stun.example.org", "", False, "stun takes neither"),
        ("turn:turn.example.org", "", False, "TABLEE_TURN_SECRET"),
        ("turn:u:p@turn.example.org", SECRET, False, "TABLEE_TURN_SECRET"),
        ("", SECRET, False, "TABLEE_TURN_SECRET"),
        ("turn:turn.example.org", "short", False, "shorter"),
        ("stun:stun.example.org", "", True, "TABLEE_ICE_RELAY_ONLY"),
        (",".join(["stun:a"] * 17), "", False, "more than 16"),
    ],
)
def test_what_cannot_be_used_is_named_and_no_secret_with_it(servers: str, secret: str, relay_only: bool, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        ice_plan(servers, secret, relay_only=relay_only)
    assert "hunter2" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_plan_shows_no_secret() -> None:
    plan = ice_plan("turn:u:hunter2@a,turn:b", SECRET, relay_only=False)
    assert "hunter2" not in repr(plan)
    assert SECRET not in repr(plan)


def test_other_words_of_consent_have_another_version() -> None:
    """Whoever changes the text sets CONSENT_VERSION anew, and this."""
    words = MESSAGES.sentences(CONSENT_KEY, {})
    digest = hashlib.sha256("\0".join(words[language] for language in ("fr", "en")).encode()).hexdigest()
    assert (CONSENT_VERSION, digest[:16]) == ("2026-11", "0ecba6657f71f043")
