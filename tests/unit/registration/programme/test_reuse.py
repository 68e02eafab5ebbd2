"""Ids of sessions that a new programme uses for something else."""

from __future__ import annotations

import pytest

from services.registration.programme.format.model import Programme
from services.registration.programme.format.parsing import parse_with_warnings
from services.registration.programme.format.reuse import reused
from tests.support.programmes import programmes


def programme(**session: str) -> Programme:
    given = {"kind": "round_table", "title": "The tides", "stage": "quay", "date": "2025-02-21", **session}
    lines = "".join(f"\n    {name}: {value}" for name, value in given.items())
    text = (
        "format_version: 1\nlanguage: en\nevent:\n  id: harbour\n  name: Harbour\n  date: 2025-02-21\n  timezone: UTC\n"
        "  stages:\n    - {id: quay, name: Quay}\n    - {id: loft, name: Loft}\n"
        f"sessions:\n  - id: welcome\n    kind: reception\n    title: Welcome\n    start: '8:00'\n  - id: a1\n    start: '9:00'{lines}\n"
    )
    return parse_with_warnings(text, None)[0]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"title": "The tides, again"},
        {"kind": "workshop"},
        {"stage": "loft", "date": "2025-02-22", "kind": "other"},
    ],
)
def test_a_session_that_is_renamed_or_moved_is_the_same(changed: dict[str, str]) -> None:
    assert reused(programme(), programme(**changed)) == ()


@pytest.mark.parametrize("besides", [{"kind": "workshop"}, {"stage": "loft"}, {"date": "2025-02-22"}])
def test_another_title_with_another_kind_stage_or_day_is_another_session(besides: dict[str, str]) -> None:
    (warning,) = reused(programme(), programme(title="Knots", **besides))
    assert (warning.path, warning.code) == ("sessions.1.id", "programme.warn.id_reused")
    assert warning.params == {"id": "a1", "before": "The tides", "after": "Knots"}


def test_a_programme_imported_again_reuses_nothing() -> None:
    for text in programmes().values():
        same, _ = parse_with_warnings(text, None)
        assert reused(same, same) == ()
