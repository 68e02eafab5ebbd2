"""Every invented programme, as the pages of its sessions are told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import reduce

import pytest

from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub
from services.registration.programme.exports.public import to_event
from services.registration.programme.format.parsing import parse_with_warnings
from shared.events.running_order import RunningOrderChanged, SlotRef
from tests.support.feed_reducer import apply
from tests.support.programmes import programmes

PROGRAMMES = programmes()


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_session_of_every_programme_is_told_and_told_again(name: str) -> None:
    programme, _ = parse_with_warnings(PROGRAMMES[name], None)
    event = to_event(programme, digest="d", now=datetime(2025, 1, 1, tzinfo=UTC))
    hub: Hub[str] = Hub("e", new_aspects())
    hub.on_event(event, seq=1)
    states = {}
    for ref in event.sessions:
        _, (frame,) = hub.connect(ref.id, session=ref.id, view="public", person="p", entrance="remote", epoch=None, seq=None)
        states[ref.id] = json.loads(frame)["state"]
        facts = states[ref.id]["session"]
        assert (facts["id"], facts["title"], facts["language"]) == (ref.id, ref.title, ref.language or event.language)
        assert [each["name"] for each in facts["participants"]] == [each.name for each in ref.participants]
        assert not facts["removed"]
    slots = [SlotRef(ref.id, "upcoming", ref.starts_at, ref.ends_at) for ref in event.sessions]
    first, rest = slots[0], slots[1:]
    for outs in (
        hub.on_event(RunningOrderChanged(event.event_id, (SlotRef(first.session, "on", None, None), *rest)), seq=1),
        hub.on_event(type(event)(event.event_id, "x", "UTC", "d", event.sessions[1:], ()), seq=2),
    ):
        for out in outs:
            for session in out.to:
                states[session] = reduce(apply, [json.loads(out.frame)], states[session])
    assert states == {ref.id: hub.state(ref.id, "public", "p") for ref in event.sessions}
    assert [id for id, state in states.items() if state["session"]["removed"]] == [first.session]
