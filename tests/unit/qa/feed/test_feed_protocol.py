"""Frames of the live feed: whatever a client sends is understood or refused with 4400; what the server says is one JSON text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from services.qa.feed import protocol
from services.qa.feed.protocol import Hello, Pong, Refusal, Renew, parse

HELLO = {"op": "hello", "v": 1, "pass": "p", "session": "s", "view": "public", "epoch": "e", "seq": 3}
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20), lambda inner: (
    st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*HELLO, "x"]), inner, max_size=8)
), max_leaves=12)  # fmt: skip


def test_the_three_frames_of_a_client() -> None:
    assert parse(json.dumps(HELLO)) == Hello("p", "s", "public", "e", 3)
    assert parse('{"op":"hello","v":1,"pass":"p","session":"s","view":"display"}') == Hello("p", "s", "display", None, None)
    assert parse('{"op":"renew","pass":"q"}') == Renew("q")
    assert parse('{"op":"pong"}') == Pong()


@given(st.text() | st.binary() | JSON.map(json.dumps))
def test_anything_else_is_refused_and_breaks_nothing(frame: str | bytes) -> None:
    closed_with = 4400
    try:
        parse(frame)
    except Refusal as refusal:
        closed_with = refusal.close
    assert closed_with == 4400


@given(st.sampled_from(sorted(HELLO)), JSON)
def test_a_hello_with_one_wrong_field_is_refused_or_means_the_same_type(name: str, value: object) -> None:
    try:
        got = parse(json.dumps({**HELLO, name: value}))
    except Refusal:
        return
    if isinstance(got, Hello):
        assert type(got.token) is type(got.session) is type(got.view) is str
        assert got.seq is None or got.seq >= 0


def test_a_snapshot_joins_what_is_shared_with_what_is_personal() -> None:
    shared = protocol.encode({"items": {"é": 1}})
    assert json.loads(protocol.snapshot("e", 4, shared, {"mine": {}})) == {
        "op": "snapshot", "epoch": "e", "seq": 4, "state": {"items": {"é": 1}, "mine": {}},
    }  # fmt: skip
    assert json.loads(protocol.snapshot("e", 4, shared, {}))["state"] == {"items": {"é": 1}}
