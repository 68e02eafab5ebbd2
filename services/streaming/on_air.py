"""What a stage has on the air, and why: the one judgement that operators are shown. Pure.

It never says two things at once: `shows` is what viewers get at this moment, `cause` why it is that and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from services.streaming.ingest.port import IngestFacts
from shared.events.vocabulary import StageOrigin

Cause = Literal[
    "closed_session", "starting", "sending", "beginning", "silent", "no_key_frame", "stopped", "cut", "lost", "never", "repairing", "file"
]
"""`sending`: the encoder's picture; `beginning`: an encoder is there, its picture comes at once; `no_key_frame`: it sends no picture that
one can begin with; `silent`: it is connected and nothing comes; `stopped` on purpose, `cut` by the house, `lost` without a word; `never`:
nobody has sent since the process started; `repairing`: our own encoder is started again; `file`: a file is what this stage shows."""
Trouble = Literal["slow", "no_sound", "no_picture", "sound_stopped", "picture_stopped", "far_keys", "lossy", "overloaded", "not_recorded"]
Mark = Literal["live", "rehearsal", "waiting", "starting"]
"""`live`: real pictures; `rehearsal`: the test card, which nobody should take for an event; `waiting`: something stands in."""
SenderEnd = Literal["stopped", "cut", "lost"]

SILENT_SECONDS: Final = 1.0
SLOW_PACE: Final = 0.9
"""Below it viewers wait: a sender this slow gives less than a second of picture per second."""
BEGIN_SECONDS: Final = 6.0
"""A sender is on the air sooner than this; pictures without a key frame for so long give nothing to begin with."""
FAR_KEYS_SECONDS: Final = 4.5
"""Key frames further apart keep viewers waiting after every interruption."""

LOSSY: Final = 0.02
"""Of the packets; more than this, and what is sent again soon comes too late."""


@dataclass(frozen=True, slots=True)
class AirFacts:
    """`origin` as in StageChanged; `closed`: a closed session is on; `sender`: an encoder that is connected; `speed` of our own encoder,
    None while too little is known; `unwritten`: what is to be recorded does not reach the disk."""

    origin: StageOrigin
    closed: bool
    sender: IngestFacts | None
    last_end: SenderEnd | None
    speed: float | None
    unwritten: bool = False


@dataclass(frozen=True, slots=True)
class OnAir:
    shows: StageOrigin
    mark: Mark
    cause: Cause
    troubles: tuple[Trouble, ...]


def judge(facts: AirFacts) -> OnAir:
    return OnAir(facts.origin, _mark(facts), _cause(facts), _troubles(facts))


def _mark(facts: AirFacts) -> Mark:
    if facts.origin == "none":
        return "starting"
    if facts.origin == "generated":
        return "rehearsal"
    stands_in = facts.origin == "slate" or (facts.origin == "file" and facts.last_end in ("lost", "cut"))
    return "waiting" if stands_in else "live"


def _cause(facts: AirFacts) -> Cause:
    if facts.closed:
        return "closed_session"
    if facts.origin == "none":
        return "starting"
    if facts.sender is not None:
        return _with_sender(facts.origin, facts.sender)
    if facts.origin == "slate" and facts.last_end != "lost":
        return "repairing"
    if facts.last_end is not None:
        return facts.last_end
    return "file" if facts.origin == "file" else "never"


def _with_sender(origin: StageOrigin, sender: IngestFacts) -> Cause:
    if sender.silent_for >= SILENT_SECONDS:
        return "silent"
    if origin not in ("slate", "generated", "file"):
        return "sending"
    if sender.lasts < BEGIN_SECONDS:
        return "beginning"
    return "no_key_frame" if sender.has_video and sender.keyless_seconds >= BEGIN_SECONDS else "repairing"


def _troubles(facts: AirFacts) -> tuple[Trouble, ...]:
    found: list[Trouble] = []
    sender = facts.sender
    if sender is not None and sender.silent_for < SILENT_SECONDS:
        if sender.pace is not None and sender.pace < SLOW_PACE:
            found.append("slow")
        if sender.missing is not None:
            found.append("sound_stopped" if sender.missing == "audio" else "picture_stopped")
        elif sender.has_audio != sender.has_video:
            found.append("no_sound" if sender.has_video else "no_picture")
        if (sender.keyframe_seconds or 0.0) > FAR_KEYS_SECONDS:
            found.append("far_keys")
        if (sender.loss or 0.0) >= LOSSY:
            found.append("lossy")
    if facts.speed is not None and facts.speed < SLOW_PACE and (sender is None or _keeps_up(sender)):
        found.append("overloaded")
    if facts.unwritten:
        found.append("not_recorded")
    return tuple(found)


def _keeps_up(sender: IngestFacts) -> bool:
    return sender.silent_for < SILENT_SECONDS and (sender.pace or 0.0) >= SLOW_PACE
