"""The catalogue: which text is shown in which language, which plural form, how numbers, days and hours are written."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.messages import dates
from shared.messages.catalogue import Catalogue, load_catalogue
from shared.messages.typesetting import typeset
from tests.support.messages import MESSAGES

WORDS = {
    "fr": {
        "internal.error": "Une faute de notre côté.",
        "hello": "Bonjour {name}",
        "only.french": "Rien que {what}",
        "seats.zero": "aucune place",
        "seats.one": "{n} place",
        "seats.other": "{n} places",
        "test.left.one": "Il en reste {count}.",
        "test.left.other": "Il en reste {count}, dépêchez-vous.",
        "size": "{bytes} octets",
    },
    "en": {
        "internal.error": "A fault on our side.",
        "hello": "Hello {name}",
        "seats.zero": "no seat",
        "seats.one": "{n} seat",
        "seats.other": "{n} seats",
        "test.left.one": "{count} is left.",
        "test.left.other": "{count} are left.",
        "size": "{bytes} bytes",
    },
    "pl": {"seats.one": "{n} miejsce", "seats.few": "{n} miejsca", "seats.many": "{n} miejsc", "seats.other": "{n} miejsca"},
}
SMALL = Catalogue(WORDS)


def test_the_languages_are_those_that_have_words_french_first() -> None:
    assert SMALL.languages == ("fr", "en", "pl")


def test_a_text_comes_in_the_language_asked_for_with_its_parameters() -> None:
    assert SMALL.text("en", "hello", name="Ada") == "Hello Ada"


@pytest.mark.parametrize("language", ["pl", "xx"])
def test_what_a_language_lacks_is_shown_in_french(language: str) -> None:
    assert SMALL.text(language, "only.french", what="cela") == "Rien que cela"
    assert SMALL.counted("xx", "seats", 2) == "2 places"


def test_a_check_names_what_a_language_lacks_and_asks_no_plural_of_it_but_other() -> None:
    assert SMALL.missing()["en"] == ("only.french",)
    assert "seats.one" not in SMALL.missing()["pl"]
    assert "test.left.other" in SMALL.missing()["pl"]
    assert "fr" not in SMALL.missing()


def test_what_is_missing_is_logged_at_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for language in ("fr", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "pages.json").write_text(json.dumps(WORDS[language]))
    with caplog.at_level(logging.WARNING):
        load_catalogue(tmp_path)
    assert [record.getMessage() for record in caplog.records] == ["1 texts are missing in en and are shown in French"]


def test_a_key_in_two_files_of_a_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    for name in ("pages", "live"):
        (tmp_path / "fr" / f"{name}.json").write_text('{"hello": "Bonjour"}')
    with pytest.raises(ValueError, match="hello is in another file too"):
        load_catalogue(tmp_path)


def test_a_folder_that_is_no_language_is_refused() -> None:
    with pytest.raises(ValueError, match="not the code of a language"):
        Catalogue({"fr": {}, "backup-of-fr": {}})


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [
        ("fr", 0, "aucune place"), ("fr", 1, "1 place"), ("fr", 2, "2 places"), ("fr", 1_000_000, "1\u202f000\u202f000 places"),
        ("en", 0, "no seat"), ("en", 1, "1 seat"), ("en", 21, "21 seats"), ("en", 1200, "1,200 seats"),
        ("pl", 1, "1 miejsce"), ("pl", 2, "2 miejsca"), ("pl", 5, "5 miejsc"), ("pl", 22, "22 miejsca"),
    ],
)  # fmt: skip
def test_a_number_has_the_plural_of_its_language(language: str, n: int, text: str) -> None:
    assert SMALL.counted(language, "seats", n) == text


def test_an_error_counts_too() -> None:
    assert SMALL.sentences("test.left", {"count": 1})["en"] == "1 is left."
    assert SMALL.sentences("test.left", {"count": 3})["fr"] == "Il en reste 3, dépêchez-vous."
    assert "test.left" in SMALL


def test_an_error_without_a_sentence_is_said_in_general_words_in_every_language() -> None:
    assert SMALL.sentences("nobody.wrote_it", {}) == {
        "fr": WORDS["fr"]["internal.error"],
        "en": WORDS["en"]["internal.error"],
        "pl": WORDS["fr"]["internal.error"],
    }


def test_a_parameter_that_is_not_given_leaves_an_ellipsis() -> None:
    assert SMALL.text("fr", "hello") == "Bonjour …"


def test_a_parameter_is_data_and_never_a_pattern() -> None:
    assert SMALL.text("fr", "hello", name="{name.__class__}") == "Bonjour {name.__class__}"


def test_numbers_are_written_as_the_language_does() -> None:
    assert SMALL.text("fr", "size", bytes=700_000) == "700\u202f000 octets"
    assert SMALL.text("en", "size", bytes=700_000) == "700,000 bytes"


@pytest.mark.parametrize(
    ("language", "day", "text"),
    [
        ("fr", date(2021, 6, 3), "jeudi 3 juin 2021"), ("en", date(2021, 6, 3), "Thursday 3 June 2021"),
        ("fr", date(2026, 8, 1), "samedi 1er août 2026"), ("en", date(2026, 8, 1), "Saturday 1 August 2026"),
    ],
)  # fmt: skip
def test_a_day_is_written_as_people_write_it(language: str, day: date, text: str) -> None:
    assert dates.day(MESSAGES, language, day) == text


def test_an_hour_is_written_as_people_write_it() -> None:
    assert [dates.hour(MESSAGES, language, time(8, 5)) for language in ("fr", "en")] == ["8\u202fh\u202f05", "8:05"]


def test_a_moment_names_the_clock_it_is_read_on() -> None:
    at = datetime(2021, 6, 3, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert dates.moment(MESSAGES, "fr", at, "Europe/Paris") == "jeudi 3 juin 2021, 8\u202fh\u202f00 (heure de Paris)"
    assert dates.moment(MESSAGES, "en", at, "Europe/Paris") == "Thursday 3 June 2021, 8:00 (Paris time)"
    assert dates.moment(MESSAGES, "en", at, "Pacific/Auckland") == "Thursday 3 June 2021, 18:00 (Auckland time)"


@pytest.mark.parametrize(
    ("zone", "french", "english"),
    [
        ("Pacific/Auckland", "heure d’Auckland", "Auckland time"),
        ("Africa/Cairo", "heure du Caire", "Cairo time"),
        ("America/Martinique", "heure de Martinique", "Martinique time"),
        ("UTC", "heure UTC", "UTC time"),
    ],
)
def test_a_zone_is_named_as_people_name_it(zone: str, french: str, english: str) -> None:
    assert (dates.zone(MESSAGES, "fr", zone), dates.zone(MESSAGES, "en", zone)) == (french, english)


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("Qui vient ?", "Qui vient\u202f?"), ("Oui ; non !", "Oui\u202f; non\u202f!"), ("Ici : là", "Ici\u00a0: là"),
        ("« Entrer »", "«\u00a0Entrer\u00a0»"), ("50 %", "50\u00a0%"), ("l'heure", "l’heure"), ("https://a?b", "https://a?b"),
    ],
)  # fmt: skip
def test_french_spaces_do_not_break_and_other_languages_stay_as_they_are(text: str, placed: str) -> None:
    assert typeset(text, "fr") == placed
    assert typeset(text, "fr-CA") == placed
    assert typeset(text, "en") == typeset(text, "de") == typeset(text, "ar") == text
