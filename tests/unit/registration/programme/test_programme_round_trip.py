"""Whatever programme there is: writing and reading it again gives the same programme, and writing that the same bytes."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from functools import partial
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registration.programme import Programme, parse, write
from services.registration.programme.format.event import AskedWhen, FormQuestion
from services.registration.programme.format.kinds import (
    EMAIL,
    FILE,
    LANGUAGE,
    REASON,
    SHA256,
    SLUG,
    URL,
    Choice,
    Clock,
    ClockTime,
    Day,
    Flag,
    Kind,
    Number,
    Places,
    Ref,
    Text,
    Unfit,
    Zone,
)
from services.registration.programme.format.model import PollEntry, Session
from services.registration.programme.format.shape import FieldShape, shape
from shared.poll_rules import WITH_OPTIONS

IDS = ("anna", "bo", "c-3")
"""Everything that is referred to has one of these ids, and everything that can be referred to has all of them."""
TIMES = st.builds(
    lambda hour, minute, form: Clock().read(form.format(hour, minute)),
    st.integers(0, 23), st.integers(0, 59),
    st.sampled_from(["{}h{:02}", "{:02}:{:02}", "{}:{:02}", "{} h {:02}", "{}.{:02}", "{}H{:02}", "{}:{:02}:00"]),
)  # fmt: skip
AWKWARD = [
    "unknown", "null", "~", "no", "true", "12", "1e3", "08:45", "2021-06-03", "- a", "a: b", "a #b", "#", "« Oui »", "a ", "'", '"', "\\n",
    "*a", "&a", "!x", "%x", "@x", "`x", "{a}", "[a]", "a,b", "?", ": a", "a:", "---", "...", "=", "<<", "…", "a\u00a0b", "x" * 150,
    "mot " * 40, "mot  " * 40,
    "a\n\nb", "a\n b", "a \nb", "a\n\n\nb\n", "É" * 120, "« mot » " * 30, "a\u2028b", "\ufeffa", "a\u0085b", "😀", "a\tb",
]  # fmt: skip


def samples(kind: Text) -> st.SearchStrategy[str]:
    """Quick to draw, for whole programmes; any text is tried on its own."""
    return st.sampled_from([text for text in (taken(kind, sample) for sample in AWKWARD) if text is not None])


def words(kind: Text) -> st.SearchStrategy[str]:
    free = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n:#-'\"«»é"), max_size=60)
    return (st.sampled_from(AWKWARD) | free).map(lambda text: taken(kind, text)).filter(lambda text: text is not None).map(str)


def taken(kind: Text, text: str) -> str | None:
    try:
        return kind.read(text)
    except Unfit:
        return None


def scalars(kind: Kind) -> st.SearchStrategy[Any]:
    known: dict[Any, st.SearchStrategy[Any]] = {
        EMAIL: st.just("a@example.org"), FILE: st.just("a/b.txt"), LANGUAGE: st.sampled_from(["fr", "en", "no"]), SHA256: st.just("0" * 64),
        SLUG: st.sampled_from(["a", "un-deux", "2021", "null", "true", "no"]), URL: st.just("https://example.org/#a"), Clock(): TIMES,
        Day(): st.dates(date(1900, 1, 1), date(2100, 1, 1)), Flag(): st.booleans(), Places(): st.integers(0, 9) | st.just("unlimited"),
        Zone(): st.sampled_from(["Europe/Paris", "UTC"]), REASON: st.sampled_from(["hors-theme", "no_time", "null"]),
    }  # fmt: skip
    if isinstance(kind, Text):
        return samples(kind)
    if isinstance(kind, Choice):
        return st.sampled_from(kind.words)
    if isinstance(kind, Number):
        return st.integers(kind.low, min(kind.high, kind.low + 50))
    if isinstance(kind, Ref):
        return st.sampled_from(IDS)
    return known[kind]


def named(id: str, block: Any) -> Any:
    return dataclasses.replace(block, id=id)


def values(one: FieldShape) -> st.SearchStrategy[Any]:
    single = blocks(one.block) if one.block else scalars(one.kind) if one.kind else st.nothing()
    if one.many == "list":
        names = {field.attribute for field in shape(one.block)} if one.block else set()
        key = next((name for name in ("id", "tier", "person", "day") if name in names), None)
        if one.name in ("rooms", "stages"):
            return st.tuples(*(single.map(partial(named, id)) for id in IDS))
        return st.lists(single, max_size=2, unique_by=(lambda block: getattr(block, key)) if key else None).map(tuple)
    if one.many == "map":
        entries = {id: single.map(partial(named, id)) if one.block else single for id in IDS}
        return st.fixed_dictionaries(entries)
    return single if one.required else st.just(one.default) | single


def blocks(block: Any) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: st.builds(block, **{one.attribute: values(one) for one in shape(block)}))


def askable(poll: PollEntry) -> PollEntry:
    """What its kind can ask, in words as awkward as those that were drawn."""
    options = ("a: b", "- a", "« Oui »") if poll.kind in WITH_OPTIONS else ()
    label = "#" if poll.kind == "scale" else None
    return dataclasses.replace(
        poll, options=options, least=None, most=2 if poll.kind == "several" else None, low_label=label, high_label=label,
        right=3 if poll.kind == "quiz" else None,
    )  # fmt: skip


def answerable(questions: tuple[FormQuestion, ...]) -> tuple[FormQuestion, ...]:
    """Each with the options that its kind wants; what one depends on was asked before it."""
    options = ("a: b", "- a", "« Oui »")
    found = [dataclasses.replace(one, options=options if one.kind in ("choice", "several") else (), when=None) for one in questions]
    if len(found) > 1 and found[0].kind != "text":
        answer = "yes" if found[0].kind == "yes_no" else options[0]
        found[1] = dataclasses.replace(found[1], when=AskedWhen(found[0].id, (answer,)))
    return tuple(found)


def in_order(programme: Programme) -> Programme:
    """Times that a day can have, whatever was drawn."""

    def timed(session: Session, index: int) -> Session:
        start = ClockTime(8 + index, 5, f"{8 + index}h05") if session.start else None
        end = session.end and ClockTime(23, session.end.minute, f"23:{session.end.minute:02}")
        basis = "unknown" if end is None else "stated" if session.end_basis in ("unknown", "next_start") else session.end_basis
        stream = session.stream if session.stage else None
        on = day + timedelta(days=index) if session.date else None
        polls = tuple(map(askable, session.polls))
        return dataclasses.replace(session, date=on, start=start, end=end, end_basis=basis, stream=stream, polls=polls)

    day = programme.event.date or date(2025, 1, 30)
    told = programme.event.registration
    enrolment = dataclasses.replace(told, opens=day - timedelta(days=9), closes=day, questions=answerable(told.questions)) if told else None
    event = dataclasses.replace(programme.event, date=day, registration=enrolment)
    sessions = tuple(timed(session, index) for index, session in enumerate(programme.sessions))
    return dataclasses.replace(programme, event=event, sessions=sessions)


PROGRAMMES = st.builds(
    Programme, **{one.attribute: values(one) for one in shape(Programme)}
).map(in_order)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(PROGRAMMES)
def test_a_programme_survives_the_file(programme: Programme) -> None:
    text = write(programme)
    assert parse(text) == programme
    assert write(parse(text)) == text


@settings(max_examples=120, deadline=None)
@given(words(Text(300)), words(Text(2_000, lines=True)), words(Text(300)))
def test_any_text_survives_the_file_and_reads_the_same_elsewhere(name: str, body: str, unresolved: str) -> None:
    base = parse("format_version: 1\nlanguage: fr\nevent:\n  id: a\n  name: b\nsource:\n  file: x\nedito:\n  label: a\n  title: b\n")
    assert base.source is not None
    assert base.edito is not None
    programme = dataclasses.replace(
        base,
        event=dataclasses.replace(base.event, name=name),
        source=dataclasses.replace(base.source, unresolved=(unresolved,)),
        edito=dataclasses.replace(base.edito, body=body),
    )
    text = write(programme)
    assert parse(text) == programme
    plain = yaml.safe_load(text)
    assert (plain["event"]["name"], plain["source"]["unresolved"], plain["edito"]["body"]) == (name, [unresolved], body)


@given(TIMES)
def test_a_time_keeps_the_way_it_was_printed(time: ClockTime) -> None:
    assert Clock().read(Clock().write(time)) == time
    assert str(time) == f"{time.minutes // 60:02}:{time.minutes % 60:02}"
