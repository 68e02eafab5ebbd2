"""Reads the tokens that `Signer` writes: a JWS in its compact form (RFC 7515, section 3.1), signed with Ed25519 (RFC 8037).

There is one header, and a token with any other is refused before anything else of it is looked at: nothing in a token chooses how it is
checked. The library that signs could read them too; it looks at every character in Python, which cost a question as much as its signature.
What it accepts and what is accepted here is compared by a test.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADER: Final = base64.urlsafe_b64encode(b'{"alg":"EdDSA","typ":"JWT"}').rstrip(b"=") + b"."
_STANDARD: Final = bytes.maketrans(b"-_+/", b"+/!!")
"""The URL-safe alphabet (RFC 4648, section 5) as the strict decoder knows it; what only the other alphabet has is in neither."""


def claims_of(token: str, keys: Sequence[Ed25519PublicKey]) -> Mapping[str, Any] | None:
    """The JSON object that one of the keys signed; None for everything else. `token` is ASCII."""
    signed, _, signature = token.encode("ascii").rpartition(b".")
    if not signed.startswith(HEADER):
        return None
    try:
        if not _is_signed(signed, _decoded(signature), keys):
            return None
        claims = json.loads(_decoded(signed[len(HEADER) :]))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _is_signed(signed: bytes, signature: bytes, keys: Sequence[Ed25519PublicKey]) -> bool:
    for key in keys:
        try:
            key.verify(signature, signed)
            return True
        except InvalidSignature:
            continue
    return False


def _decoded(text: bytes) -> bytes:
    """Without padding, and in the one way in which it is written: bits that mean nothing are zero. Raises ValueError."""
    found = binascii.a2b_base64(text.translate(_STANDARD) + b"=" * (-len(text) % 4), strict_mode=True)
    if base64.urlsafe_b64encode(found).rstrip(b"=") != text:
        raise ValueError("not canonical")
    return found
