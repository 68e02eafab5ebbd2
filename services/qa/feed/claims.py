"""Which moderator reads which question just now, as far as the feed of this process was told. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from services.qa.facts import Claim
from services.qa.feed.projection import Json
from shared.clock import to_text
from shared.events.question import QuestionState


class Claims:
    def __init__(self) -> None:
        self._claims: dict[tuple[str, str], Claim] = {}

    def put(self, claim: Claim) -> bool:
        """Whether it is news."""
        key = (claim.session, claim.question)
        known = self._claims.get(key)
        if known is not None and known.seq >= claim.seq:
            return False
        self._claims[key] = claim
        return True

    def of(self, question: QuestionState) -> Json | None:
        """{"by", "until"}, `by` empty for whose link bears no name; None while nobody reads this version of it."""
        claim = self._claims.get((question.session, question.id))
        if claim is None or claim.version != question.version or claim.given_up:
            return None
        return {"by": claim.by, "until": to_text(claim.until)}

    def expire(self, now: datetime) -> Iterable[Claim]:
        for key in [key for key, claim in self._claims.items() if claim.until <= now]:
            yield self._claims.pop(key)

    def forget(self, session: str) -> None:
        for key in [key for key in self._claims if key[0] == session]:
            del self._claims[key]
