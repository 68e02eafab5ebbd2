"""`tablee programme`: check, import and export without any server, in the language of the terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import jsonschema
import pytest
from icalendar import Calendar

from services.__main__ import main
from services.registration.programme import load_event
from tests.support.paths import EXAMPLE
from tests.support.schedule_schema import SCHEDULE_JSON, faults_of_xml

FILES: Final = ("programme.yaml", "completion.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "event"))


def run(*arguments: object) -> int:
    return main(["programme", *map(str, arguments)])


def test_check_names_what_to_ask_about_and_ends_well(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert run("check", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("W programme.yaml", "W completion.yaml")) for line in lines)
    assert any("L’imprimé ne donne pas de date." in line for line in lines)


def test_check_names_every_error_with_its_line_in_the_language_of_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    file = folder / "programme.yaml"
    file.write_text(file.read_text("utf-8").replace("start: 8h45", "start: 8h99", 1).replace("kind: keynote", "kind: talk", 1), "utf-8")
    assert run("check", folder) == 1
    errors = capsys.readouterr().err.splitlines()
    assert [any(word in line for line in errors) for word in (".start", ".kind")] == [True, True]
    assert all(line.startswith("E programme.yaml:") for line in errors)
    assert any("is not a time" in line for line in errors)


@pytest.mark.parametrize("form", ["schedule.json", "schedule.xml"])
def test_what_is_exported_comes_back_whole(folder: Path, tmp_path: Path, form: str) -> None:
    assert run("export", folder, "--format", form, "--output", tmp_path / form) == 0
    text = (tmp_path / form).read_text("utf-8")
    if form == "schedule.json":
        jsonschema.validate(json.loads(text), SCHEDULE_JSON)
    else:
        assert faults_of_xml(text) == []
    assert run("import", tmp_path / form, "--into", tmp_path / "back") == 0
    assert [(tmp_path / "back" / name).read_bytes() for name in FILES] == [(folder / name).read_bytes() for name in FILES]


def test_the_other_formats_are_what_they_say(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for form in ("yaml", "ics", "sessions.ics", "jsonld"):
        assert run("export", folder, "--format", form) == 0
        found[form] = capsys.readouterr().out
    sessions = load_event(folder).programme.sessions
    assert found["yaml"] == (folder / "programme.yaml").read_text("utf-8")
    assert [len(list(Calendar.from_ical(found[form]).walk("VEVENT"))) for form in ("ics", "sessions.ics")] == [1, len(sessions)]
    assert json.loads(found["jsonld"])["@type"] == "Event"


def test_import_replaces_nothing_unasked_and_writes_nothing_wrong(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "programme.yaml").read_bytes()
    assert run("export", folder, "--format", "schedule.json", "--output", tmp_path / "a.json") == 0
    assert run("import", tmp_path / "a.json", "--into", folder) == 1
    assert "--force" in capsys.readouterr().err
    (tmp_path / "b.json").write_text('{"schedule": 1}', "utf-8")
    assert run("import", tmp_path / "b.json", "--into", folder, "--force") == 1
    assert capsys.readouterr().err.startswith("E b.json:1 schedule")
    assert (folder / "programme.yaml").read_bytes() == before


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nowhere\.json"):
        run("import", tmp_path / "nowhere.json")
