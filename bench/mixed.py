"""What a crowd of mixed commands was told, which is what every page has to come to show. No I/O."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Truth:
    """`asked`: id → text. `votes`: question → who votes for it. `answers`: person → option of the poll. `stale`: moves that another
    moderator was faster with."""

    asked: dict[str, str] = field(default_factory=dict)
    votes: dict[str, set[str]] = field(default_factory=dict)
    unsure: dict[str, set[str]] = field(default_factory=dict)
    """Question → whose command was refused in the end, and may have been carried out by a process that died before it answered."""
    answers: dict[str, str] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each question that was moved, the newest answer that moderators had."""
    waits: list[float] = field(default_factory=list)
    stale: int = 0

    def voted(self, id: str, voter: str, *, accepted: bool) -> None:
        (self.votes if accepted else self.unsure).setdefault(id, set()).add(voter)

    def took_back(self, id: str, voter: str, *, accepted: bool) -> None:
        """Who was not let stays unsure: it may have been carried out all the same."""
        if accepted:
            self.unsure[id].discard(voter)

    def stands(self, id: str, item: dict[str, Any]) -> None:
        if item["version"] > self.items.get(id, {"version": 0})["version"]:
            self.items[id] = item

    def is_shown_by(self, desk: dict[str, Any], poll: str) -> bool:
        """Whether a moderator's page shows every accepted question once, and every accepted vote and answer exactly."""
        items = desk["items"]
        texts = Counter(item["text"] for item in items.values())
        tally = Counter(self.answers.values())
        return (
            all(id in items and texts[text] == 1 for id, text in self.asked.items())
            and all(self._counts(id, item["votes"]) for id, item in items.items())
            and all(items[id]["version"] >= item["version"] for id, item in self.items.items())
            and counted(desk, poll) == {option: tally[option] for option in tally}
        )

    def _counts(self, id: str, votes: int) -> bool:
        sure = len(self.votes.get(id, ()))
        return sure <= votes <= sure + len(self.unsure.get(id, ()))


def counted(desk: dict[str, Any], poll: str) -> dict[str, int]:
    """Option → answers, as that page shows it; options without any left out."""
    counts: dict[str, dict[str, int]] = desk["tallies"].get(poll, {"counts": {}})["counts"]
    sums = {option: sum(by_door.values()) for option, by_door in counts.items()}
    return {option: number for option, number in sums.items() if number}
