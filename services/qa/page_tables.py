"""What the pages must know of questions, written from the service's own tables as one JavaScript module: states, steps, limits and
the shape of a question. `python -m services.qa.page_tables` prints web/js/state/tables.js; a test says when that file is stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args, get_origin, get_type_hints

from services.qa import domain, texts
from services.qa.feed.projection import ITEM, MOD_ITEM, VIEWS
from services.qa.js_constants import constant, union
from services.qa.life import (
    CLAIM_SECONDS,
    MERGEABLE_INTO,
    MOST_AT_ONCE,
    PUBLISHED_REPHRASED,
    STATES,
    STEPS,
    BulkCommand,
    Column,
    Step,
)
from services.qa.undo import UNDO_SECONDS
from shared.events.question import QuestionState
from shared.events.vocabulary import (
    DOORS,
    FLOOR_STATES,
    QUESTION_STATUSES,
    REACTION_KINDS,
    SEAT_KINDS,
    SEAT_STANDINGS,
    SIGNAL_KINDS,
    Attendance,
    FloorDecider,
    Progress,
    QuestionStatus,
)

_MADE: Final = {
    "author_id": "string|null",
    "by_door": "Partial<Record<Door, number>>",
    "claim": "{by: string, until: string}|null",
    "why": "Record<string, string>",
    "follows": "{id: string, status: Status, text: string, staged_at: string|null, answered_at: string|null, answer: string}|null",
}
"""Fields that events do not have."""

HEAD: Final = """// What the service knows of questions: states, steps, limits, the shape of a question.
// Made by `python -m services.qa.page_tables > web/js/state/tables.js`, never by hand.
"""


def render() -> str:
    return "\n".join([HEAD, _types(), *_constants(), ""])


def _types() -> str:
    names = {
        "Status": QUESTION_STATUSES,
        "Attendance": get_args(Attendance),
        "Door": DOORS,
        "FloorState": FLOOR_STATES,
        "FloorDecider": get_args(FloorDecider),
        "Progress": get_args(Progress),
        "Column": get_args(Column),
        "View": VIEWS,
        "ReactionKind": REACTION_KINDS,
        "SeatStanding": SEAT_STANDINGS,
        "SeatKind": SEAT_KINDS,
        "SignalKind": SIGNAL_KINDS,
    }
    lines = [f" * @typedef {{{union(words)}}} {name}" for name, words in names.items()]
    hints = get_type_hints(QuestionState)
    fields = [f" * @property {{{_shape(name, hints)}}} {_name(name)}" for name in (*MOD_ITEM, "follows")]
    return "\n".join(["/**", *lines, " *", " * @typedef {object} Item  A question as its audience sees it.", *fields, " */", ""])


def _constants() -> Iterable[str]:
    desk = [step for step in STEPS.values() if step.by == "moderator"]
    named, also = [step for step in desk if step.button], [step for step in desk if not step.button]
    columns = {status: each.column for status, each in STATES.items()}
    marks = {status: each.mark for status, each in STATES.items()}
    leads_to = {name: step.ends for name, step in STEPS.items() if step.ends}
    retractable = [status for status, each in STATES.items() if each.retractable]
    yield constant("The columns of the desk.", "Column[]", "COLUMNS", get_args(Column))
    yield constant("Status → its column.", "Record<string, Column>", "COLUMN_OF", columns)
    yield constant("Status → the mark of its meaning (badges.css).", "Record<string, string>", "MARKS", marks)
    yield constant("Status → what the desk may do with it.", "Record<string, string[]>", "ALLOWED", _allowed(named))
    yield constant("Status → what else it may, with something of the page.", "Record<string, string[]>", "ALSO", _also(also))
    yield constant(
        "Not in a session that the programme has no more.", "string[]", "IN_FORCE", [step.name for step in desk if step.in_force]
    )
    yield constant("Where a duplicate may be merged into.", "Status[]", "MERGEABLE_INTO", [one for one in STATES if one in MERGEABLE_INTO])
    yield constant("What one command may do with many.", "string[]", "TOGETHER", get_args(BulkCommand))
    yield constant("Command → the status it leads to.", "Record<string, Status>", "LEADS_TO", leads_to)
    yield constant("Where its author is offered to withdraw a question.", "Status[]", "RETRACTABLE", retractable)
    yield constant("Where its author may say it in other words.", "Status[]", "EDITABLE", STEPS["edit"].starts)
    yield constant("Where they may write it anew, so that it waits again.", "Status[]", "AMENDABLE", STEPS["amend"].starts)
    yield constant("How people attend.", "Door[]", "DOORS", DOORS)
    yield constant("What people may show without a word.", "ReactionKind[]", "REACTIONS", REACTION_KINDS)
    yield constant("For so many seconds a slip can be undone before its author is told.", "number", "UNDO_SECONDS", UNDO_SECONDS)
    yield constant("For so many seconds a claim lasts unless it is made longer.", "number", "CLAIM_SECONDS", CLAIM_SECONDS)
    yield constant("Most questions decided in one command.", "number", "MOST_AT_ONCE", MOST_AT_ONCE)
    late = int(domain.LATEST_ARRIVAL.total_seconds())
    yield constant("So long a question of a hall keeps its place in line, in s.", "number", "LATEST_ARRIVAL_SECONDS", late)
    yield constant("Longest question, counted by code point.", "number", "MOST_CHARACTERS", texts.MOST_CHARACTERS)
    yield constant("Longest theme or owner of a promise.", "number", "MOST_LABEL_CHARACTERS", texts.MOST_LABEL_CHARACTERS)
    yield constant("Longest note to an author.", "number", "MOST_NOTE_CHARACTERS", texts.MOST_NOTE_CHARACTERS)


def _allowed(steps: Sequence[Step]) -> Mapping[str, list[str]]:
    return {status: _commands(status, [step.name for step in steps if status in step.starts]) for status in STATES}


def _also(steps: Sequence[Step]) -> Mapping[str, list[str]]:
    return {status: [step.name for step in steps if status in step.starts] for status in STATES}


def _commands(status: str, names: list[str]) -> list[str]:
    """Publishing in other words is a command of the page: publish, with a text."""
    return [word for name in names for word in ((name, "rephrase") if name == "publish" and status in PUBLISHED_REPHRASED else (name,))]


def _name(field: str) -> str:
    return field if field in ITEM else f"[{field}]"


def _shape(name: str, hints: Mapping[str, Any]) -> str:
    if name in _MADE:
        return _MADE[name]
    hint = hints[name]
    kinds = {str: "string", int: "number", bool: "boolean", type(None): "null", QuestionStatus: "Status", Attendance: "Attendance"}
    parts = [hint] if hint in kinds or get_origin(hint) is None else get_args(hint)
    return "|".join(kinds[part] if part in kinds else f"'{part}'" if isinstance(part, str) else union(get_args(part)) for part in parts)


if __name__ == "__main__":
    print(render(), end="")
