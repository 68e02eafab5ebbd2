"""Which modules a page's script imports, and they in turn: named in the page, they are all asked for at once instead of one depth after
another (HTML, section 4.6.7.8, "modulepreload")."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

MOST_MODULES: Final = 200
_IMPORT: Final = re.compile(r"""(?:^|[;}\s])(?:import|export)\b[^"';()]*?["']([^"']+)["']""")
"""Static imports and re-exports: what is in brackets is loaded when it is needed."""


def modules_of(entry: str, read: Callable[[str], str | None], names: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of every module that `entry` needs, itself first, the nearest first.

    `read` gives the text of a path, None for one that is not there; `names` is the import map: bare name → path.
    """
    found = {entry: None}
    waiting = deque([entry])
    while waiting and len(found) < MOST_MODULES:
        path = waiting.popleft()
        text = read(path)
        for name in _IMPORT.findall(text) if text is not None else ():
            target = _resolved(name, path, names)
            if target is not None and target not in found and read(target) is not None:
                found[target] = None
                waiting.append(target)
    return tuple(found)


def _resolved(name: str, importer: str, names: Mapping[str, str]) -> str | None:
    """An import specifier as a path (HTML, section 8.1.5.2): relative, or by the longest name of the map that it begins with."""
    if name.startswith(("./", "../")):
        return posixpath.normpath(posixpath.join(posixpath.dirname(importer), name))
    if name in names:
        return names[name]
    parent = max((one for one in names if one.endswith("/") and name.startswith(one)), key=len, default=None)
    return None if parent is None else names[parent] + name[len(parent) :]
