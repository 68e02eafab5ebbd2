"""Every field of the format reaches something: the event page, a calendar, search engines, conference apps, the other services, a rule;
else the check says that nothing obeys it yet. A field that is in neither place is a promise nobody knows of, and fails here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from services.registration.pages.site import Site
from services.registration.programme import Programme, event_calendar, json_ld, parse, parse_with_warnings, public_json, to_event
from services.registration.programme.exchange.outward import exchange_of
from services.registration.programme.exchange.schedule_json import write_json
from services.registration.programme.exchange.schedule_xml import write_xml
from services.registration.programme.exports.ics import sessions_calendar
from services.registration.programme.format.kinds import Choice, ClockTime, Places, Ref
from services.registration.programme.format.obedience import NOT_OBEYED
from services.registration.programme.format.shape import FieldShape, shape
from tests.support.messages import MESSAGES
from tests.support.pages import moment
from tests.support.paths import ROOT

NOW: Final = datetime(2025, 1, 1, 12, tzinfo=UTC)
URL: Final = "https://x.example.org/"
EVIDENCE: Final = frozenset(
    {
        "format_version", "source.file", "source.sha256", "source.extracted_on", "source.unresolved", "source.warnings", "event.theme_raw",
        "edito.title_raw", "people.titles_raw", "people.aliases", "people.spelling_confirmed", "sessions.items",
    }
)  # fmt: skip
"""Kept for proof-readers: where the words come from and how they were printed. They rule the check, or nothing by intent."""

FULL: Final = """\
format_version: 1
language: fr
source: {file: a.txt, sha256: %s, extracted_on: 2025-01-02, unresolved: [x], warnings: [y]}
event:
  id: tout
  name: Tout
  edition: {number: 3, label: 3es}
  theme: Thème
  theme_raw: Thème
  kind: colloque
  date: 2025-01-30
  timezone: Europe/Paris
  status: published
  organiser: o
  contact: a@example.org
  url: https://a.example.org
  venue: {name: Lieu, address: Rue, access: Métro}
  rooms:
    - {id: r, name: Salle, capacity: 10}
    - {id: r2, name: Salle 2}
  stages:
    - {id: s, name: Scène, room: r}
    - {id: s2, name: Scène 2}
  hubs:
    - {id: h, name: Relais, address: Rue, capacity: 5, host: Mairie}
  modes: [in_room]
  capacity: {in_room: 5, remote: 6, hub: 7, days: [{day: 2, in_room: 3, remote: 4, hub: 2}]}
  registration: {opens: 2025-01-01, opens_at: 9h00, closes: 2025-01-20, closes_at: "18:00", reminders: [60], questions: [
    {id: v, kind: choice, question: "Venir ?", purpose: Navette, help: Aide, options: [Train, Vélo], required: true, doors: [in_room]},
    {id: w, kind: text, question: Heure, purpose: Navette, when: {question: v, answers: [Train]}}]}
  reasons:
    - {id: hors-theme, words: {fr: Hors du thème, en: Off topic}}
    - {id: no_time}
edito:
  label: Édito
  title: Titre
  title_raw: Titre
  body: Corps
  signatories:
    - {person: p, titles: [Maire]}
