"""Topic patterns, against the definition and against a model that tries every way to match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.topics import matches


def model(pattern: list[str], words: list[str]) -> bool:
    """The definition, read aloud: `*` takes one word, `#` none or more, anything else itself."""
    if not pattern:
        return not words
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        return any(model(rest, words[taken:]) for taken in range(len(words) + 1))
    return bool(words) and first in ("*", words[0]) and model(rest, words[1:])


@pytest.mark.parametrize(
    ("pattern", "topic", "caught"),
    [
        ("a.#", "a", True), ("a.#", "a.b.c", True), ("a.#", "ab", False), ("#", "a", True), ("#.a", "a", True), ("#.#", "a", True),
        ("a.*", "a", False), ("a.*", "a.b", True), ("a.*", "a.b.c", False), ("*", "a.b", False), ("a.#.c", "a.c", True),
        ("a.#.c", "a.b.b.c", True), ("a.#.c", "a.b.b", False), ("*.#", "a", True), ("a", "a", True), ("a.b", "a", False),
        ("#.*", "a", True),
    ],
)  # fmt: skip
def test_the_definition(pattern: str, topic: str, caught: bool) -> None:
    assert matches(pattern, topic) is caught


WORDS = st.sampled_from(["a", "b", "c"])


@given(
    pattern=st.lists(WORDS | st.sampled_from(["*", "#"]), min_size=1, max_size=6),
    words=st.lists(WORDS, min_size=1, max_size=6),
)
def test_it_agrees_with_a_model_that_tries_everything(pattern: list[str], words: list[str]) -> None:
    assert matches(".".join(pattern), ".".join(words)) is model(pattern, words)
