"""Who may import whom: the source against the table of rooms, and the table against the rules of the house."""

from __future__ import annotations

import pytest

from tests.support.paths import ROOT
from tests.unit.architecture.house_rules import faults_of_table
from tests.unit.architecture.import_rules import faults
from tests.unit.architecture.rooms import ROOMS
from tests.unit.architecture.tree import Tree, read_tree


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(ROOT)


def test_every_file_is_in_one_room_and_uses_only_what_its_room_may(tree: Tree) -> None:
    found = faults(tree)
    assert not found, "\n".join(["tests/unit/architecture/rooms.py does not allow:", *found])


def test_the_table_itself_keeps_the_rules_of_the_house() -> None:
    found = faults_of_table(ROOMS)
    assert not found, "\n".join(found)
