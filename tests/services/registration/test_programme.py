"""The running programme: published at start, imported by operators, untouched by a bad file."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from services.registration.people import access
from services.registration.programme.format.loading import load_event
from shared.errors import DomainError, Invalid
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import EVENT, RegistrationHarness, open_harness
from tests.support.paths import EXAMPLE

PROGRAMME: Final = "/api/registration/programme"
TEXT: Final = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8")
COMPLETION: Final = (EXAMPLE / "completion.yaml").read_text(encoding="utf-8")


async def send(harness: RegistrationHarness, **changes: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"yaml": TEXT, "completion": COMPLETION, "expected_version": 1, **changes}, ensure_ascii=False).encode()
    headers = {**harness.sign("operator"), "Content-Type": "application/json"}
    response = await harness.client.post(PROGRAMME, data=io.BytesIO(body), headers=headers)
    return response.status, await response.json()


async def test_the_start_publishes_the_folders_programme_once(harness: RegistrationHarness) -> None:
    (event,) = await harness.events("programmes")
    assert (event.type, event.subject, event.seq) == ("tablee.programme.published.v1", EVENT, 1)
    sessions = {one["id"]: one for one in event.data["sessions"]}
    assert len(sessions) == 10
    assert sessions["table-ronde-2"]["questions"]
    assert sessions["table-ronde-2"]["stage"] == "grande-salle"
    assert [stage["id"] for stage in event.data["stages"]] == ["grande-salle"]
    assert harness.service.start is not None
    await harness.service.start()
    assert await harness.events("programmes") == []


async def test_what_an_older_release_published_is_told_again_in_full(harness: RegistrationHarness) -> None:
    await harness.events("programmes")
    stored = harness.ports.database.collection("programmes")
    await stored.update({"_id": EVENT}, {"$unset": {"told": ""}})
    assert harness.service.start is not None
    for _ in range(2):
        await harness.service.start()
    (event,) = await harness.events("programmes")
    assert (event.seq, len(event.data["sessions"])) == (2, 10)


async def test_everybody_reads_the_programme_and_what_is_on(harness: RegistrationHarness) -> None:
    programme = await (await harness.client.get(PROGRAMME)).json()
    assert (len(programme["sessions"]), len(programme["people"]), programme["version"]) == (10, 23, 1)
    now = await harness.client.get("/api/registration/now")
    assert now.headers["Access-Control-Allow-Origin"] == "*"
    answer = await now.json()
    assert set(answer) == {"at", "version", "programme", "now", "next", "stages", "phase", "as_of"}
    assert answer["at"] == "2021-06-03T08:00:00.000Z"


async def test_an_import_takes_effect_at_once_and_tells_the_others(harness: RegistrationHarness) -> None:
    await harness.events("programmes")
    changed = TEXT.replace("Cohésion Numérique et Territoriale", "Cohésion Numérique et des Territoires")
    assert changed != TEXT
    status, answer = await send(harness, yaml=changed)
    assert (status, answer["version"]) == (200, 2)
    assert len(answer["warnings"]) >= 8
    assert all(warning["sentences"]["fr"] and warning["sentences"]["en"] for warning in answer["warnings"])
    (event,) = await harness.events("programmes")
    assert event.seq == 2
    assert "des Territoires" in event.data["name"]
    assert "des Territoires" in await (await harness.client.get("/")).text()


async def test_an_import_that_uses_an_id_for_another_session_is_told_so(harness: RegistrationHarness) -> None:
    title = "Le télétravail va-t-il redessiner la géographie économique des territoires ?"
    changed = TEXT.replace(f"title: {title}", "title: Un atelier de nœuds", 1)
    changed = changed.replace("- id: table-ronde-3\n    kind: round_table", "- id: table-ronde-3\n    kind: workshop", 1)
    status, answer = await send(harness, yaml=changed)
    assert status == 200, answer
    (warning,) = [one for one in answer["warnings"] if one["code"] == "programme.warn.id_reused"]
    assert all(each in warning["sentences"]["fr"] for each in ("table-ronde-3", title, "Un atelier de nœuds"))
    assert "id_reused" not in str((await send(harness, yaml=changed, expected_version=2))[1])


async def test_an_import_outlives_a_restart_with_the_same_folder(harness: RegistrationHarness) -> None:
    await send(harness, yaml=TEXT.replace("Cohésion Numérique et Territoriale", "Cohésion 2"))
    assert harness.service.start is not None
    await harness.service.start()
    programme = await (await harness.client.get(PROGRAMME)).json()
    assert programme["event"]["name"].endswith("Cohésion 2")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("start: ", "strat: ", 1), "strat"),
        (lambda text: text.replace("start: 8h45", "start: 25h45", 1), "start"),
        (lambda text: text + "\n  - broken: [", "programme.yaml:"),
        (lambda text: "", "programme.yaml:1"),
    ],
)
async def test_a_bad_file_is_refused_with_file_line_and_field_and_the_programme_stays(
    harness: RegistrationHarness, change: Any, fault: str
) -> None:
    await harness.events("programmes")
    before = await (await harness.client.get(PROGRAMME)).json()
    status, problem = await send(harness, yaml=change(TEXT))
    assert (status, problem["code"]) == (422, "programme.invalid")
    assert problem["fields"][0]["path"].startswith("programme.yaml:")
    assert any(fault in one["path"] for one in problem["fields"])
    assert all(one["sentences"]["fr"] and one["sentences"]["en"] for one in problem["fields"])
    assert await harness.events("programmes") == []
    assert await (await harness.client.get(PROGRAMME)).json() == before


async def test_the_programme_of_another_event_never_replaces_this_one(harness: RegistrationHarness) -> None:
    status, problem = await send(harness, yaml=TEXT.replace(EVENT, "autres"), completion=COMPLETION.replace(EVENT, "autres"))
    assert (status, problem["fields"][0]["code"]) == (422, "registration.other_event")


async def test_a_programme_without_a_date_is_not_published(harness: RegistrationHarness) -> None:
    status, problem = await send(harness, completion=None)
    assert (status, problem["code"]) == (422, "programme.invalid")
    assert any("event.date" in one["path"] for one in problem["fields"])


async def test_an_import_that_knows_an_older_programme_is_stale(harness: RegistrationHarness) -> None:
    assert (await send(harness))[0] == 200
    status, problem = await send(harness)
    assert (status, problem["code"], problem["current"]) == (409, "registration.programme_stale", {"version": 2})


async def test_an_import_that_is_too_long_is_refused(harness: RegistrationHarness) -> None:
    assert (await send(harness, yaml="a" * 800_000))[0] == 422
    assert (await send(harness, yaml="é" * 200_000))[0] == 422
    assert (await send(harness, yaml="a" * 1_200_000))[0] == 413


async def test_another_replica_takes_over_what_was_imported_here(
    harness: RegistrationHarness, database: MongoDatabase, tmp_path: Path
) -> None:
    other = await open_harness(database, EXAMPLE, tmp_path)
    try:
        await send(harness, yaml=TEXT.replace("Cohésion Numérique et Territoriale", "Cohésion 2"))
        (event,) = (one for one in await harness.events("programmes") if one.seq == 2)
        listener = next(one for one in other.service.listeners if one.topics == (event.type,))
        await listener.receive(event)
        assert "Cohésion 2" in await (await other.client.get("/")).text()
    finally:
        await other.client.close()


async def test_a_folder_with_a_bad_file_stops_a_first_start_and_not_a_later_one(database: MongoDatabase, tmp_path: Path) -> None:
    folder = tmp_path / "event"
    shutil.copytree(EXAMPLE, folder)
    (folder / "programme.yaml").write_text(TEXT.replace("start: 8h45", "start: 48h45", 1), encoding="utf-8")
    with pytest.raises(DomainError) as refused:
        await open_harness(database, folder, tmp_path)
    assert isinstance(refused.value, Invalid)
    assert "programme.yaml:" in str(refused.value)
    (folder / "programme.yaml").write_text(TEXT, encoding="utf-8")
    await (await open_harness(database, folder, tmp_path)).client.close()
    (folder / "programme.yaml").write_text(TEXT.replace("start: 8h45", "start: 48h45", 1), encoding="utf-8")
    again = await open_harness(database, folder, tmp_path)
    try:
        assert len((await (await again.client.get(PROGRAMME)).json())["sessions"]) == 10
    finally:
        await again.client.close()


async def test_a_rehearsal_is_published_again_when_a_new_day_began(harness: RegistrationHarness) -> None:
    (first,) = await harness.events("programmes")
    await harness.later(days=1)
    assert harness.service.start is not None
    await harness.service.start()
    (second,) = await harness.events("programmes")
    assert (first.data["sessions"][0]["starts_at"][:10], second.data["sessions"][0]["starts_at"][:10]) == ("2021-06-03", "2021-06-04")


async def test_the_role_links_are_known_without_a_database_and_lead_in(harness: RegistrationHarness) -> None:
    links = access.links(harness.settings, harness.ports.secrets, EVENT, load_event(harness.settings.event).rehearsal)
    assert set(links) == {"event", "viewer", "room", "moderator", "chair", "stage", "door", "operator"}
    assert links["event"] == "http://tablee.test:8080/"
    for key in ("viewer", "room", "moderator", "chair", "stage", "door", "operator"):
        path = links[key].removeprefix(harness.settings.origin)
        assert path == harness.link(key)
        assert (await harness.client.get(path)).status == 200
    assert len(set(links.values())) == len(links)
