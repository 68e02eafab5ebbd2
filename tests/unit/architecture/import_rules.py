"""What a tree breaks of the import rules, one line per fault. The rules themselves are the table in rooms.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from tests.unit.architecture.rooms import NEVER, ROOMS, rooms_of, standard_of, used_by
from tests.unit.architecture.tree import Tree, name_of

PURE_NEVER: Final = frozenset({"shared.clock.utc_now", "shared.ids.new_id", "uuid.uuid4", "uuid.uuid1"})
"""Clock and chance by their names: pure code is handed `now` and ids as values."""
THE_CLOCK: Final = "shared/clock.py"


def faults(tree: Tree) -> list[str]:
    found = [fault for file in sorted(tree.sources) for fault in faults_of(tree, file)]
    return found + [f"a cycle: {' → '.join(cycle)}" for cycle in cycles(tree)]


def faults_of(tree: Tree, file: str) -> list[str]:
    rooms = rooms_of(file)
    if len(rooms) != 1:
        return [f"{file} is in {' and '.join(rooms) or 'no room'}"]
    return [f"{file} {fault}" for fault in _faults(tree, file)]


def _faults(tree: Tree, file: str) -> Iterator[str]:
    source = tree.sources[file]
    if source.relative:
        yield "imports relatively"
    yield from _library_faults(tree, file)
    yield from _arrow_faults(tree, file)
    if ROOMS[rooms_of(file)[0]].level == "pure" and file != THE_CLOCK:
        yield from (f"is pure and imports {name}" for name in sorted(source.imports & PURE_NEVER))
        yield from (f"is pure and calls {name}" for name in sorted(source.impure - {"await"}))
        if "await" in source.impure and not _declares(file):
            yield "is pure and awaits"


def _declares(file: str) -> bool:
    """Ports declare what others do, so they may say `async`."""
    return file.rsplit("/", 1)[1] in ("port.py", "ports.py", "declaration.py")


def _library_faults(tree: Tree, file: str) -> Iterator[str]:
    room = ROOMS[rooms_of(file)[0]]
    allowed, named, libraries = standard_of(room), frozenset(room.standard.split()), set(room.libraries.split())
    for imported, top in tree.libraries(file):
        if top in sys.stdlib_module_names:
            refused = top in NEVER - named or (allowed is not None and top not in allowed)
        else:
            refused = top not in libraries
        if refused:
            yield f"imports {imported}, which is not for its room"


def _arrow_faults(tree: Tree, file: str) -> Iterator[str]:
    (room,) = rooms_of(file)
    allowed = used_by(room)
    for imported, target in tree.arrows(file):
        if not target:
            yield f"imports {imported}, which is nothing"
        elif not set(rooms_of(target)) <= allowed and target != file:
            yield f"({room}) imports {imported} ({' '.join(rooms_of(target)) or 'no room'})"


def cycles(tree: Tree) -> list[list[str]]:
    """One cycle of files for each arrow that closes one, found depth first."""
    found: list[list[str]] = []
    done: set[str] = set()
    arrows = {file: sorted({target for _, target in tree.arrows(file) if target and target != file}) for file in tree.sources}

    def visit(file: str, path: list[str]) -> None:
        if file in path:
            found.append([name_of(one) for one in [*path[path.index(file) :], file]])
        elif file not in done:
            for target in arrows[file]:
                visit(target, [*path, file])
            done.add(file)

    for file in sorted(tree.sources):
        visit(file, [])
    return found
