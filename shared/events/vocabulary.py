"""The closed lists of words that events, domains and pages share. A new word is added here first; mypy then shows who must know it."""

from __future__ import annotations

from typing import Final, Literal, TypeGuard, get_args

Door = Literal["in_room", "remote", "hub"]
"""How a person attends: in the room, from afar, with others at a local hub."""
Attendance = Literal["in_room", "remote", "hub", "staff"]
"""How a person attends: by one of the three doors, or `staff` for those who are at work and came in by none of them."""
QuestionStatus = Literal["queued", "published", "declined", "on_stage", "answered", "withdrawn", "hidden", "merged", "deferred", "erased"]
AnswerStanding = Literal["answered", "deferred", "gone"]
"""What is public of a question after its session: its answer, the promise of one, nothing."""
StandardReason = Literal["off_topic", "duplicate", "already_answered", "unclear", "disrespectful", "promotional", "no_time"]
"""Why a question may be declined where the organiser says nothing else; each has its words on the pages."""
FloorState = Literal["closed", "open", "paused"]
"""Whether a session takes questions; `paused`: of local hubs only."""
FloorDecider = Literal["programme", "hand"]
"""Who decided whether a session takes questions: the programme and the running order, or a moderator."""
StageState = Literal["starting", "live", "fallback", "ended"]
"""`live`: what was meant to be sent; `fallback`: something stands in for it, because a source is missing or must not be shown."""
StageReason = Literal["closed_session", "left_programme"]
"""Why a stage does not send its picture although nothing failed."""
StageOrigin = Literal["rtmp", "whip", "srt", "pull", "file", "generated", "slate", "none"]
EventStatus = Literal["draft", "published", "moved_online", "postponed", "cancelled"]
Progress = Literal["unknown", "upcoming", "on", "over", "cancelled"]
"""How a session stands in the running order; `unknown`: no hour is known and nobody started it."""
PollKind = Literal["single", "several", "ranking", "scale", "words", "quiz"]
"""How a poll is answered: one option, several, all of them in order, a number, a few words, or one option of which one is right."""
AnswerKind = Literal["text", "choice", "several", "yes_no"]
"""How a question of the registration form is answered: in one's own words, with one option, with any number of them, or yes or no."""
PollStatus = Literal["draft", "open", "closing", "closed", "archived"]
"""How a poll stands; `closing`: its end is announced, and answers still on their way count."""
PollOrigin = Literal["programme", "moderator"]
NoteSide = Literal["desk", "chair"]
"""Who wrote a note: the moderators, or the chair beside the microphone."""
FlagKind = Literal["word", "link", "repeated"]
"""What marks a question for moderators: words of the organiser's lists, a link, the same words as an earlier one."""
ReactionKind = Literal["applause", "agree", "laugh", "puzzled"]
"""What people may show without a word."""
SeatStanding = Literal["invited", "checking", "ready", "on_air", "lost", "declined", "expired", "left", "removed"]
"""How a seat at the table stands; the last four have ended."""
SeatKind = Literal["guest", "speaker", "signer", "voice_interpreter"]
"""What somebody at the table is there for; `signer`: interprets into sign language, `voice_interpreter`: by voice."""
PlaceStanding = Literal["seated", "offered", "waiting", "lapsed"]
"""How somebody stands in the line for a door; `lapsed`: an offer was declined or not answered."""
SignalSide = Literal["seat", "studio"]
"""The two ends of a call: the person's page, or the studio's."""
SignalKind = Literal["offer", "answer", "candidate", "restart", "bye"]
"""What the two ends of a call tell each other before and while they talk."""
Sender = Literal["registration", "streaming", "qa"]
"""The services."""

DOORS: Final[tuple[Door, ...]] = get_args(Door)
ATTENDANCES: Final[tuple[Attendance, ...]] = get_args(Attendance)
QUESTION_STATUSES: Final[tuple[QuestionStatus, ...]] = get_args(QuestionStatus)
STANDARD_REASONS: Final[tuple[StandardReason, ...]] = get_args(StandardReason)
FLOOR_STATES: Final[tuple[FloorState, ...]] = get_args(FloorState)
POLL_KINDS: Final[tuple[PollKind, ...]] = get_args(PollKind)
ANSWER_KINDS: Final[tuple[AnswerKind, ...]] = get_args(AnswerKind)
POLL_STATUSES: Final[tuple[PollStatus, ...]] = get_args(PollStatus)
SEAT_STANDINGS: Final[tuple[SeatStanding, ...]] = get_args(SeatStanding)
SEAT_KINDS: Final[tuple[SeatKind, ...]] = get_args(SeatKind)
SIGNAL_KINDS: Final[tuple[SignalKind, ...]] = get_args(SignalKind)
REACTION_KINDS: Final[tuple[ReactionKind, ...]] = get_args(ReactionKind)


def is_door(word: str) -> TypeGuard[Door]:
    return word in DOORS


def is_floor_state(word: str) -> TypeGuard[FloorState]:
    return word in FLOOR_STATES
