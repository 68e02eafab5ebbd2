"""Whether a caller of SRT knows the passphrase (draft-sharabayko-srt-01, sections 3.2.2 and 6.2), asked before anything is started."""

from __future__ import annotations

import hashlib
import struct
from typing import Final

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

ROUNDS: Final = 2048
_FIXED: Final = struct.Struct(">BHBIBBBBHBB")
"""Version and type, sign, which keys, index, cipher, authentication, encapsulation, nothing, nothing, words of salt, words of key."""
_KEY_MESSAGE, _SIGN, _AES_CTR, _SALT_WORDS = 0x12, 0x2029, 2, 4


def knows_passphrase(material: bytes, passphrase: str) -> bool:
    """`material`: the key material message of the handshake. False of anything that is not one."""
    if len(material) < _FIXED.size:
        return False
    kind, sign, keys, _, cipher, _, _, _, _, salt_words, key_words = _FIXED.unpack_from(material)
    known = (kind, sign, cipher, salt_words) == (_KEY_MESSAGE, _SIGN, _AES_CTR, _SALT_WORDS) and key_words in (4, 6, 8)
    count, begin = (keys & 1) + (keys >> 1 & 1), _FIXED.size + 4 * _SALT_WORDS
    if not known or count == 0 or len(material) != begin + 8 + count * 4 * key_words:
        return False
    salt = material[begin - 8 : begin]
    wrapping = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, ROUNDS, 4 * key_words)
    try:
        aes_key_unwrap(wrapping, material[begin:])
    except InvalidUnwrap:
        return False
    return True
