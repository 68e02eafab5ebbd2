"""Who may import whom: the source against the table of rooms, and the table against the rules of the house."""

from __future__ import annotations

from typing import Final

import pytest

from tests.support.paths import ROOT
from tests.unit.architecture.house_rules import faults_of_table
from tests.unit.architecture.import_rules import faults
from tests.unit.architecture.rooms import ROOMS
from tests.unit.architecture.tree import Tree, read_tree

TO_BE_MENDED: Final = {
    ("services/registration/people/api.py", "services.registration.pages.pages.ASKING_FOR_LINK"),
    ("services/registration/people/api.py", "services.registration.pages.pages.REGISTERING"),
    ("services/registration/people/api.py", "services.registration.pages.qr.svg_of"),
    ("services/registration/programme/app.py", "services.registration.people.app.ImageText"),
    ("services/registration/programme/app.py", "services.registration.people.store.Store"),
}
"""Arrows that the splits of files remove; nothing is ever added here."""


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(ROOT)


def test_every_file_is_in_one_room_and_uses_only_what_its_room_may(tree: Tree) -> None:
    found = [fault for fault in faults(tree) if not any(file in fault and name in fault for file, name in TO_BE_MENDED)]
    assert not found, "\n".join(["tests/unit/architecture/rooms.py does not allow:", *found])


def test_the_table_itself_keeps_the_rules_of_the_house() -> None:
    found = faults_of_table(ROOMS)
    assert not found, "\n".join(found)
