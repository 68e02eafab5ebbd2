"""Who may see what of a poll: the only place where polls and their results are made into what leaves the service. Pure.

POLL      what everybody may read of one that was opened; which option of a quiz is right only once nothing counts any more
MOD_POLL  what moderators read, of drafts and archived ones too
results   how many answered is everybody's; what they answered is, beside moderators, only theirs to whom it is shown, without flagged words
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.qa.feed.projection import DISPLAY, MODERATOR, Json, View
from services.qa.polls.life import POLL_COUNTED, POLL_LIVE, POLL_VISIBLE
from shared.events.poll import PollAnswer, PollState, PollTally

POLL: Final = (
    "id", "version", "status", "kind", "question", "options", "least", "most", "low_label", "high_label", "right", "language", "shown",
    "position", "changed_at", "opened_at", "closes_at", "closed_at",
)  # fmt: skip
MOD_POLL: Final = (*POLL, "origin", "changed_by", "flagged")


def sees_poll(poll: PollState, view: View) -> bool:
    """A screen shows what can be answered, then what came of it."""
    if view == MODERATOR:
        return True
    if view == DISPLAY:
        return poll.status in POLL_LIVE or (poll.status in POLL_VISIBLE and poll.shown)
    return poll.status in POLL_VISIBLE


def poll_for(poll: PollState, view: View) -> Json | None:
    """The poll as `view` sees it, None when that view does not."""
    if not sees_poll(poll, view):
        return None
    values: dict[str, Any] = {name: getattr(poll, name) for name in (MOD_POLL if view == MODERATOR else POLL)}
    return values | {
        "options": [{"id": option.id, "text": option.text} for option in poll.options],
        "right": poll.right if view == MODERATOR or poll.status == "closed" else "",
        **({"flagged": list(poll.flagged)} if view == MODERATOR else {}),
    }


def tally_for(poll: PollState, tally: PollTally, view: View) -> Json | None:
    """`counts` is null for those who may not see the results (yet)."""
    if not sees_poll(poll, view) or poll.status not in POLL_COUNTED:
        return None
    hidden = frozenset() if view == MODERATOR else frozenset(poll.flagged)
    counts = {key: dict(by_door) for key, by_door in tally.counts.items() if key not in hidden}
    seen: Mapping[str, Any] | None = counts if view == MODERATOR or poll.shown else None
    return {"id": poll.id, "rev": tally.rev, "answers": dict(tally.answers), "counts": seen, "halls": tally.halls}


def answer_for(answer: PollAnswer) -> Json:
    """As the person who gave it reads it."""
    hall = None if answer.hall is None else dict(answer.hall)
    return {"poll": answer.poll, "choice": list(answer.choice), "hall": hall, "people": answer.people, "rev": answer.rev}
