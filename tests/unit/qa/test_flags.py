"""What marks a question: whole words whatever their case and accents, links, the same words as an earlier one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qa import flags
from services.qa.facts import Contents
from services.qa.feed.aspects.flags import FlagAspect
from services.qa.flags import WordList, clean_lists, flags_of, folded
from shared.errors import Invalid
from shared.events.question import QuestionPublished
from tests.unit.qa.feed.scene import Q1, Q2, Q3, SESSION, moved, question

LISTED = WordList(["Ânerie", "sale type", "cœur"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Quelle ANERIE !", ("Ânerie",)),
        ("Ce sale  type, encore…", ("sale type",)),
        ("des âneries", ()),
        ("sale un type", ()),
        ("Le coeur, le cœur", ("cœur",)),
        ("", ()),
    ],
)
def test_words_are_found_whole_without_case_and_accents(text: str, found: tuple[str, ...]) -> None:
    assert LISTED.found(folded(text)) == found


@pytest.mark.parametrize(("text", "link"), [
    ("Voyez http://exemple.fr/x", True), ("www.exemple.org ?", True), ("exemple.com", True), ("EXEMPLE.COM/offre", True),
    ("C’est fini.Alors quoi", False), ("3.5 fois plus", False), ("Mme. Le Goff", False), ("l’index.html", False),
])  # fmt: skip
def test_links_are_found_and_a_forgotten_blank_is_none(text: str, link: bool) -> None:
    assert [kind for kind, _ in flags_of(text, folded(text), LISTED, repeated=False)] == (["link"] if link else [])


def test_the_longest_text_takes_no_longer_for_the_longest_lists() -> None:
    """Four looks for each word, however long the lists are."""
    listed = WordList(f"un deux trois mot{n}" for n in range(2 * flags.MOST_ENTRIES))
    text = "un deux trois " * 40
    began = time.perf_counter()
    for _ in range(100):
        assert flags_of(text, folded(text), listed, repeated=False) == ()
    assert time.perf_counter() - began < 5


def test_lists_are_tidy_and_within_their_bounds() -> None:
    assert clean_lists({"fr": ["  Ânerie ", "anerie", "", "…"], "en": []}) == {"fr": ("Ânerie",), "en": ()}
    for words, code in (
        (["x"] * 501, "qa.flags_many"),
        (["a b c d e"], "qa.flag_long"),
        (["x" * 61], "qa.flag_long"),
        (["\x00"], "qa.text_control"),
    ):
        with pytest.raises(Invalid) as refused:
            clean_lists({"fr": words})
        assert refused.value.code == code


TEXTS = ("Quand la fibre ?", "quand la FIBRE", "Et les écoles ?")


@given(
    st.lists(
        st.tuples(st.sampled_from([Q1, Q2, Q3]), st.sampled_from(TEXTS), st.sampled_from(["queued", "published", "withdrawn"])), max_size=12
    )
)
def test_whoever_asks_the_same_later_is_marked_whatever_happened_before(steps: list[tuple[str, str, str]]) -> None:
    """The flags after any steps are those of a feed that was only told the end."""
    live, known = FlagAspect(), {id: question(id, text="", at=at) for at, id in enumerate((Q3, Q1, Q2), start=1)}
    for id, text, status in steps:
        known[id] = moved(known[id], status, text=text)  # type: ignore[arg-type]
        list(live.takes()[QuestionPublished.__mro__[1]](QuestionPublished(known[id]), 1))
    fresh = FlagAspect()
    list(fresh.load(Contents(questions=list(known.values()))))
    assert live.shared(SESSION, "moderator") == fresh.shared(SESSION, "moderator")
    asked = [each for each in known.values() if each.status != "withdrawn" and each.text]
    later = {
        each.id for each in asked if any(folded(one.text) == folded(each.text) and one.asked_at < each.asked_at for one in asked)
    }  # fmt: skip
    assert live.shared(SESSION, "moderator")["flags"].keys() == later


def test_a_flood_of_one_text_is_marked_in_no_time() -> None:
    aspect, began = FlagAspect(), time.perf_counter()
    flood = [question(f"q-{n:04}", text="La même !") for n in range(2000)]
    list(aspect.load(Contents(questions=flood)))
    assert len(aspect.shared(SESSION, "moderator")["flags"]) == 1999
    assert time.perf_counter() - began < 5
