"""Identifiers: made at the edge, handed to the domain as values."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable

IdSource = Callable[[], str]

TOKEN_BITS = 160


def new_id() -> str:
    """A random UUID (RFC 9562, version 4) in its 36-character text form."""
    return str(uuid.uuid4())


def new_token(prefix: str) -> str:
    """An unguessable token of 160 random bits, `prefix` and 27 URL-safe characters, e.g. `lnk_…`."""
    return f"{prefix}_{secrets.token_urlsafe(TOKEN_BITS // 8)}"


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID in canonical lower-case form."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
