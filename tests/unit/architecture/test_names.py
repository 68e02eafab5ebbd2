"""A public class name means one thing in the whole house."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.support.paths import ROOT


def test_no_public_class_name_stands_in_two_files() -> None:
    files: dict[str, list[str]] = defaultdict(list)
    for top in ("services", "shared"):
        for path in sorted((ROOT / top).rglob("*.py")):
            names = [node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ClassDef)]
            for name in names:
                if not name.startswith("_"):
                    files[name].append(path.relative_to(ROOT).as_posix())
    twice = {name: found for name, found in files.items() if len(found) > 1}
    assert not twice, "\n".join(f"{name}: {', '.join(found)}" for name, found in sorted(twice.items()))
