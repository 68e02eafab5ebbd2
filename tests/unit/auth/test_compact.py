"""What this platform signs is read as the library reads it, and nothing else is."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.auth import compact
from shared.auth.passes import new_private_key

KEY, OTHER = new_private_key(), new_private_key()
PUBLIC = KEY.public_key()
TOKEN = compact.written({"sub": "ada", "name": "Ada Lovelace", "aud": "api"}, KEY)
CLAIMS = st.dictionaries(
    st.text(max_size=8).map(lambda name: f"own {name}"),
    st.one_of(st.text(max_size=20), st.integers(-(2**53), 2**53), st.booleans()),
    max_size=5,
)
LIBRARY_WITHOUT_RULES: dict[str, Any] = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
}


def is_read_by_the_library(token: str) -> bool:
    try:
        jwt.decode(token, PUBLIC, algorithms=["EdDSA"], options=LIBRARY_WITHOUT_RULES)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        return False
    return True


def is_read(token: str) -> bool:
    try:
        compact.read(token, [PUBLIC])
    except compact.NotOurs:
        return False
    return True


@given(CLAIMS)
def test_what_is_written_is_read_again(claims: dict[str, Any]) -> None:
    assert compact.read(compact.written(claims, KEY), [OTHER.public_key(), PUBLIC]) == claims


@given(st.integers(0, len(TOKEN)), st.sampled_from("AQgw-_.=+/ é\n"), st.booleans())
def test_a_token_that_was_touched_is_read_where_the_library_reads_it_and_nowhere_else(place: int, character: str, instead: bool) -> None:
    touched = TOKEN[:place] + character + TOKEN[place + instead :]
    assert is_read(touched) == (touched == TOKEN)
    assert not is_read(touched) or is_read_by_the_library(touched)


@pytest.mark.parametrize(
    "head",
    [
        {"alg": "none", "typ": "JWT"},
        {"alg": "HS256", "typ": "JWT"},
        {"typ": "JWT", "alg": "EdDSA"},
        {"alg": "EdDSA", "typ": "JWT", "b64": True},
    ],
)
def test_another_head_is_none_of_ours_whoever_signed_it(head: dict[str, Any]) -> None:
    """A text of our own key under a head that we do not write: nothing is negotiated."""
    signed = f"{_text(json.dumps(head, separators=(',', ':')).encode())}.{TOKEN.split('.')[1]}"
    assert not is_read(f"{signed}.{_text(KEY.sign(signed.encode()))}")


def test_the_signature_of_another_key_is_none() -> None:
    with pytest.raises(compact.NotOurs):
        compact.read(TOKEN, [OTHER.public_key()])


def test_signed_text_that_is_no_object_is_none() -> None:
    signed = f"{compact.HEAD}.{_text(b'[1]')}"
    assert not is_read(f"{signed}.{_text(KEY.sign(signed.encode()))}")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