sessions:
  - id: a
    kind: round_table
    label: Table 1
    number: 1
    title: Débat
    title_raw: Débat
    date: 2025-01-30
    start: 9h00
    end: 10h00
    end_basis: stated
    room: r
    stage: s
    modes: [in_room]
    language: fr
    interpretation: [LSF]
    description: Description
    signup: {required: true}
    stream: true
    record: false
    questions: true
    polls:
      - {id: q, kind: quiz, question: "Combien ?", options: [Un, Deux, Trois], right: 1}
      - {id: e, kind: scale, question: "À quel point ?", least: 1, most: 4, low_label: Peu, high_label: Très}
    status: planned
    participants:
      - {person: p, roles: [speaker], titles_here: [Ici], position: 1, presence: remote, block_label: Bloc}
    items:
      - {id: i, kind: k, title: T}
    resources:
      - {label: L, url: https://b.example.org}
    replay_url: https://c.example.org
  - id: b
    kind: other
    title: Longue
    start: 11h00
    duration: 30
people:
  p:
    given: Ana
    particle: de
    family: Sol
    display: Ana de Sol
    sort_key: sol
    aliases: [Ana Sol]
    spelling_confirmed: true
    titles:
      - {text: Maire, role: maire, organisation: o, as_of: 2025-01-01}
    titles_raw: Maire
    bio: Bio
    photo: a.jpg
    links:
      - {label: L, url: https://d.example.org}
  p2:
    display: Zoé
organisations:
  o:
    name: Org
    acronym: OO
    aliases: [Orga]
    url: https://e.example.org
    logo: o.svg
  o2:
    name: Autre
partners:
  - {tier: t, heading: Avec, members: [o], position: 1}
notices:
  - {id: n, kind: image_rights, heading: H, text: T, version: 2, effective_from: 2025-01-01, contact: b@example.org, placements: [page]}
acknowledgements:
  - {text: Merci, from: o, people: [p]}
""" % ("0" * 64)


RULES: Final[Mapping[str, str]] = {
    "event.capacity": "services/registration/places", "event.registration": "services/registration/programme/enrolment.py",
    "event.registration.questions": "services/registration/people/questions.py",
    "event.registration.reminders": "services/registration/mailings/domain.py",
    "event.date": "services/registration/programme/day.py", "event.stages.room": "services/registration/programme/format/halls.py",
    "notices.version": "services/registration/programme/in_force.py", "sessions.status": "services/registration/programme/running_order.py",
    "sessions.participants.roles": "services/registration/pages/outline.py",
}  # fmt: skip
"""What shows on no page by itself, and the code that obeys it."""
FOR_PROGRAMS: Final = frozenset(
    {
        "acknowledgements.from", "acknowledgements.people", "event.edition.number", "event.kind", "notices.placements", "people.sort_key",
        "people.titles.organisation", "people.titles.role", "sessions.number", "sessions.title_raw",
    }
)  # fmt: skip
"""Facts about words that pages show anyway: programs read them in the public JSON, people miss nothing."""
SITE: Final = Site(MESSAGES)


def seen(programme: Programme) -> str:
    """Everything that leaves: the event page, calendars, search engines, files for conference apps, the other services."""
    exchanged = exchange_of(programme, NOW, url=URL, version="1")
    return json.dumps(
        [
            _page(programme), json_ld(programme, NOW, url=URL), event_calendar(programme, NOW).decode(),
            sessions_calendar(programme, NOW).decode(), write_json(exchanged), write_xml(exchanged),
            repr(to_event(programme, digest="0" * 64, now=NOW)),
        ]
    )  # fmt: skip


def told(programme: Programme) -> str:
    return json.dumps(public_json(programme, NOW))


def _page(programme: Programme) -> str:
    shown = {**public_json(programme, NOW), "version": 1}
    context = {"programme": shown, "event_name": programme.event.name, "person": None, "structured": "", "marks_assumed": False}
    return SITE.render("event.html", lang="fr", path="/", query={}, context={**context, **moment(programme, NOW)})


def altered(one: FieldShape, value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(one.kind, Choice):
        return next(word for word in one.kind.words if word != value)
    if isinstance(one.kind, Ref):
        return value[:-1] if value.endswith("2") else f"{value}2"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, ClockTime):
        return ClockTime(value.hour, value.minute + 1, f"{value.text}1")
    if value == "Europe/Paris":
        return "Asia/Tokyo"
    if isinstance(value, str) and not isinstance(one.kind, Places):
        return f"{value}2"
    raise AssertionError(one.name)


def variations(block: Any, pattern: str = "") -> Iterator[tuple[str, Any]]:
    """Each field below a block by its path without numbers and keys, with the block in which only that field differs."""
    for one in shape(type(block)):
        value, here = getattr(block, one.attribute), f"{pattern}.{one.name}" if pattern else one.name
        if one.from_key or value is None or value in ((), {}):
            continue
        if one.block is None:
            other: Any = tuple(altered(one, item) for item in value) if one.many == "list" else None
            if one.many != "list":
                other = {key: altered(one, item) for key, item in value.items()} if one.many == "map" else altered(one, value)
            yield here, replace(block, **{one.attribute: other})
            continue
        pairs: Any = value.items() if isinstance(value, Mapping) else enumerate(value) if one.many == "list" else [(0, value)]
        for key, item in pairs:
            for path, changed in variations(item, here):
                whole: Any = changed
                if isinstance(value, Mapping):
                    whole = {**value, key: changed}
                elif one.many == "list":
                    whole = (*value[:key], changed, *value[key + 1 :])
                yield path, replace(block, **{one.attribute: whole})


def fields(block: Any, pattern: str = "") -> Iterator[str]:
    for one in shape(block):
        here = f"{pattern}.{one.name}" if pattern else one.name
        if not one.from_key:
            yield here if one.block is None else ""
            yield from fields(one.block, here) if one.block is not None else ()


def is_named(path: str, names: frozenset[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)


IDS: Final = ("id", "tier")
FULL_PROGRAMME: Final = parse(FULL)
SEEN, TOLD = seen(FULL_PROGRAMME), told(FULL_PROGRAMME)
REACHING: Final = {
    path
    for path, programme in variations(FULL_PROGRAMME)
    if path.rpartition(".")[2] not in IDS
    and (told(programme) != TOLD if is_named(path, FOR_PROGRAMS | frozenset(RULES)) else seen(programme) != SEEN)
}


@pytest.mark.parametrize("path", sorted(set(fields(Programme)) - {""}))
def test_each_field_reaches_something_or_is_said_not_to(path: str) -> None:
    if path.rpartition(".")[2] in IDS or is_named(path, EVIDENCE) or is_named(path, NOT_OBEYED):
        return
    assert path in REACHING, f"{path} is taken and changes nothing: obey it, or name it in format/obedience.py"


def test_no_field_is_named_without_being_in_the_format() -> None:
    known = set(fields(Programme))
    assert all(any(is_named(path, frozenset({name})) for path in known) for name in [*NOT_OBEYED, *EVIDENCE, *RULES, *FOR_PROGRAMS])
    assert all((ROOT / where).exists() for where in RULES.values())


def test_the_check_names_each_field_that_nothing_obeys() -> None:
    text = FULL.replace("status: published", "status: draft").replace("stream: true", "stream: false")
    named = {str((one.params or {}).get("field")) for one in parse_with_warnings(text)[1] if one.code == "programme.warn.not_obeyed"}
    assert named == {*NOT_OBEYED}
