"""Answers to polls decided together, against a plain model that takes them one by one."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.qa.polls.answering import AnswerKey, AnswerWish, GivenAnswer, Keep, Taken, decide_answers
from services.qa.polls.answers import fitting
from services.qa.polls.domain import Definition, Poll, PollCommand, carry_out_poll, prepare, require_answerable
from shared.errors import Conflict, DomainError, Invalid, NotFound

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
PEOPLE = ("anne", "basile", "claire")


def poll(id: str, opened: bool) -> Poll:
    asked = Definition("single", "Quoi ?", ["a", "b", "c"])
    draft = prepare(id=id, session="s", definition=asked, origin="moderator", position=1, by="Claire", now=NOW).poll
    return carry_out_poll(draft, PollCommand("open", draft.version, "Claire", NOW)).poll if opened else draft


POLLS = {"open": poll("open", True), "draft": poll("draft", False)}


def wish(id: str, person: str, option: str) -> AnswerWish:
    def give(found: Poll) -> GivenAnswer:
        require_answerable(found, "remote", NOW)
        return GivenAnswer(fitting(found, [option]))

    return AnswerWish(id, person, "remote", NOW, give)


def refusal(each: AnswerWish, option: str) -> type[DomainError] | None:
    if each.poll == "unknown":
        return NotFound
    if each.poll == "draft":
        return Conflict
    return Invalid if option == "9" else None


wishes = st.tuples(st.sampled_from([*POLLS, "unknown"]), st.sampled_from(PEOPLE), st.sampled_from(["1", "2", "3", "9"]))


@given(st.lists(st.lists(wishes, max_size=10), max_size=5))
def test_in_whatever_groups_answers_come_each_is_answered_and_kept_as_one_by_one(groups: list[list[tuple[str, str, str]]]) -> None:
    held: dict[AnswerKey, int] = {}
    stored: dict[AnswerKey, str] = {}
    model: dict[AnswerKey, tuple[int, str]] = {}
    for group in groups:
        made = [wish(*each) for each in group]
        taken, kept = decide_answers(made, POLLS, held)
        assert [keep.known for keep in kept] == [keep.wish.key in held for keep in kept]
        for each, (_, _, option), answer in zip(made, group, taken, strict=True):
            refused = refusal(each, option)
            if refused is not None:
                assert isinstance(answer, refused)
                continue
            model[each.key] = (model.get(each.key, (0, ""))[0] + 1, option)
            assert isinstance(answer, Taken)
            assert (answer.poll, answer.answer.rev, answer.answer.choice) == (POLLS[each.poll], model[each.key][0], (option,))
        held |= {keep.wish.key: keep.rev for keep in kept}
        stored |= {keep.wish.key: option_of(keep) for keep in kept}
        assert {key: (held[key], stored[key]) for key in held} == model


def option_of(keep: Keep) -> str:
    (option,) = keep.given.choice
    return option


def test_of_several_answers_of_one_person_in_one_group_one_is_written() -> None:
    _, kept = decide_answers([wish("open", "anne", option) for option in "1213"], POLLS, {("open", "anne"): 6})
    assert [(keep.rev, keep.given.choice, keep.known) for keep in kept] == [(10, ("3",), True)]
