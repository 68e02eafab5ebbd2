"""Sealing a text under a key: AES-256 in Galois/Counter Mode (NIST SP 800-38D). Whoever has not the key reads nothing and changes nothing
unseen."""

from __future__ import annotations

import base64
import secrets
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12


def seal(key: bytes, text: bytes, *, bound_to: bytes) -> str:
    """In base 64: a random nonce, then the ciphertext with its tag. It opens together with the same `bound_to` only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text, bound_to)).decode()


def unseal(key: bytes, sealed: str, *, bound_to: bytes) -> bytes:
    """Raises cryptography's InvalidTag."""
    whole = base64.b64decode(sealed)
    return AESGCM(key).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], bound_to)
