"""The source as the import rules see it: files, what each imports, and where pure code would reach for a clock or a file.

A tree is a value: the tests of the rules add one import or one file to it in memory and look again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

TOPS = ("services", "shared")
CLOCK_CALLS = frozenset({("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")})
IO_CALLS = frozenset({"open", "print", "input", "breakpoint", "exec", "eval", "__import__"})


@dataclass(frozen=True, slots=True)
class Source:
    """`imports`: dotted names as written; `from a import b` gives `a.b`. `impure`: calls that no pure code makes."""

    imports: frozenset[str] = frozenset()
    impure: frozenset[str] = frozenset()
    relative: bool = False


@dataclass(frozen=True)
class Tree:
    sources: Mapping[str, Source]
    """By path from the top of the checkout: `services/qa/domain.py`."""

    def adding(self, file: str, *imports: str) -> Tree:
        """The same tree, where `file` (new or not) imports this as well."""
        before = self.sources.get(file, Source())
        changed = Source(before.imports | set(imports), before.impure, before.relative)
        return Tree(MappingProxyType({**self.sources, file: changed}))

    def with_text(self, file: str, text: str) -> Tree:
        return Tree(MappingProxyType({**self.sources, file: read_source(text)}))

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """File by dotted name."""
        return {name_of(file): file for file in self.sources}

    def target(self, imported: str) -> str | None:
        """The file of this project that `imported` leads to; None for the standard library and what is installed."""
        if imported.split(".")[0] not in TOPS:
            return None
        if imported in self.modules:
            return self.modules[imported]
        return self.modules.get(imported.rpartition(".")[0])

    def arrows(self, file: str) -> Iterator[tuple[str, str]]:
        """(name as written, file) for each import of the project's own."""
        for imported in sorted(self.sources[file].imports):
            if imported.split(".")[0] in TOPS:
                yield imported, self.target(imported) or ""

    def libraries(self, file: str) -> Iterator[tuple[str, str]]:
        """(name as written, its first word) of what is imported from the standard library and from what is installed."""
        for imported in sorted(self.sources[file].imports):
            top = imported.split(".")[0]
            if top not in (*TOPS, "__future__"):
                yield imported, top


def read_tree(root: Path) -> Tree:
    paths = sorted(path for top in TOPS for path in (root / top).rglob("*.py"))
    return Tree(MappingProxyType({path.relative_to(root).as_posix(): read_source(path.read_text("utf-8")) for path in paths}))


def read_source(text: str) -> Source:
    imports: set[str] = set()
    impure: set[str] = set()
    relative = False
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            relative = relative or node.level > 0
            imports |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call):
            impure |= set(_impure(node.func))
        elif isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            impure.add("await")
    return Source(frozenset(imports), frozenset(impure), relative)


def _impure(called: ast.expr) -> Iterator[str]:
    if isinstance(called, ast.Name) and called.id in IO_CALLS:
        yield f"{called.id}()"
    elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and (called.value.id, called.attr) in CLOCK_CALLS:
        yield f"{called.value.id}.{called.attr}()"


def name_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
