"""What an endpoint declares about itself: enough to mount it, to guard it and to describe it (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from shared.errors import DomainError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refused = Callable[[web.Request, DomainError], Awaitable[web.StreamResponse]]
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class Body(BaseModel):
    """Base of request bodies: closed (unknown fields are refused), strict (no silent conversion), frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Who(Enum):
    """How a caller is recognised, before any capability is looked at."""

    ANYONE = "anyone"
    """No proof needed."""
    SESSION = "session"
    """The browser's session cookie (registration only); writes must also be same-origin."""
    PASS = "pass"
    """`Authorization: Bearer <pass>`."""
    MEDIA = "media"
    """The pass cookie of /hls, or a key in the path."""
    LITE = "lite"
    """The pass cookie of the pages without script; writes must also be same-origin."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `times` calls per `seconds` and client address (or person, when one is known) on this endpoint."""

    times: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint; a GET is mounted for HEAD as well.

    `path` in aiohttp's notation. `action` is a capability of shared.auth.capabilities, checked before `handler` runs when `who` is
    PASS or LITE; the verified pass is then `request[PASS_KEY]`. `body` is parsed and checked before too: `request[BODY_KEY]`."""

    method: Method
    path: str
    handler: Handler
    operation: str
    summary: str
    who: Who = Who.ANYONE
    action: str | None = None
    body: type[Body] | None = None
    answers: Mapping[int, type[BaseModel] | str | None] = field(default_factory=lambda: {200: None})
    """Status → model of the JSON body, or a media type, or None for no body."""
    errors: tuple[str, ...] = ()
    """Stable codes this endpoint may answer besides those of `who`, `body` and `limit`."""
    limit: RateLimit | None = None
    crowd: bool = False
    """A whole room may call it in the same moment: such calls begin a few at a time (shared.turns), and others need not wait for all."""
    most_bytes: int = 16_384
    open: bool = False
    """Public: pages of other sites may read it (CORS); a GET only."""
    refused: Refused | None = None
    """How this endpoint itself answers a refusal, by its guard or its handler; None: as all do."""
    internal: bool = False
    """Not in the OpenAPI document: pages, assets, health."""


PASS_KEY: web.RequestKey[Any] = web.RequestKey("tablee.pass", object)
BODY_KEY: web.RequestKey[Any] = web.RequestKey("tablee.body", object)
