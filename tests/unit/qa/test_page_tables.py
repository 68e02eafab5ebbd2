"""The tables that the pages read are those of the service: a stale file fails here."""

from __future__ import annotations

from services.qa.page_tables import render
from services.qa.polls import page_tables as poll_tables
from tests.support.paths import ROOT


def test_the_tables_of_the_pages_are_fresh() -> None:
    stored = (ROOT / "web" / "js" / "state" / "tables.js").read_text("utf-8")
    assert stored == render(), "python -m services.qa.page_tables > web/js/state/tables.js"


def test_those_of_polls_are_fresh() -> None:
    stored = (ROOT / "web" / "js" / "state" / "poll_tables.js").read_text("utf-8")
    assert stored == poll_tables.render(), "python -m services.qa.polls.page_tables > web/js/state/poll_tables.js"


def test_no_other_module_of_the_pages_lists_the_states_again() -> None:
    for path in sorted((ROOT / "web" / "js").rglob("*.js")):
        if path.name != "tables.js":
            text = path.read_text("utf-8")
            assert not ("'withdrawn'" in text and "'declined'" in text), path
