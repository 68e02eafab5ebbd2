"""docs/glossary.md names what exists: every code name is defined in the file it is said to be in."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.support.paths import ROOT

ROWS: Final = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Term")
]
NAMED: Final = re.compile(r"`(?P<name>[\w.]+)` \((?P<file>[\w/.]+)\)")
FILE: Final = re.compile(r"`(?P<file>[\w/]+\.py)`")
LEAST: Final = 30


def defines(source: str, name: str) -> bool:
    """`Class`, `CONSTANT` or `Class.attribute`."""
    first, _, rest = name.partition(".")
    there = re.search(rf"^(class {first}\b|{first}\b\s*[:=])", source, re.MULTILINE)
    return bool(there) and (not rest or bool(re.search(rf"^ +{rest}\b", source, re.MULTILINE)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_has_a_code_name_that_exists_a_french_word_and_a_meaning(row: list[str]) -> None:
    term, code, french, meaning = row
    assert term
    assert french
    assert meaning.endswith(".")
    names = list(NAMED.finditer(code))
    if not names:
        found = FILE.search(code)
        assert found, f"{term} names nothing"
        assert (ROOT / found["file"]).is_file(), f"{term}: there is no {found['file']}"
    for one in names:
        source = (ROOT / one["file"]).read_text("utf-8")
        assert defines(source, one["name"]), f"{term}: {one['file']} defines no {one['name']}"


def test_the_glossary_is_there_and_a_wrong_name_would_be_found() -> None:
    assert len(ROWS) >= LEAST
    assert len({row[0] for row in ROWS}) == len(ROWS)
    assert not defines("class Question:\n    id: str\n", "Questions")
    assert not defines("class Question:\n    id: str\n", "Question.votes")
    assert defines("class Question:\n    id: str\n", "Question.id")
