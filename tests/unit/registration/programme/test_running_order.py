"""The running order: at any moment each session has one place in the day, and today it is the printed one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registration.programme import load_event, now_next, parse
from services.registration.programme.running_order import running_order
from tests.support.paths import EXAMPLE

REHEARSAL = load_event(EXAMPLE).programme
TEXT = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@given(st.integers(-24 * 60, 24 * 60))
def test_now_and_next_follow_from_the_running_order(minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    order, moment = running_order(REHEARSAL, at), now_next(REHEARSAL, at)
    assert list(order) == [session.id for session in REHEARSAL.sessions]
    assert all(slot.printed == slot.actual for slot in order.values())
    assert (moment.now is None) == all(slot.progress != "on" for slot in order.values())
    if moment.now is not None:
        assert order[moment.now].progress == "on"
    if moment.next is not None:
        start = order[moment.next].actual[0]
        assert order[moment.next].progress == "upcoming"
        assert start is not None
        assert start > at


def test_without_a_date_nothing_is_known_of_any_session() -> None:
    assert {slot.progress for slot in running_order(parse(TEXT), NOON).values()} == {"unknown"}
