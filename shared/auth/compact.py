"""Signed claims as one text: the one form of JWS (RFC 7515, compact serialisation) that this platform writes, read with little work.

The library that signs reads any token of anybody, and looks at each character in Python, which took as long as the signature. Here there is
one head, one algorithm and one spelling, so that nothing is negotiated. What must not be here: what the claims mean.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM: Final = "EdDSA"
HEAD: Final = base64.urlsafe_b64encode(b'{"alg":"EdDSA","typ":"JWT"}').rstrip(b"=").decode()
"""What every token of ours begins with; one that says anything else is none."""


class NotOurs(ValueError):
    """Not signed by one of these keys, or not spelt as we write it."""


def written(claims: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    return jwt.encode(dict(claims), key, algorithm=ALGORITHM)


def read(token: str, keys: Sequence[Ed25519PublicKey]) -> dict[str, Any]:
    """The claims. Raises NotOurs."""
    signed, _, signature = token.rpartition(".")
    head, _, body = signed.partition(".")
    if head != HEAD:
        raise NotOurs("head")
    given, text = _bytes(signature), signed.encode()
    if not any(_is_signed(key, given, text) for key in keys):
        raise NotOurs("signature")
    try:
        claims = json.loads(_bytes(body))
    except ValueError:
        raise NotOurs("claims") from None
    if not isinstance(claims, dict):
        raise NotOurs("claims")
    return claims


def _is_signed(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _bytes(text: str) -> bytes:
    """Of the one spelling that there is: no padding, no bits that mean nothing. Raises NotOurs."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotOurs("base64") from None
    if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != text:
        raise NotOurs("base64")
    return found
