"""`tablee programme`: check, import and export without any server, in the language of the terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import jsonschema
import pytest
from icalendar import Calendar

from services.__main__ import main
from services.registration.programme import load_event
from tests.support.paths import EXAMPLE, ROOT
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


FOREIGN: Final = """<schedule><version>1</version><conference><title>Forum</title><acronym>forum</acronym></conference>
<day index="1" date="2025-08-01"><room name="Saal"><event id="1" guid="x"><date>2025-08-01T10:00:00+02:00</date><duration>1:00</duration>
<title>„Ufer“</title><track>Wasser</track><language>de</language><persons><person>Ana</person></persons></event></room></day></schedule>"""


def test_a_file_of_another_system_says_what_it_could_not_take_and_is_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    (tmp_path / "plan").write_text("\ufeff" + FOREIGN, "utf-8")
    assert run("import", tmp_path / "plan", "--into", tmp_path / "event") == 0
    findings = capsys.readouterr().err.splitlines()
    assert all(line.startswith("W plan  ") for line in findings)
    assert [any(word in line for line in findings) for word in ("track", "Etc/GMT-2", "event.stages")] == [True] * 3
    assert run("check", tmp_path / "event") == 0


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["--format", "xml"], "<?xml"), (["--format", "JSON"], "{"), (["--format", "yml"], "#"), ([], "#"),
        (["--output", "a.xml"], "<?xml"), (["--output", "a.json"], "{"), (["--output", "a.ics"], "BEGIN:VCALENDAR"),
        (["--output", "a.jsonld"], '{\n "@context"'), (["--output", "a.txt"], "#"), (["--output", "a.xml", "--format", "json"], "{"),
    ],
)  # fmt: skip
def test_formats_are_guessed_sensibly(
    folder: Path, arguments: list[str], start: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert run("export", folder, *arguments) == 0
    out = capsys.readouterr().out
    assert (Path(arguments[1]).read_text("utf-8") if "--output" in arguments else out).startswith(start)


def test_an_unknown_format_names_the_known_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("export", folder, "--format", "pdf")
    assert caught.value.code == 2
    assert "schedule.xml" in capsys.readouterr().err


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """With the `tablee` of this installation, in a folder of its own."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    known = {name: value for name, value in os.environ.items() if not name.startswith(("TABLEE_", "LC_", "LANG"))}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=folder, capture_output=True, env={**known, "PATH": path, **environment}, check=False
    )


def test_what_is_printed_is_utf_8_and_the_file_alone(folder: Path) -> None:
    terminal = {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "TABLEE_LOG_LEVEL": "debug"}
    found = shell("tablee programme export . --format schedule.xml", folder, **terminal)
    assert (found.returncode, found.stderr) == (0, b"")
    assert faults_of_xml(found.stdout.decode()) == []


def test_whoever_reads_may_stop_early(folder: Path) -> None:
    found = shell("tablee programme export . | true; echo ${PIPESTATUS[0]}", folder)
    assert (found.stdout, found.stderr) == (b"1\n", b"")


def test_every_command_of_the_manual_works(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "programme.md").read_text("utf-8")
    commands = re.findall(r"^    (tablee [^#\n]+)", text, re.MULTILINE)
    assert len(commands) >= 6
    shutil.copytree(EXAMPLE, tmp_path / "examples" / "assises-2021")
    (tmp_path / "schedule.xml").write_text(FOREIGN, "utf-8")
    for command in commands:
        found = shell(command, tmp_path)
        assert found.returncode == 0, f"{command}: {found.stderr.decode()}"
    jsonschema.validate(json.loads((tmp_path / "out.json").read_text("utf-8")), SCHEDULE_JSON)
    assert faults_of_xml((tmp_path / "out.xml").read_text("utf-8")) == []


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nowhere\.json"):
        run("import", tmp_path / "nowhere.json")
