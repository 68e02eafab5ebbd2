"""The public events between services: every type has a golden file, readable for ever, and the documents agree with the classes.

A golden file may be added (`sha256sum *.json > SHA256SUMS` in its folder), never edited: what was once sent must stay readable.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.bus.topics import matches
from shared.events.access import AccessRevoked
from shared.events.catalogue import CATALOGUE, decode
from shared.events.envelope import Envelope, Unreadable
from shared.events.floor import FloorChanged
from shared.events.kind import Event, adapter
from shared.events.person import PersonRegistered
from shared.events.question import QuestionAsked
from shared.events.stage import StageChanged
from shared.events.votes import VoteCount, VotesCounted
from shared.interfaces.asyncapi import document
from tests.support.paths import ROOT

GOLDEN = ROOT / "tests" / "golden" / "events"
FILES = sorted(GOLDEN.glob("*.json"))
NOW = datetime(2021, 6, 3, 12, tzinfo=UTC)


def golden(type: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((GOLDEN / f"{type}.json").read_text())
    return value


def within(part: Any, whole: Any) -> bool:
    """Whether `whole` says all that `part` says, and perhaps more fields."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and within(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


def test_every_type_has_a_golden_file_and_every_golden_file_a_type() -> None:
    assert {file.stem for file in FILES} == set(CATALOGUE)


def test_no_golden_file_was_edited() -> None:
    written = {}
    for line in (GOLDEN / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        written[name] = digest
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES} == written


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_event_is_read_and_written_again_without_loss(file: Path) -> None:
    stored = json.loads(file.read_text())
    envelope = Envelope.from_json(stored)
    event = decode(envelope)
    assert within(stored["data"], adapter(type(event)).dump_python(event, mode="json"))
    again = event.to_envelope(
        id=envelope.id, subject=envelope.subject, seq=envelope.seq, time=envelope.time, correlationid=envelope.correlationid,
        causationid=envelope.causationid,
    )  # fmt: skip
    assert within(stored, again.to_json())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_newer_sender_may_add_fields(file: Path) -> None:
    stored = json.loads(file.read_text())
    old = decode(Envelope.from_json(stored))
    stored["data"]["a_field_of_tomorrow"] = {"x": 1}
    assert decode(Envelope.from_json({**stored, "newattribute": "y"})) == old


def test_types_are_not_converted_on_reading() -> None:
    stored = golden(FloorChanged.TYPE)
    stored["data"]["version"] = "2"
    with pytest.raises(Unreadable, match="version"):
        decode(Envelope.from_json(stored))


def test_a_missing_field_an_unknown_type_and_another_type_are_unreadable() -> None:
    stored = golden(QuestionAsked.TYPE)
    del stored["data"]["question"]["votes"]
    with pytest.raises(Unreadable, match=r"question\.votes"):
        decode(Envelope.from_json(stored))
    with pytest.raises(Unreadable, match="known"):
        decode(replace(Envelope.from_json(golden(VotesCounted.TYPE)), type="tablee.votes.counted.v9"))
    with pytest.raises(Unreadable, match="is not"):
        PersonRegistered.from_envelope(Envelope.from_json(golden(VotesCounted.TYPE)))


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (FloorChanged(session="s", state="open", version="2", changed_at="2021-06-03T12:00:00Z"), "version"),  # type: ignore[arg-type]
        (FloorChanged(session="s", state="ajar", version=2, changed_at="2021-06-03T12:00:00Z"), "state"),  # type: ignore[arg-type]
        (FloorChanged(session="s", state="open", version=2, changed_at="soon"), "changed_at"),
        (StageChanged(stage="a", state=5, origin=None, since="2021-06-03T12:00:00Z"), "state"),  # type: ignore[arg-type]
        (StageChanged(stage="a", state="live", origin=None, since="2021-06-03T12:00:00Z"), "origin"),  # type: ignore[arg-type]
        (AccessRevoked(event_id="e", person_id=b"p", revoked_at="2021-06-03T12:00:00Z", reason=""), "read back"),  # type: ignore[arg-type]
        (VotesCounted("s", {"q": VoteCount(1, "1")}), "rev"),  # type: ignore[arg-type]
        (VotesCounted("s", {}, ballots=[]), "read back"),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_the_wrong_type_is_not_written(event: Event, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        event.to_envelope(id="1", subject="s", seq=1, time=NOW)


@pytest.mark.parametrize("cls", CATALOGUE.values(), ids=lambda cls: cls.TYPE)
def test_types_are_named_after_their_subject_with_a_past_tense_and_a_version(cls: type[Event]) -> None:
    words = cls.TYPE.split(".")
    assert words[0] == "tablee"
    assert words[1] == cls.__module__.rpartition(".")[2]
    assert len(words) == 4
    assert re.fullmatch(r"v[1-9]\d*", words[3])


@pytest.mark.parametrize("cls", CATALOGUE.values(), ids=lambda cls: cls.TYPE)
def test_an_event_names_the_service_that_sends_it(cls: type[Event]) -> None:
    assert golden(cls.TYPE)["source"] == f"/{cls.SENDER}"


def test_every_durable_type_has_a_durable_reader() -> None:
    """Else it would wait in its outbox for ever, and what comes after it in the same document too."""
    from services.compose import GROUPS

    unread = [
        type for type, cls in CATALOGUE.items()
        if not cls.LIVE and not any(matches(topic, type) for group in GROUPS for topic in group.topics)
    ]  # fmt: skip
    assert unread == []


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(document()))
    return made


class TestAsyncApi:
    def test_every_reference_leads_somewhere(self, made: dict[str, Any]) -> None:
        def follow(value: Any) -> None:
            if isinstance(value, dict):
                if "$ref" in value:
                    target: Any = made
                    for step in value["$ref"].removeprefix("#/").split("/"):
                        target = target[step]
                for inner in value.values():
                    follow(inner)
            elif isinstance(value, list):
                for inner in value:
                    follow(inner)

        follow(made)

    def test_it_has_the_shape_of_version_three(self, made: dict[str, Any]) -> None:
        assert made["asyncapi"] == "3.0.0"
        assert set(made) <= {"asyncapi", "id", "info", "defaultContentType", "servers", "channels", "operations", "components"}
        assert set(made["channels"]) == set(CATALOGUE)
        for channel in made["channels"].values():
            assert channel["address"] in CATALOGUE
            assert len(channel["messages"]) == 1
        for operation in made["operations"].values():
            assert operation["action"] in ("send", "receive")
            assert operation["channel"]["$ref"].startswith("#/channels/")

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_golden_events_fit_their_documented_schema(self, made: dict[str, Any], file: Path) -> None:
        cls = CATALOGUE[file.stem]
        payload = made["components"]["messages"][cls.__name__]["payload"]
        schema = {**payload, "components": made["components"]}
        Draft202012Validator.check_schema(payload)
        Draft202012Validator(schema).validate(json.loads(file.read_text())["data"])
        assert adapter(cls).json_schema()["required"] == payload["required"]
