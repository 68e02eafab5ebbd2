"""The pages, the form, the mail and the calendars of any event, through the real service: what holds whatever a programme leaves out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from icalendar import Calendar

from services.registration.programme.day import spans, whole_day
from services.registration.programme.exports.wording import direction, language_of, quotation_marks
from services.registration.programme.format.model import Programme
from services.registration.programme.format.parsing import parse
from services.registration.programme.state import DayState, doors
from shared.messages.typesetting import typeset
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import RegistrationHarness, link_in, open_harness
from tests.support.html_tree import Element, tree_of
from tests.support.messages import MESSAGES
from tests.support.programmes import programmes

TEXTS: Final = programmes()
PAGES: Final = (
    "/place", "/place/ticket", "/withdraw", "/watch?session={session}", "/room?session={session}", "/hub?session={session}",
    "/answers?session={session}", "/ledger?session={session}", "/stage?session={session}", "/chair?session={session}",
    "/moderate?session={session}", "/control", "/people", "/people/list/import", "/messages", "/access",
    "/studio?stage={stage}", "/camera?stage={stage}", "/door", "/code", "/link",
    "/nowhere",
)  # fmt: skip
"""Of those who take part and of those on duty, but for the event page and its form."""
EACH: Final = pytest.mark.parametrize("name", TEXTS)
LOCAL: Final = "http://tablee.localhost:8080"
"""This machine itself: the links of the team that nobody registers for open by themselves."""
EARLY: Final = timedelta(days=20)
NOTHING: Final = re.compile(r"\b(None|null|undefined|Undefined|nan)\b")


@asynccontextmanager
async def event(
    database: MongoDatabase, tmp_path: Path, text: str, *, now: datetime | None = None, origin: str = LOCAL, port: int | None = None
) -> AsyncIterator[RegistrationHarness]:
    """The service for a programme, some weeks before it unless `now` says otherwise."""
    programme = parse(text)
    folder = tmp_path / "event"
    folder.mkdir(exist_ok=True)
    (folder / "programme.yaml").write_text(text, "utf-8")
    start = whole_day(programme, datetime(2025, 1, 1, tzinfo=UTC))[0]
    assert start is not None
    opened = await open_harness(
        database, folder, tmp_path / "var", origin, event_id=programme.event.id, now=now or start.astimezone(UTC) - EARLY, port=port
    )
    try:
        yield opened
    finally:
        await opened.client.close()


async def page(harness: RegistrationHarness, path: str, lang: str) -> Element:
    response = await harness.client.get(path, params={"lang": lang}, headers={"Accept": "text/html"})
    assert response.status == 200, await response.text()
    assert response.headers["Content-Language"] == lang
    return tree_of(await response.text())


def words_of(programme: Programme) -> Iterator[tuple[str, str]]:
    """Every text of the programme that the event page shows, with its language."""
    language, edito = programme.language, programme.edito
    yield programme.event.name, language
    yield from ((room.name, language) for room in programme.event.rooms if any(one.room == room.id for one in programme.sessions))
    for session in programme.sessions:
        yield session.title, language_of(programme, session)
        yield from ((part, language_of(programme, session)) for part in (session.description or "").split("\n\n") if part.strip())
        yield from ((one, language) for one in [session.label] if one)
        for participant in session.participants:
            person = programme.people[participant.person]
            yield person.display, language
            yield from ((title.text, language) for title in person.titles if not participant.titles_here)
    yield from ((notice.text, language) for notice in programme.notices)
    yield from ((tier.heading, language) for tier in programme.partners)
    yield from ((text, language) for text in ((edito.label, edito.title, *edito.paragraphs) if edito else ()))


def fold(text: str, language: str) -> str:
    return " ".join(typeset(text, language).split())


def says_nothing_empty(root: Element) -> None:
    assert not NOTHING.search(root.text)
    for one in root.all("a", "h1", "h2", "h3", "h4", "button", "summary", "legend", "label", "title", "option"):
        assert one.text or one.attributes.get("aria-label") or any(True for _ in one.all("img")), f"an empty <{one.name}> {one.attributes}"
        assert one.attributes.get("href", "/") not in ("", "#"), one.text
    ids = [one.attributes["id"] for one in root.all() if one.attributes.get("id")]
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    for link in root.all("a"):
        if link.attributes.get("href", "").startswith("#"):
            assert link.attributes["href"][1:] in ids, link.attributes["href"]


def speaks_its_languages(root: Element, programme: Programme) -> None:
    sayings = root.sayings()
    for text, language in dict.fromkeys(words_of(programme)):
        found = sayings.get(fold(text, language))
        assert found, f"{text!r} is nowhere"
        for one in found:
            assert one.lang == language, f"{text!r} is said to be {one.lang}, not {language}"
            assert one.dir == direction(language), f"{text!r} runs {one.dir}"


def sets_no_french_marks_around_other_languages(root: Element, programme: Programme) -> None:
    """Outside what the programme itself quotes, and languages that have the same marks."""
    own = " ".join(text for text, _ in words_of(programme)) + (programme.event.theme or "")
    for one in root.all():
        if one.lang and not one.lang.startswith("fr") and one.name not in ("html", "head", "body"):
            direct = "".join(child for child in one.children if isinstance(child, str))
            quotes = any(sign in own for sign in "«»") or "«" in quotation_marks(one.lang)
            assert quotes or not re.search(r"[«»]", direct), direct
            assert not re.search("[\u00a0\u202f][:;?!»]", direct), direct


def names_rooms_and_hours(root: Element, programme: Programme, lang: str) -> None:
    anchors = {one.attributes["id"]: one for one in root.all("li") if "data-progress" in one.attributes}
    assert set(anchors) == {session.id for session in programme.sessions}
    for session in programme.sessions:
        entry = anchors[session.id]
        hours = entry if any(entry.all("time")) else entry.parent.parent if entry.parent else None
        assert hours is not None
        start = next(hours.all("time"))
        assert start.attributes["datetime"] == stamp(spans(programme, datetime(2025, 1, 1, tzinfo=UTC))[session.id][0]), session.title
        assert re.fullmatch(r"\d{1,2}(:| h )\d\d", start.text)
        room = programme.room(session.room)
        assert room is None or room.name in entry.text
    assert MESSAGES.text(lang, "event.programme") in root.text


def stamp(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_door(programme: Programme) -> str:
    """One that the event offers."""
    state = DayState("before", moved_online=programme.event.status == "moved_online")
    return doors(programme.event.modes, streamed=bool(programme.event.stages), state=state)[-1]


@EACH
@pytest.mark.timeout(120)
async def test_the_pages_of_any_event_are_whole_in_both_languages(database: MongoDatabase, tmp_path: Path, name: str) -> None:
    programme = parse(TEXTS[name])
    async with event(database, tmp_path, TEXTS[name]) as harness:
        for lang in MESSAGES.languages:
            shown = await page(harness, "/", lang)
            says_nothing_empty(shown)
            speaks_its_languages(shown, programme)
            sets_no_french_marks_around_other_languages(shown, programme)
            names_rooms_and_hours(shown, programme, lang)
            form = await page(harness, "/inscription", lang)
            says_nothing_empty(form)
            assert any(form.all("form"))
        await harness.enter(await harness.register(door=a_door(programme)))
        first, language = programme.sessions[0], language_of(programme, programme.sessions[0])
        for path in ("/place", f"/watch?session={first.id}", f"/room?session={first.id}"):
            shown = await page(harness, path, "en")
            says_nothing_empty(shown)
            (headline,) = shown.all("h1")
            expected = ("en", "ltr", "Ada Lovelace") if path == "/place" else (language, direction(language), fold(first.title, language))
            assert (headline.lang, headline.dir, headline.text) == expected


def mistakes(root: Element, programme: Programme) -> list[str]:
    """Words of the programme that stand in another language or direction than their own."""
    sayings = root.sayings()
    return [
        f"{text!r} in <{one.name}> is {one.lang}, {one.dir}"
        for text, language in dict.fromkeys(words_of(programme))
        for one in sayings.get(fold(text, language)) or ()
        if one.name not in ("title", "meta") and (one.lang != language or one.dir not in (direction(language), "auto"))
    ]


@EACH
@pytest.mark.timeout(120)
async def test_every_page_of_those_who_take_part_and_of_those_on_duty_is_whole(database: MongoDatabase, tmp_path: Path, name: str) -> None:
    programme = parse(TEXTS[name])
    session = programme.sessions[0].id
    stage = programme.event.stages[0].id if programme.event.stages else "none"
    seen: set[str] = set()
    async with event(database, tmp_path, TEXTS[name]) as harness:
        for turn, duty in enumerate(("", "operator", "moderator", "chair", "stage")):
            harness.forget_cookies()
            await harness.enter(harness.link(duty) if duty else await harness.register(door=a_door(programme)))
            for index, path in enumerate(PAGES):
                place, lang = path.format(session=session, stage=stage), MESSAGES.languages[(turn + index) % len(MESSAGES.languages)]
                answer = await harness.client.get(place, params={"lang": lang}, headers={"Accept": "text/html"}, allow_redirects=False)
                if answer.status in (302, 303, 403):  # not theirs
                    continue
                assert answer.status in (200, 404), (place, answer.status)
                root = tree_of(await answer.text())
                says_nothing_empty(root)
                assert not mistakes(root, programme), (duty, lang, place)
                seen.add(path)
    assert seen >= set(PAGES) - {"/door", "/place/ticket", "/hub?session={session}"}, set(PAGES) - seen


@EACH
async def test_the_headline_is_the_theme_or_the_name(database: MongoDatabase, tmp_path: Path, name: str) -> None:
    programme = parse(TEXTS[name])
    async with event(database, tmp_path, TEXTS[name]) as harness:
        shown = await page(harness, "/", "en")
        (headline,) = shown.all("h1")
        assert fold(programme.event.theme or programme.event.name, programme.language) in headline.text
        people = {one.person for session in programme.sessions for one in session.participants}
        counted = [one.text for one in shown.all("span") if "opening__number" in one.attributes.get("class", "")]
        assert counted == ([str(len(people))] if people else [])


@EACH
async def test_the_mail_of_any_event_has_its_zone_its_language_and_a_calendar(database: MongoDatabase, tmp_path: Path, name: str) -> None:
    programme = parse(TEXTS[name])
    async with event(database, tmp_path, TEXTS[name]) as harness:
        for lang in MESSAGES.languages:
            await harness.client.post(
                "/api/registration/registrations",
                json={
                    "name": "Ada",
                    "email": f"{lang}@example.org",
                    "door": a_door(programme),
                    "language": lang,
                    "image_rights": "refused",
                },
            )
            (message,) = await harness.deliver_mails()
            assert message["Content-Language"] == lang
            plain, html = (body.get_content() for kind in ("plain", "html") if (body := message.get_body((kind,))) is not None)
            zone = MESSAGES.text(lang, "format.zone", city="x").replace("x", "")
            assert all(part in plain for part in zone.split() if len(part) > 3), plain
            assert not NOTHING.search(plain)
            root = tree_of(html)
            assert (next(root.all("html")).lang, next(root.all("html")).dir) == (lang, "ltr")
            assert programme.language == lang or list(root.all("bdi")), "the name of the event says its language"
            for own in root.all("bdi"):
                assert (own.lang, own.dir) == (programme.language, direction(programme.language))
            (calendar,) = message.iter_attachments()
            entries = Calendar.from_ical(calendar.get_content()).walk("VEVENT")
            assert entries
            assert link_in(message) in plain


@EACH
async def test_the_calendars_of_any_event_are_read_back_by_another_library(database: MongoDatabase, tmp_path: Path, name: str) -> None:
    programme = parse(TEXTS[name])
    when = spans(programme, datetime(2025, 1, 1, tzinfo=UTC))
    async with event(database, tmp_path, TEXTS[name]) as harness:
        for session in programme.sessions[:3]:
            text = await (await harness.client.get(f"/sessions/{session.id}.ics")).text()
            (entry,) = unfolded(text)
            assert entry["DTSTART"] == when[session.id][0]
            assert session.title in entry["SUMMARY"]


def unfolded(text: str) -> list[dict[str, Any]]:
    """A reader of its own for RFC 5545: unfolds lines, unescapes texts, reads the start with its zone."""
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    found: list[dict[str, Any]] = []
    for line in lines:
        head, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and head.startswith("DTSTART"):
            found[-1]["DTSTART"] = _instant(head, value)
        elif found and head.partition(";")[0] == "SUMMARY":
            found[-1]["SUMMARY"] = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], value)
    return found


def _instant(head: str, value: str) -> datetime:
    from zoneinfo import ZoneInfo

    zone = re.search(r"TZID=\"?([^;:\"]+)", head)
    naive = datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")
    return naive.replace(tzinfo=ZoneInfo(zone[1]) if zone else UTC)
