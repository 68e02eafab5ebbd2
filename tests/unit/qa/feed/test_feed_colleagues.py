"""Who is counted as a colleague at the desk."""

from __future__ import annotations

from datetime import UTC, datetime

from services.qa.feed.aspects.colleagues import ColleagueAspect

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def told(aspect: ColleagueAspect) -> list[str]:
    list(aspect.tick(NOW))
    names: list[str] = aspect.shared("s", "moderator")["colleagues"]
    return names


def test_a_person_is_one_colleague_in_however_many_windows_and_each_window_of_a_shared_link_is_one() -> None:
    aspect = ColleagueAspect()
    for person, name in (("p1", "Ada"), ("p1", "Ada"), ("link", ""), ("link", "")):
        aspect.arrive("s", "moderator", person, "staff", name)
    assert told(aspect) == ["", "", "Ada"]
    aspect.leave("s", "moderator", "link", "staff")
    aspect.leave("s", "moderator", "p1", "staff")
    assert told(aspect) == ["", "Ada"]
