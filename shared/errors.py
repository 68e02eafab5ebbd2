"""The kinds of domain error, each raised with a stable dotted code.

What lives here: the closed list of kinds and the values they carry. What must not: HTTP numbers, sentences for people
(they are in web/locales, looked up by code), transport.

Codes are part of the public interface: a code is never renamed and never reused with another meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused: `path` as in `participants.0.name`, `code` dotted, `params` for its sentence."""

    path: str
    code: str
    params: Mapping[str, Any] | None = None


class DomainError(Exception):
    """Base of every refusal a caller may be told about. Raise one of the kinds below, never this class.

    `code`         stable dotted code, e.g. `registration.full`
    `params`       values for the sentence of that code (plain JSON values, nothing secret)
    `fields`       the refused fields, when the refusal is about some
    `current`      for Conflict: the state the caller should have known, already projected for that caller
    `retry_after`  seconds after which trying again makes sense, when known
    """

    kind: ClassVar[str] = "error"

    def __init__(
        self,
        code: str,
        *,
        params: Mapping[str, Any] | None = None,
        fields: Sequence[FieldError] = (),
        current: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Any] = params or {}
        self.fields = tuple(fields)
        self.current = current
        self.retry_after = retry_after


class NotFound(DomainError):
    kind = "not_found"


class Unauthenticated(DomainError):
    """Nobody is known to be calling: no pass, or one that is expired, forged or for another event."""

    kind = "unauthenticated"


class Denied(DomainError):
    """The caller is known and may not do this."""

    kind = "denied"


class Conflict(DomainError):
    """The caller decided on a state that is no longer the current one."""

    kind = "conflict"


class Invalid(DomainError):
    kind = "invalid"

    @classmethod
    def about(cls, path: str, code: str, **params: Any) -> Self:
        """One field was refused, and that is all there is to say."""
        return cls(code, params=params, fields=(FieldError(path, code, params),))


class Full(DomainError):
    kind = "full"


class TooMany(DomainError):
    kind = "too_many"


class Unavailable(DomainError):
    """A dependency does not answer now; the same request may succeed later."""

    kind = "unavailable"


KINDS: tuple[type[DomainError], ...] = (NotFound, Unauthenticated, Denied, Conflict, Invalid, Full, TooMany, Unavailable)
