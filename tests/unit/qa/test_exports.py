"""What a line of an export says, and that no file holds a formula or a name that was not asked for."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from services.qa import domain
from services.qa.exports.files import FILES
from services.qa.exports.table import columns, row
from services.qa.question import Actor, Command, Question

NOW: Final = datetime(2021, 3, 18, 9, tzinfo=UTC)
CLAIRE: Final = Actor("claire", "Claire", "staff", "moderator")
FORMULAS: Final = ("=1+1", "+33 6", "-2", "@SUM(A1)", '=HYPERLINK("http://x")')


def asked(text: str = "Quand ?") -> Question:
    by = Actor("anne", "Anne", "remote")
    return domain.ask(id="q1", session="s", text=text, language="fr", anonymous=False, by=by, now=NOW).question


def moved(question: Question, *steps: str) -> Question:
    for minutes, step in enumerate(steps, 1):
        now = NOW + timedelta(minutes=minutes)
        if step == "undo":
            question = domain.take_back(question, expected_version=question.version, by=CLAIRE, now=now).question
        else:
            question = domain.carry_out(question, Command(step, question.version, CLAIRE, now)).question  # type: ignore[arg-type]
    return question


def test_a_line_says_when_each_step_was_taken_and_by_which_door_support_came() -> None:
    question = replace(moved(asked(), "publish", "undo", "publish", "stage", "answer"), votes=4, theme="Fibre", speaker="Zoé")
    line = row(question, {"in_room": 2, "hub": 1}, names=False)
    assert line["state"] == "answered"
    assert [line[f"{name}_at"] for name in ("asked", "published", "staged", "answered")] == [
        "2021-03-18T09:00:00.000Z", "2021-03-18T09:03:00.000Z", "2021-03-18T09:04:00.000Z", "2021-03-18T09:05:00.000Z",
    ]  # fmt: skip
    assert [line[name] for name in ("votes", "votes_in_room", "votes_remote", "votes_hub", "votes_staff")] == [4, 2, 0, 1, 0]
    assert (line["theme"], line["speaker"]) == ("Fibre", "Zoé")


def test_names_are_there_only_when_they_are_asked_for() -> None:
    question = moved(asked(), "publish")
    assert "Anne" not in row(question, {}, names=False).values()
    assert "Claire" not in row(question, {}, names=False).values()
    line = row(question, {}, names=True)
    assert (line["asked_by"], line["moved_by"]) == ("Anne", "Claire")
    assert set(line) == set(columns(names=True))


@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_every_file_holds_every_line_and_never_a_formula(tmp_path: Path, format: str) -> None:
    path = tmp_path / "file.xlsx"
    file = FILES[format](path, columns(names=False))  # type: ignore[index]
    file.add([row(asked(text), {}, names=False) for text in FORMULAS[:2]])
    file.add([row(asked(text), {}, names=False) for text in FORMULAS[2:]])
    file.close()
    if format == "json":
        assert [each["text"] for each in json.loads(path.read_text("utf-8"))["rows"]] == list(FORMULAS)
    elif format == "csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        lines = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        assert [line["text"] for line in lines] == [f"'{text}" for text in FORMULAS]
    else:
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        at = columns(names=False).index("text") + 1
        cells = [sheet.cell(line, at) for line in range(2, 2 + len(FORMULAS))]
        assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None) for text in FORMULAS]
        assert sheet.max_row == 1 + len(FORMULAS)
