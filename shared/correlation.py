"""One id that follows a request through HTTP, bus and feed. Kept in the context of the running task, never in a global."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from shared.ids import new_id

_current: ContextVar[str] = ContextVar("tablee_correlation", default="")
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


def current() -> str:
    """The correlation id of the running task, empty outside of any request or event."""
    return _current.get()


def accepted(given: str | None) -> str:
    """`given` when it is 8 to 64 harmless characters, else nothing."""
    return given if given and _SANE.fullmatch(given) else ""


def accepted_or_new(given: str | None) -> str:
    """`given` when it is harmless, else a fresh id."""
    return accepted(given) or new_id()


@contextmanager
def following(given: str | None) -> Iterator[None]:
    """Work on behalf of the request named by `given`: its logs and events carry the same id."""
    with correlated(accepted_or_new(given)):
        yield


@contextmanager
def correlated(id: str) -> Iterator[None]:
    token = _current.set(id)
    try:
        yield
    finally:
        _current.reset(token)
