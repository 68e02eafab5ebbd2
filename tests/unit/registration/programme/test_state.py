"""The state of the day: what the file says outranks the clock, a day that runs late is not over, a rehearsal never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.registration.programme.format.parsing import parse
from services.registration.programme.order.decisions import Decisions, Hand
from services.registration.programme.running_order import running_order
from services.registration.programme.state import LINGER, DayState, require_open, state_of
from shared.errors import Conflict, DomainError, NotFound

TEXT = """
format_version: 1
language: fr
event:
  id: rencontre
  name: Rencontre
  date: 2025-03-04
  timezone: Pacific/Auckland
  status: published
sessions:
  - {id: un, kind: talk, title: Un, start: "09:00", end: "10:00"}
  - {id: deux, kind: talk, title: Deux, start: "10:00"}
  - {id: trois, kind: talk, title: Trois, date: 2025-03-05, start: "9:00", end: "11:00"}
""".replace("kind: talk", "kind: other")
LAST_END = datetime(2025, 3, 4, 22, 0, tzinfo=UTC)
"""11:00 on the second day in Auckland, which is thirteen hours ahead in March."""


def state(text: str, at: datetime, decisions: Decisions | None = None) -> DayState:
    programme = parse(text)
    return state_of(programme, running_order(programme, at, decisions or Decisions()), at)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (datetime(2025, 3, 3, 10, 59, tzinfo=UTC), "before"),
        (datetime(2025, 3, 3, 11, 0, tzinfo=UTC), "today"),  # midnight in Auckland
        (datetime(2025, 3, 4, 12, 0, tzinfo=UTC), "today"),  # the night between the two days
        (LAST_END + LINGER - timedelta(seconds=1), "today"),
        (LAST_END + LINGER, "over"),
    ],
)
def test_the_clock_of_the_event_decides(at: datetime, phase: str) -> None:
    assert state(TEXT, at).phase == phase


def test_an_end_that_nobody_knows_is_an_hour_after_the_start() -> None:
    text = TEXT.replace('  - {id: trois, kind: other, title: Trois, date: 2025-03-05, start: "9:00", end: "11:00"}\n', "")
    open_end = datetime(2025, 3, 3, 22, 0, tzinfo=UTC)
    assert state(text, open_end + LINGER - timedelta(seconds=1)).phase == "today"
    assert state(text, open_end + LINGER).phase == "over"


def test_a_session_that_a_hand_keeps_on_keeps_the_event_going() -> None:
    at = LAST_END + timedelta(minutes=70)
    late = Hand(datetime(2025, 3, 5).date(), started_at=LAST_END - timedelta(minutes=30), decided_at=LAST_END)
    order = running_order(parse(TEXT), at, Decisions({"trois": late}))
    assert order["trois"].progress == "on"
    assert state(TEXT, at).phase == "over"
    assert state(TEXT, at, Decisions({"trois": late})).phase == "today"


@pytest.mark.parametrize("status", ["draft", "cancelled", "postponed"])
@pytest.mark.parametrize("at", [datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)])
def test_what_the_file_says_outranks_the_clock(status: str, at: datetime) -> None:
    assert state(TEXT.replace("published", status), at).phase == status


def test_an_event_that_moved_online_is_still_to_come_but_not_in_a_room() -> None:
    found = state(TEXT.replace("published", "moved_online"), datetime(2025, 1, 1, tzinfo=UTC))
    assert (found.phase, found.coming, found.expects_in_room) == ("before", True, False)


def test_a_file_that_says_nothing_is_public() -> None:
    assert parse(TEXT.replace("  status: published\n", "")).event.status == "published"


def test_a_rehearsal_is_never_over() -> None:
    text = TEXT.replace("  date: 2025-03-04\n", "").replace('date: 2025-03-05, start: "9:00", end: "11:00"', 'start: "10:30"')
    completion = "format_version: 1\ncompletes: rencontre\nevent:\n  date: today\n"
    programme = parse(text, completion)
    at = datetime(2025, 3, 4, 10, 59, tzinfo=UTC)  # a minute before midnight in Auckland
    assert state_of(programme, running_order(programme, at), at).phase == "today"


@pytest.mark.parametrize(
    ("phase", "kind"), [("draft", NotFound), ("over", Conflict), ("cancelled", Conflict), ("postponed", Conflict)]
)  # fmt: skip
def test_who_comes_too_late_or_too_early_is_told_why(phase: str, kind: type[DomainError]) -> None:
    with pytest.raises(kind) as refused:
        require_open(DayState(phase))  # type: ignore[arg-type]
    assert refused.value.code == f"registration.event_{phase}"


def test_while_the_event_is_to_come_anybody_may_register() -> None:
    require_open(DayState("before"))
    require_open(DayState("today"))


@pytest.mark.parametrize(
    ("told", "opens", "closes"),
    [
        ("{opens: 2025-02-01, closes: 2025-02-10}", datetime(2025, 1, 31, 11, tzinfo=UTC), datetime(2025, 2, 10, 11, tzinfo=UTC)),
        (
            '{opens: 2025-02-01, opens_at: "9:30", closes: 2025-02-10, closes_at: "18:00"}',
            datetime(2025, 1, 31, 20, 30, tzinfo=UTC), datetime(2025, 2, 10, 5, tzinfo=UTC),
        ),
    ],
)  # fmt: skip
def test_registration_opens_and_closes_by_the_clock_of_the_event(told: str, opens: datetime, closes: datetime) -> None:
    text, second = TEXT.replace("  status: published", f"  status: published\n  registration: {told}"), timedelta(seconds=1)
    found = [state(text, at) for at in (opens - second, opens, closes - second, closes)]
    assert [one.enrolling for one in found] == ["early", "open", "open", "late"]
    assert [one.takes for one in found] == [False, True, True, False]
    assert all(one.coming for one in found), "who registered may still change their place"
    assert found[0].opens_at == opens
    for one, code in ((found[0], "early"), (found[3], "late")):
        with pytest.raises(Conflict, match=f"enrolment_{code}"):
            require_open(one)


def test_a_programme_that_sets_no_bound_takes_registrations_until_it_is_over() -> None:
    assert state(TEXT, datetime(2024, 1, 1, tzinfo=UTC)).takes
    late = state(TEXT.replace("  status: published", "  status: published\n  registration: {closes: 2025-02-10}"), LAST_END)
    assert (late.enrolling, late.opens_at) == ("late", None)
