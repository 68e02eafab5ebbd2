"""Ticket codes: how one is written, and what follows from it. A desk holds a list that it cannot read: each person of it is found by
`index_of` their code and sealed under `key_of` it, so that only a ticket that is shown opens its own line.

Pure. What must not be here: whose code it is, ciphers.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit."""
CODE_BYTES: Final = 10
"""80 bits: who steals a list of some thousand tickets tries none of them out in a lifetime, although one try is cheap."""
CODE_CHARACTERS: Final = 16
GROUP: Final = 4
INDEX_BYTES: Final = 16
KEY_BYTES: Final = 32
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def written(value: bytes) -> str:
    """The first CODE_BYTES of `value` as a code: `7K2M-9QXD-1HCA-V0ZT`."""
    number = int.from_bytes(value[:CODE_BYTES])
    signs = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(CODE_CHARACTERS)))
    return "-".join(signs[start : start + GROUP] for start in range(0, CODE_CHARACTERS, GROUP))


def plain(text: str) -> str:
    """A code as it was typed or read, without its dashes and with what is easily mistaken put right; '' where it cannot be one."""
    found = text.strip().upper().translate(_READ_AS)
    return found if len(found) == CODE_CHARACTERS and all(sign in ALPHABET for sign in found) else ""


def index_of(code: str, salt: bytes) -> str:
    """Where the line of a ticket is found; nothing of the code can be told from it."""
    return _expanded(plain(code), salt, b"tablee ticket index")[:INDEX_BYTES].hex()


def key_of(code: str, salt: bytes) -> bytes:
    """What opens that line."""
    return _expanded(plain(code), salt, b"tablee ticket key")[:KEY_BYTES]


def _expanded(code: str, salt: bytes, info: bytes) -> bytes:
    """HKDF with SHA-256 (RFC 5869), one block of it."""
    extracted = hmac.digest(salt, code.encode(), hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)
