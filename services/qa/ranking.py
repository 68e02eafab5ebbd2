"""The order of published questions. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Ranked(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def votes(self) -> int: ...
    @property
    def asked_at(self) -> str: ...


R = TypeVar("R", bound=Ranked)


def ranked(questions: Iterable[R]) -> list[R]:
    """Most votes first; at equal votes the one that has waited longer; the id settles the rest, so that the order is total."""
    return sorted(questions, key=lambda question: (-question.votes, question.asked_at, question.id))
