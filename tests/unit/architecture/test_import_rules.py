"""Who may import whom: the source against the table of rooms, and the table against the rules of the house."""

from __future__ import annotations

import pytest

from tests.support.paths import ROOT
from tests.unit.architecture.house_rules import faults_of_table
from tests.unit.architecture.import_rules import faults
from tests.unit.architecture.rooms import ROOMS, matches
from tests.unit.architecture.tree import Tree, read_tree


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(ROOT)


def test_every_file_is_in_one_room_and_uses_only_what_its_room_may(tree: Tree) -> None:
    found = faults(tree)
    assert not found, "\n".join(["tests/unit/architecture/rooms.py does not allow:", *found])


def test_every_line_of_the_table_is_about_files_that_are_there(tree: Tree) -> None:
    paths = [file.removesuffix(".py") for file in tree.sources]
    patterns = {(name, pattern) for name, room in ROOMS.items() for pattern in room.files.split()}
    assert not sorted(f"{name}: {pattern}" for name, pattern in patterns if not any(matches(path, pattern) for path in paths))


def test_the_table_itself_keeps_the_rules_of_the_house() -> None:
    found = faults_of_table(ROOMS)
    assert not found, "\n".join(found)
