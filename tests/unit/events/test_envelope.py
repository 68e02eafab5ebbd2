"""The envelope's JSON form."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.rabbit import wire
from shared.events.envelope import Envelope, Unreadable
from shared.storage import outbox

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
ENVELOPES = st.builds(
    Envelope, id=TEXT, type=TEXT, source=TEXT, subject=TEXT, seq=st.integers(0, 2**53), time=MOMENTS,
    data=st.dictionaries(st.text(max_size=8), JSON, max_size=4), correlationid=st.text(st.characters(codec="utf-8"), max_size=10),
)  # fmt: skip


@given(ENVELOPES)
def test_json_and_back_changes_nothing(event: Envelope) -> None:
    assert Envelope.from_json(json.loads(json.dumps(event.to_json()))) == event


@given(ENVELOPES)
def test_the_form_of_an_outbox_and_back_changes_nothing(event: Envelope) -> None:
    assert outbox.from_stored(outbox.to_stored(event)) == event


@given(ENVELOPES)
def test_amqp_headers_and_body_and_back_changes_nothing(event: Envelope) -> None:
    assert wire.read(wire.to_headers(event), wire.to_body(event)) == event


def event() -> dict[str, Any]:
    return Envelope(id="1", type="t", source="/s", subject="x", seq=1, time=datetime(2021, 6, 3, tzinfo=UTC)).to_json()


def test_unknown_attributes_are_ignored() -> None:
    assert Envelope.from_json({**event(), "traceparent": "00-…"}) == Envelope.from_json(event())


def test_any_offset_is_read_as_the_same_instant() -> None:
    there = datetime(2021, 6, 3, 2, tzinfo=timezone(timedelta(hours=2)))
    assert Envelope.from_json({**event(), "time": there.isoformat()}) == Envelope.from_json(event())


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""}, {"id": 7}, {"type": None}, {"seq": "1"}, {"seq": True}, {"seq": 1.5}, {"time": "yesterday"},
        {"time": "2021-06-03T00:00:00"}, {"data": []}, {"data": "text"}, {"specversion": "0.3"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_event_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        Envelope.from_json({**event(), **wrong})


@pytest.mark.parametrize("missing", ["id", "type", "source", "subject", "seq", "time"])
def test_a_missing_attribute_is_named(missing: str) -> None:
    value = event()
    del value[missing]
    with pytest.raises(Unreadable, match=missing):
        Envelope.from_json(value)


@pytest.mark.parametrize("value", [None, [], "event", 7])
def test_only_an_object_is_an_event(value: object) -> None:
    with pytest.raises(Unreadable):
        Envelope.from_json(value)
