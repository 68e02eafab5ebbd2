"""What the pages must know of polls, written from the service's own tables as one JavaScript module.
`python -m services.qa.polls.page_tables` prints web/js/state/poll_tables.js; a test says when that file is stale."""

from __future__ import annotations

from typing import Final

from services.qa.js_constants import constant, union
from services.qa.polls.answers import COUNTABLE, MOST_WORD_CHARACTERS
from services.qa.polls.domain import GRACE_SECONDS
from services.qa.polls.life import POLL_STATES, POLL_STEPS
from shared import poll_rules
from shared.events.vocabulary import POLL_KINDS, POLL_STATUSES

HEAD: Final = """// What the service knows of polls: states, steps, limits, the shape of a poll.
// Made by `python -m services.qa.polls.page_tables > web/js/state/poll_tables.js`, never by hand.

/**
 * @typedef {KINDS} PollKind
 * @typedef {STATUSES} PollStatus
 *
 * @typedef {object} Poll  As its audience sees it; the last three fields are for moderators (services/qa/feed/polls.py).
 * @property {string} id
 * @property {number} version
 * @property {PollStatus} status
 * @property {PollKind} kind
 * @property {string} question
 * @property {{id: string, text: string}[]} options
 * @property {number} least
 * @property {number} most
 * @property {string} low_label
 * @property {string} high_label
 * @property {string} right
 * @property {string} language
 * @property {boolean} shown
 * @property {number} position
 * @property {string} changed_at
 * @property {string|null} opened_at
 * @property {string|null} closes_at
 * @property {string|null} closed_at
 * @property {'programme'|'moderator'} [origin]
 * @property {string} [changed_by]
 * @property {string[]} [flagged]
 */
"""


def render() -> str:
    head = HEAD.replace("{KINDS}", "{" + union(POLL_KINDS) + "}").replace("{STATUSES}", "{" + union(POLL_STATUSES) + "}")
    desk = [step for step in POLL_STEPS.values() if step.by_hand]
    allowed = {status: [step.name for step in desk if status in step.starts] for status in POLL_STATUSES}
    removed = {status: [step.name for step in desk if status in step.starts and not step.in_force] for status in POLL_STATUSES}
    constants = (
        ("How a poll is answered.", "PollKind[]", "POLL_KINDS", list(POLL_KINDS)),
        ("Kinds that offer options.", "PollKind[]", "WITH_OPTIONS", [kind for kind in POLL_KINDS if kind in poll_rules.WITH_OPTIONS]),
        ("Kinds that hands can be counted for.", "PollKind[]", "COUNTABLE", [kind for kind in POLL_KINDS if kind in COUNTABLE]),
        ("Where it takes answers.", "PollStatus[]", "POLL_LIVE", [status for status, facts in POLL_STATES.items() if facts.live]),
        ("Status → what the desk may do with it.", "Record<string, string[]>", "POLL_ALLOWED", allowed),
        ("The same in a session that the programme has no more.", "Record<string, string[]>", "POLL_ALLOWED_REMOVED", removed),
        ("How much later than its end an answer may come, in s.", "number", "GRACE_SECONDS", int(GRACE_SECONDS)),
        ("Longest question.", "number", "MOST_POLL_CHARACTERS", poll_rules.MOST_QUESTION_CHARACTERS),
        ("Most options.", "number", "MOST_OPTIONS", poll_rules.MOST_OPTIONS),
        ("Longest name of an end of a scale.", "number", "MOST_LABEL_CHARACTERS", poll_rules.MOST_LABEL_CHARACTERS),
        ("Most words of one answer.", "number", "MOST_WORDS", poll_rules.MOST_WORDS),
        ("Longest word.", "number", "MOST_WORD_CHARACTERS", MOST_WORD_CHARACTERS),
        ("The lowest and the highest number of any scale.", "number[]", "SCALE", list(poll_rules.SCALE)),
        ("The ends of a scale where nothing is said.", "number[]", "USUAL_SCALE", list(poll_rules.USUAL_SCALE)),
    )
    return "\n".join([head, *(constant(*each) for each in constants), ""])


if __name__ == "__main__":
    print(render(), end="")
