"""The WHIP endpoint without its HTTP (RFC 9725): answers offers, bounds who may wait, gives each stage at most one publisher."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import IngestRefusal
from services.streaming.ingest.whip.limits import LIMITS, WhipLimits
from services.streaming.ingest.whip.offers import lacking
from services.streaming.ingest.whip.peer import BadOffer, Ears, Peer
from services.streaming.ingest.whip.place import Place
from services.streaming.ingest.whip.publication import WhipPublication
from shared.ids import new_token

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5
STOP_SECONDS: Final = 5.0


class WhipRefused(Exception):
    """The offer is not taken; `code` is one of `disconnect_reasons`, `codec` what was missed."""

    def __init__(self, code: str, codec: str = "") -> None:
        super().__init__(code)
        self.code, self.codec = code, codec


@dataclass(slots=True)
class _Session:
    id: str
    stage: str
    publication: WhipPublication
    peer: Peer
    watch: asyncio.Task[None] | None = None


class WhipServer:
    """`on_publish` is called, in the event loop, once it is clear what a new publication holds; `silence` says for how long whoever sends
    to a stage has been silent, by any protocol, None while nobody does; `disconnect` cuts them."""

    def __init__(
        self,
        place: Place,
        *,
        silence: Callable[[str], float | None],
        disconnect: Callable[[str, str], None],
        on_publish: Callable[[WhipPublication], None],
        on_refusal: Callable[[IngestRefusal], None],
        limits: WhipLimits = LIMITS,
    ) -> None:
        self._place, self._silence, self._cut, self._on_publish, self._on_refusal = place, silence, disconnect, on_publish, on_refusal
        self.limits = limits
        self._sessions: dict[str, _Session] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._answering: dict[str, _Session] = {}
        self._stopped = False

    async def offer(self, stage: str, sdp: str, peer: str, language: str = "") -> tuple[str, str]:
        """The id of the session, unguessable, and the SDP answer. `peer`: address of the sender; `language`: of a second sound, of whoever
        interprets. Raises WhipRefused."""
        try:
            return await self._offer(stage, sdp, peer, language)
        except WhipRefused as refusal:
            log.warning("WHIP from %s refused: %s", peer, refusal.code)
            self._on_refusal(IngestRefusal(peer, stage, refusal.code, refusal.codec))
            raise

    async def _offer(self, stage: str, sdp: str, peer: str, language: str) -> tuple[str, str]:
        if self._stopped:
            raise WhipRefused(disconnect_reasons.STOPPING)
        lacks = lacking(sdp, interpreted=bool(language))
        if lacks is not None:
            raise WhipRefused(disconnect_reasons.WHIP_CODEC if lacks else disconnect_reasons.WHIP_OFFER, lacks)
        if len(self._answering) >= self.limits.pending:
            raise WhipRefused(disconnect_reasons.CROWDED)
        silent = self._silence(stage)
        if silent is not None and silent < self.limits.takeover_seconds:
            raise WhipRefused(disconnect_reasons.BUSY)
        session = self._session(stage, peer, language)
        answer = await self._answered(session, sdp)
        self._cut(stage, disconnect_reasons.REPLACED)
        self._sessions[session.id] = session
        session.watch = asyncio.create_task(self._watch(session), name=f"WHIP {stage}")
        return session.id, answer

    def _session(self, stage: str, sender: str, language: str) -> _Session:
        id = new_token("whip")
        publication = WhipPublication(stage, sender, self.limits, lambda reason: self._forget(id), language)
        ears = Ears(publication.frame, publication.report, lambda: publication.finish(disconnect_reasons.LOST))
        peer = Peer(self._place, ears, two_sounds=bool(language))
        publication.ask_for_key = peer.ask_for_key
        return _Session(id, stage, publication, peer)

    async def _answered(self, session: _Session, sdp: str) -> str:
        """Raises WhipRefused, also where the stage was cut meanwhile: its key may be another one by now."""
        self._answering[session.id] = session
        try:
            async with asyncio.timeout(self.limits.answer_seconds):
                answer = await session.peer.answer(sdp)
            if session.publication.end_reason is not None:
                raise WhipRefused(disconnect_reasons.STOPPING if self._stopped else disconnect_reasons.UNAVAILABLE)
            return answer
        except BaseException as wrong:
            await session.peer.close()
            if isinstance(wrong, BadOffer):
                log.info("WHIP from %s: %s", session.publication.peer, wrong)
                raise WhipRefused(disconnect_reasons.WHIP_OFFER) from None
            if isinstance(wrong, TimeoutError):
                raise WhipRefused(disconnect_reasons.UNAVAILABLE) from None
            raise
        finally:
            del self._answering[session.id]

    async def _watch(self, session: _Session) -> None:
        """From the answer to the end of the session, whatever ends it."""
        publication, announced, now = session.publication, False, asyncio.get_running_loop().time
        answered_at = now()
        while publication.end_reason is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await publication.changed()
            if not announced and publication.known:
                announced = True
                self._on_publish(publication)
            if not announced and now() - answered_at > self.limits.connect_seconds:
                publication.finish(disconnect_reasons.LOST)
            elif publication.facts.silent_for > self.limits.idle_seconds:
                publication.finish(disconnect_reasons.SILENT)
        self._forget(session.id)

    def sends(self, stage: str) -> bool:
        """Whether somebody sends to the stage by WHIP, and is not about to be given up."""
        now = [one for one in self._sessions.values() if one.stage == stage and one.publication.end_reason is None]
        return any(one.publication.known and one.publication.facts.silent_for < self.limits.takeover_seconds for one in now)

    def end(self, id: str, stage: str) -> bool:
        """Whether there was this session of this stage. It ends as one that was stopped on purpose."""
        session = self._sessions.get(id)
        if session is None or session.stage != stage:
            return False
        session.publication.finish(disconnect_reasons.ENDED)
        self._forget(id)
        return True

    def disconnect(self, stage: str, reason: str) -> None:
        """Cuts whoever sends to the stage by WHIP, or is about to; one that replaces another does not cut itself."""
        beginning = [] if reason == disconnect_reasons.REPLACED else [*self._answering.values()]
        for session in [one for one in (*self._sessions.values(), *beginning) if one.stage == stage]:
            session.publication.close(reason)

    def _forget(self, id: str) -> None:
        session = self._sessions.pop(id, None)
        if session is not None:
            task = asyncio.create_task(session.peer.close(), name="WHIP close")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def stop(self) -> None:
        """Ends every session, within STOP_SECONDS."""
        self._stopped = True
        watches = [session.watch for session in self._sessions.values() if session.watch is not None]
        for session in [*self._sessions.values(), *self._answering.values()]:
            session.publication.close(disconnect_reasons.STOPPING)
        if watches or self._closing:
            await asyncio.wait([*watches, *self._closing], timeout=STOP_SECONDS)
