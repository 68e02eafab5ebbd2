"""Every code a person may meet has a French and an English sentence, with French spacing where French is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from services.qa.sentences import SENTENCES as QA
from services.registration.programme.sentences import SENTENCES as PROGRAMME
from services.registration.sentences import SENTENCES as REGISTRATION
from services.streaming.sentences import SENTENCES as STREAMING
from shared.errors import KINDS
from shared.sentences import SENTENCES as SHARED
from shared.sentences import Catalogue
from tests.support.paths import ROOT

TABLES = {"shared": SHARED, "registration": REGISTRATION, "programme": PROGRAMME, "streaming": STREAMING, "qa": QA}
ALL = {code: pair for table in TABLES.values() for code, pair in table.items()}
RAISING = {kind.__name__ for kind in KINDS} | {"FieldError", "_fault", "fault"}
CODE = re.compile(r"[a-z]+(\.[a-z_0-9]+)+")


def raised_codes() -> Iterator[tuple[str, str]]:
    """(code, where) of every literal code given to a kind of domain error."""
    for path in sorted(path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISING:
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and CODE.fullmatch(argument.value):
                        yield argument.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_code_that_is_raised_has_sentences() -> None:
    missing = [f"{code} ({where})" for code, where in raised_codes() if code not in ALL]
    assert not missing


@pytest.mark.parametrize("code", sorted(ALL))
def test_a_sentence_is_written_in_both_languages_with_the_same_places(code: str) -> None:
    french, english = ALL[code]
    assert french.strip()
    assert english.strip()
    assert set(re.findall(r"\{(\w+)\}", french)) == set(re.findall(r"\{(\w+)\}", english))


@pytest.mark.parametrize("code", sorted(ALL))
def test_french_has_its_thin_spaces_and_curly_apostrophes(code: str) -> None:
    french = ALL[code][0]
    assert "'" not in french
    assert not re.search(r"[^\s\u202f\u00a0] ?[;!?»](?!\w)", re.sub(r"[\u202f\u00a0][;!?»]", "", french)), french
    assert not re.search(r"\w ?:(\s|$)", re.sub(r"\u00a0:", "", french)), french


def test_the_tables_of_all_services_join() -> None:
    Catalogue(list(TABLES.values()))
