"""The real programme of examples/assises-2021: all of it is there, as printed, and nothing that was assumed has slipped in."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
import yaml

from services.registration.programme import Loaded, Programme, blockers, load_event, parse, write
from services.registration.programme.format.halls import stage_of
from tests.support.paths import EXAMPLE

FOLDER = EXAMPLE
SOURCE = (FOLDER / "source" / "programme.txt").read_text(encoding="utf-8")
TEXT = (FOLDER / "programme.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_event(FOLDER)


@pytest.fixture(scope="module")
def printed() -> Programme:
    return parse(TEXT)


def strings(value: Any) -> list[str]:
    """Every text of a YAML document, as any YAML reader sees it."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [str(value)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def test_every_word_of_the_printed_text_is_in_the_programme_at_least_as_often() -> None:
    missing = Counter(words(SOURCE)) - Counter(words("\n".join(strings(yaml.safe_load(TEXT)))))
    assert not missing


def test_every_paragraph_of_the_edito_is_verbatim_and_in_order(printed: Programme) -> None:
    def flat(text: str) -> str:
        return " ".join(text.split())

    assert printed.edito is not None
    assert len(printed.edito.paragraphs) == 9
    assert all(paragraph in flat(SOURCE) for paragraph in printed.edito.paragraphs)
    assert printed.edito.paragraphs[0].startswith("Localisme, un mot")
    assert printed.edito.paragraphs[5].startswith("Une expression chère à Michel Maffesoli")
    assert printed.edito.paragraphs[8].endswith("cohésion territoriale.")


def test_every_printed_title_is_found_in_the_source_as_it_stands(printed: Programme) -> None:
    flat = " ".join(SOURCE.split())
    for session in printed.sessions:
        assert " ".join((session.title_raw or "").split()) in flat
        assert session.title in " ".join((session.title_raw or "").split())
    for person in printed.people.values():
        assert person.display in SOURCE
        assert " ".join((person.titles_raw or "").split()) in flat
        assert all(title.text in " ".join((person.titles_raw or "").split()) for title in person.titles)


def test_the_source_is_named_with_its_checksum(printed: Programme) -> None:
    assert printed.source is not None
    assert printed.source.sha256 == hashlib.sha256((FOLDER / printed.source.file).read_bytes()).hexdigest()
    assert "Cohés on Numér qu" in printed.source.unresolved


def test_there_are_ten_sessions_nine_inferred_ends_and_one_unknown(printed: Programme) -> None:
    assert [session.id for session in printed.sessions] == [
        "accueil-participants", "ouverture", "economie-locale", "lieu-lien", "cohesion-sociale", "tres-haut-debit",
        "table-ronde-1", "table-ronde-2", "table-ronde-3", "cloture",
    ]  # fmt: skip
    assert Counter(session.end_basis for session in printed.sessions) == {"next_start": 9, "unknown": 1}
    assert [session.start.text for session in printed.sessions if session.start] == [
        "8h00", "8h45", "9h00", "9h10", "9h25", "9h35", "9h45", "10h45", "11h45", "12h45",
    ]  # fmt: skip


def test_there_are_twenty_three_people_of_whom_nine_have_several_titles(printed: Programme) -> None:
    assert len(printed.people) == 23
    assert sum(len(person.titles) > 1 for person in printed.people.values()) == 9
    in_programme = {one.person for session in printed.sessions for one in session.participants}
    assert len(in_programme) == 22
    assert set(printed.people) - in_programme == {"jacques-marceau"}


def test_three_people_introduce_and_moderate_and_thirteen_speak_at_the_round_tables(printed: Programme) -> None:
    tables = [session for session in printed.sessions if session.kind == "round_table"]
    leads = [one for session in tables for one in session.participants if len(one.roles) == 2]
    assert [(one.person, one.roles, one.block_label) for one in leads] == [
        (id, ("introduction", "moderation"), "Introduction et modération") for id in ("valerie-montane", "marc-lolivier", "henri-d-agrain")
    ]
    assert [sum(one.roles == ("speaker",) for one in session.participants) for session in tables] == [4, 5, 4]


def test_two_empty_tiers_one_notice_one_edito_and_one_thanks_are_kept(printed: Programme) -> None:
    assert [(tier.heading, tier.members) for tier in printed.partners] == [("En partenariat avec", ()), ("Avec le soutien de", ())]
    assert len(printed.notices) == 1
    assert printed.edito is not None
    assert len(printed.acknowledgements) == 1


def test_the_spelling_of_the_print_is_kept_and_asked_about(loaded: Loaded) -> None:
    assert loaded.programme.people["michel-mafesolli"].display == "Michel MAFESOLLI"
    assert loaded.programme.people["michel-mafesolli"].aliases == ("Michel Maffesoli",)
    assert len({warning.code for warning in loaded.warnings}) >= 8
    assert all(re.match(r"programme\.yaml:\d+ \S", warning.path) for warning in loaded.warnings)


def test_the_unknown_date_blocks_publication_but_not_the_import(printed: Programme, loaded: Loaded) -> None:
    assert [blocker.path for blocker in blockers(printed)] == ["event.date"]
    assert blockers(loaded.programme) == ()


def test_reading_and_writing_give_the_same_bytes(printed: Programme, loaded: Loaded) -> None:
    assert write(printed) == TEXT
    assert write(parse(write(printed))) == TEXT
    assert write(loaded.programme) == TEXT, "what was assumed must not be written among what was printed"


def test_what_was_assumed_is_named(loaded: Loaded) -> None:
    assert {"event.date", "event.venue", "sessions.cloture.end", "notices.droit-image.contact"} <= loaded.programme.assumed
    assert loaded.programme.rehearsal
    assert [session.id for session in loaded.programme.sessions if session.questions] == ["table-ronde-1", "table-ronde-2", "table-ronde-3"]
    assert [session.id for session in loaded.programme.sessions if stage_of(loaded.programme, session) is None] == ["accueil-participants"]
