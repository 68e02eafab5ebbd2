"""Tokens read by hand: nothing is accepted that the library that signs them would not accept, and what it signs is read as it reads it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.auth.compact import HEADER, claims_of
from shared.auth.passes import Signer, new_private_key

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
KEY, OTHER = new_private_key(), new_private_key()
TOKEN = Signer(KEY).sign(
    id="j", person="ada", duty="none", event="e", sessions=("*",), door="remote", name="Zoé Œil", language="fr", now=NOW
)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def by_the_library(token: str) -> Mapping[str, Any] | None:
    unchecked = {"verify_exp": False, "verify_iat": False, "verify_aud": False, "verify_iss": False}
    try:
        found: Mapping[str, Any] = jwt.decode(token, KEY.public_key(), algorithms=["EdDSA"], options=unchecked)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        return None
    return found


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: object, payload: bytes, key: Ed25519PrivateKey = KEY) -> str:
    first = f"{encoded(json.dumps(header, separators=(',', ':')).encode())}.{encoded(payload)}"
    return f"{first}.{encoded(key.sign(first.encode()))}"


def test_what_the_library_signs_is_read_as_the_library_reads_it() -> None:
    assert TOKEN.encode().startswith(HEADER)
    assert claims_of(TOKEN, [OTHER.public_key(), KEY.public_key()]) == by_the_library(TOKEN)
    assert claims_of(TOKEN, [OTHER.public_key()]) is None


@given(st.data())
def test_a_token_that_is_not_to_the_letter_what_was_signed_is_read_by_neither(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TOKEN)))
    until = data.draw(st.integers(place, min(place + 3, len(TOKEN))))
    other = TOKEN[:place] + data.draw(st.text(ALPHABET + ".=+/! \n", max_size=3)) + TOKEN[until:]
    assert claims_of(other, [KEY.public_key()]) == (by_the_library(TOKEN) if other == TOKEN else None)
    if other != TOKEN and not other.endswith("="):  # padding it takes from other issuers
        assert by_the_library(other) is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "JWT"}, {"alg": "HS256", "typ": "JWT"}, {"alg": "EdDSA"}, {"typ": "JWT", "alg": "EdDSA"},
        {"alg": "EdDSA", "typ": "JWT", "b64": False, "crit": ["b64"]}, {"alg": "EdDSA", "typ": "JWT", "kid": "1"}, [], None,
    ],
)  # fmt: skip
def test_no_other_header_is_read_though_the_signature_is_good(header: object) -> None:
    assert claims_of(signed(header, b'{"sub":"ada"}'), [KEY.public_key()]) is None


@pytest.mark.parametrize("payload", [b"", b"[]", b'"ada"', b"{", b"\xff", b"[" * 100_000])
def test_what_is_signed_and_no_object_is_read_as_nothing(payload: bytes) -> None:
    assert claims_of(signed({"alg": "EdDSA", "typ": "JWT"}, payload), [KEY.public_key()]) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", HEADER.decode(), HEADER.decode() + ".", HEADER.decode() + "e30."])
def test_what_is_no_token_is_read_as_nothing(token: str) -> None:
    assert claims_of(token, [KEY.public_key()]) is None
