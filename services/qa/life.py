"""The life of a question as data: what each state means, and which step leads from where to where, by whose hand, announced by which event.
A new state or step is described here and nowhere else; the rules (domain.py), the routes (api.py) and the tables of the pages
(page_tables.py) follow from it.

    ask ──▶ queued ──publish──▶ published ──stage──▶ on_stage ──answer──▶ answered
              │ │ ▲edit            │ ▲    ◀──return──┘   │
              │ └─decline▶ declined│ └publish┐           │
              │                    └──hide──▶ hidden ◀─hide
              └── withdraw (by the author, unless it is declined, answered or final) ──▶ withdrawn

published, on_stage ──defer──▶ deferred ──release──▶ answered      queued, published ──merge──▶ merged      any ──▶ erased
declined ──appeal (by the author, once; another moderator decides)──▶ queued      published ──amend (by the author)──▶ queued

On a published question `shortlist`, `assign` and `cue` keep the state. A moderator's `rephrase` keeps the state; `undo` (undo.py) leads
back to whatever was before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.events.question import (
    QuestionAmended,
    QuestionAnswered,
    QuestionAppealed,
    QuestionAssigned,
    QuestionChanged,
    QuestionCued,
    QuestionDeclined,
    QuestionDeferred,
    QuestionDrafted,
    QuestionEdited,
    QuestionHidden,
    QuestionMerged,
    QuestionPublished,
    QuestionRephrased,
    QuestionReplied,
    QuestionReturned,
    QuestionShortlisted,
    QuestionStaged,
    QuestionWithdrawn,
)
from shared.events.vocabulary import QuestionStatus

StepName = Literal[
    "edit", "amend", "withdraw", "appeal", "publish", "rephrase", "decline", "merge", "shortlist", "unlist", "assign", "cue", "uncue",
    "stage", "answer", "return", "defer", "write", "release", "hide",
]  # fmt: skip
BulkCommand = Literal["publish", "decline", "hide", "undo"]
"""What can be done with many questions at once."""
Column = Literal["waiting", "published", "running"]
Mark = Literal["waiting", "published", "stage", "answered", "refused", "quiet"]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What being in a state means."""

    column: Column
    """Where the desk shows it."""
    mark: Mark
    """The colour and shape of its meaning on every page."""
    visible: bool = False
    """Everybody may read it."""
    on_screen: bool = False
    """A screen shows it."""
    open: bool = False
    """It counts towards its author's open questions."""
    votable: bool = False
    retractable: bool = False
    """Its author's page offers to withdraw it."""
    bad_news: bool = False
    """Its author is told only once the step can hardly be a slip any more."""


STATES: Final[Mapping[QuestionStatus, StatusFacts]] = {
    "queued": StatusFacts("waiting", "waiting", open=True, retractable=True),
    "published": StatusFacts("published", "published", visible=True, open=True, votable=True, retractable=True),
    "on_stage": StatusFacts("running", "stage", visible=True, on_screen=True, open=True, votable=True),
    "answered": StatusFacts("running", "answered", visible=True),
    "hidden": StatusFacts("running", "refused", bad_news=True),
    "declined": StatusFacts("running", "refused", bad_news=True),
    "withdrawn": StatusFacts("running", "quiet"),
    "merged": StatusFacts("running", "quiet", bad_news=True),
    "deferred": StatusFacts("running", "waiting", visible=True),
    "erased": StatusFacts("running", "quiet"),
}

Hand = Literal["author", "moderator"]
Detail = Literal["text", "text?", "reason", "note", "into", "after", "speaker", "theme", "owner", "due"]
"""What a step takes besides the version; `?` may be left out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way from state to state."""

    name: StepName
    summary: str
    by: Hand
    action: str
    """In the table of capabilities."""
    starts: tuple[QuestionStatus, ...]
    ends: QuestionStatus | None
    """None: the state stays."""
    event: type[QuestionChanged]
    takes: tuple[Detail, ...] = ()
    in_force: bool = False
    """Only while the programme has the session; the other steps are possible in a removed one, so that its questions can be decided."""
    button: bool = True
    """The desk offers it by its name alone; other steps need something of a page first."""


