"""What a proof-reader is asked about a programme, with the line; and what is not asked, because nothing is wrong."""

from __future__ import annotations

import pytest

from services.registration.programme import parse_with_warnings
from tests.support.messages import MESSAGES
from tests.support.paths import EXAMPLE

TEXT = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8")
WARNINGS = parse_with_warnings(TEXT)[1]


def found(text: str = TEXT) -> set[tuple[str, str]]:
    return {(warning.code.removeprefix("programme.warn."), warning.path.split(" ")[1]) for warning in parse_with_warnings(text)[1]}


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("date_unknown", "event.date"),
        ("venue_unknown", "event.venue"),
        ("ends_inferred", "sessions.0.end_basis"),
        ("end_unknown", "sessions.9.end"),
        ("spelling_variant", "people.michel-mafesolli.aliases.0"),
        ("accent_missing", "people.marc-charriere.family"),
        ("accent_missing", "people.eric-peres.family"),
        ("accent_missing", "people.muriel-barneoud.family"),
        ("accent_missing", "people.corentin-emery.family"),
        ("capital_a", "sessions.3.title"),
        ("capital_a", "edito.body"),
        ("unresolved", "source.unresolved.1"),
        ("titles_semicolon", "people.marc-charriere.titles_raw"),
        ("titles_semicolon", "people.laurent-silvestri.titles_raw"),
        ("titles_and", "people.eric-peres.titles_raw"),
        ("colon_missing", "sessions.7.title_raw"),
        ("straight_apostrophe", "people.caroline-cayeux.titles_raw"),
        ("tier_empty", "partners.0.members"),
        ("notice_contact", "notices.0.contact"),
    ],
)
def test_an_oddity_of_the_real_programme_is_asked_about(code: str, path: str) -> None:
    assert (code, path) in found()


def test_every_warning_stands_on_the_line_it_is_about() -> None:
    lines = TEXT.splitlines()
    for warning in WARNINGS:
        where, _, path = warning.path.partition(" ")
        line = lines[int(where.removeprefix("programme.yaml:")) - 1]
        field = path.rpartition(".")[2]
        assert line.strip().startswith(("- ", f"{field}:")), (line, path)


def test_every_warning_has_words_in_every_language() -> None:
    for warning in WARNINGS:
        assert all("{" not in text for text in MESSAGES.sentences(warning.code, warning.params or {}).values())
        assert warning.code in MESSAGES


def test_what_is_right_is_not_asked_about() -> None:
    asked = {path for _, path in found()}
    assert not any(name in path for path in asked for name in ("gregoire", "montane", "clapot", "marceau", "cayeux.family", "filleul"))
    mended = TEXT.replace("title_raw: Table ronde 2 « ", "title_raw: |-\n      Table ronde 2 : « ")
    mended = mended.replace("title: A l’âge", "title: À l’âge").replace("CHARRIERE", "CHARRIÈRE")
    assert {("colon_missing", "sessions.7.title_raw"), ("capital_a", "sessions.3.title")}.isdisjoint(found(mended))
    assert ("accent_missing", "people.marc-charriere.family") not in found(mended)


def test_a_variant_nobody_declared_is_found_in_the_text() -> None:
    silent = TEXT.replace("    aliases:\n      - Michel Maffesoli\n", "")
    assert ("spelling_variant", "edito.body") in found(silent)