_STEPS: Final = (
    Step("edit", "Edit one's own queued question", "author", "question.edit", ("queued",), "queued", QuestionEdited, ("text",)),
    Step(
        "withdraw", "Withdraw one's own question", "author", "question.withdraw", ("queued", "published", "on_stage", "hidden", "deferred"),
        "withdrawn", QuestionWithdrawn,
    ),
    Step(
        "amend", "Write one's own published question anew; it waits again", "author", "question.edit", ("published",), "queued",
        QuestionAmended, ("text",),
    ),
    Step(
        "appeal", "Ask once for a second look at one's declined question", "author", "question.edit", ("declined",), "queued",
        QuestionAppealed,
    ),
    Step(
        "publish", "Publish, rephrased where `text` is given; also brings a hidden question back", "moderator", "question.moderate",
        ("queued", "hidden"), "published", QuestionPublished, ("text?",),
    ),
    Step(
        "rephrase", "Put in other words; the state stays, and so does the wording of its author", "moderator", "question.moderate",
        ("queued", "published", "on_stage"), None, QuestionRephrased, ("text",), button=False,
    ),
    Step(
        "decline", "Decline with a reason that the author reads", "moderator", "question.moderate", ("queued",), "declined",
        QuestionDeclined, ("reason", "note"),
    ),
    Step(
        "merge", "Merge a duplicate into another question: one vote for each voter of the two, authors follow the other", "moderator",
        "question.moderate", ("queued", "published"), "merged", QuestionMerged, ("into",), button=False,
    ),
    Step(
        "shortlist", "Put on the shortlist: `after` that question, first where it is null, last where it is left out", "moderator",
        "question.lead", ("published",), None, QuestionShortlisted, ("after",), button=False,
    ),
    Step(
        "unlist", "Take off the shortlist", "moderator", "question.lead", ("published",), None, QuestionShortlisted, button=False,
    ),
    Step(
        "assign", "Assign to a speaker of the session, to a theme; '' for none", "moderator", "question.lead",
        ("queued", "published", "on_stage", "deferred"), None, QuestionAssigned, ("speaker", "theme"), button=False,
    ),
    Step(
        "cue", "Make it the next one", "moderator", "question.stage", ("published",), None, QuestionCued, in_force=True, button=False,
    ),
    Step("uncue", "It is not the next one", "moderator", "question.stage", ("published",), None, QuestionCued, button=False),
    Step("stage", "Put on stage", "moderator", "question.stage", ("published",), "on_stage", QuestionStaged, in_force=True),
    Step("answer", "Mark as answered", "moderator", "question.stage", ("on_stage",), "answered", QuestionAnswered),
    Step(
        "return", "Put back from the stage among the published ones", "moderator", "question.stage", ("on_stage",), "published",
        QuestionReturned,
    ),
    Step(
        "defer", "Promise an answer: by whom and until which day", "moderator", "question.lead", ("published", "on_stage"), "deferred",
        QuestionDeferred, ("owner", "due"), button=False,
    ),
    Step(
        "write", "Draft a written answer, which another moderator publishes", "moderator", "question.lead",
        ("published", "on_stage", "deferred", "answered"), None, QuestionDrafted, ("text",), button=False,
    ),
    Step(
        "release", "Publish the written answer that another moderator drafted", "moderator", "question.moderate",
        ("published", "on_stage", "deferred", "answered"), "answered", QuestionReplied, button=False,
    ),
    Step(
        "hide", "Take off every public page and screen", "moderator", "question.moderate", ("published", "on_stage", "deferred"), "hidden",
        QuestionHidden,
    ),
)  # fmt: skip
STEPS: Final[Mapping[StepName, Step]] = {step.name: step for step in _STEPS}
"""In the order in which the desk offers them."""

MERGEABLE_INTO: Final[frozenset[QuestionStatus]] = frozenset({"queued", "published", "on_stage", "deferred"})
PUBLISHED_REPHRASED: Final[frozenset[QuestionStatus]] = frozenset({"queued"})
"""Where the desk offers to publish in other words, in one step."""
MOST_AT_ONCE: Final = 100
"""Questions in one command."""
CLAIM_SECONDS: Final = 60
"""How long a moderator's claim on a question lasts; taken again, it lasts so long from then on."""


def _where(true: str) -> frozenset[QuestionStatus]:
    return frozenset(status for status, state in STATES.items() if getattr(state, true))


VISIBLE: Final = _where("visible")
ON_SCREEN: Final = _where("on_screen")
OPEN: Final = _where("open")
VOTABLE: Final = _where("votable")
BAD_NEWS: Final = _where("bad_news")
