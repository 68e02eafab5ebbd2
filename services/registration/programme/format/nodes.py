"""YAML text → a bounded graph of nodes that know their lines. The only file here that calls the YAML library to read.

Size, depth and node bounds, and the refusal of what a programme never needs (aliases, tags, several documents), so that a hostile file
costs no more than its own bytes.
"""

from __future__ import annotations

import yaml

from shared.errors import DomainError, FieldError, Invalid

MAX_BYTES = 768 * 1024
"""200 sessions with their abstracts and 400 biographies are 550 kB; over HTTP a programme is one body of a mebibyte at most."""
MAX_DEPTH = 12
MAX_NODES = 43_690
"""A quarter more than 500 sessions of four people each and 500 people need: no programme that its lists allow is refused for its count."""
MAX_ERRORS = 100
"""Errors told at once: more would help nobody."""

STRING_TAG = "tag:yaml.org,2002:str"


class ProgrammeError(Invalid):
    """A file that cannot be taken, code `programme.invalid`, with every field that is wrong: `programme.yaml:123 sessions.4.start`."""

    def __init__(self, fields: list[FieldError] | tuple[FieldError, ...]) -> None:
        super().__init__("programme.invalid", params={"count": len(fields)}, fields=tuple(fields[:MAX_ERRORS]))

    def __str__(self) -> str:
        return "; ".join(f"{field.path} {field.code}" for field in self.fields)


def place(name: str, line: int, path: str = "") -> str:
    """Where an error is, for people: file, line and field."""
    return f"{name}:{line} {path}".rstrip()


def compose(text: str, name: str) -> yaml.MappingNode:
    """The root node of `text`. Raises ProgrammeError; never runs anything the text names."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _refusal(name, 1, "programme.too_big", size=size, max=MAX_BYTES)
    try:
        loader = _Bounded(text, name)
        root = loader.get_single_node()
    except DomainError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refusal(name, line, "programme.malformed", line=line, column=column) from None
    except (yaml.YAMLError, ValueError, RecursionError):  # a sign YAML does not allow: the library tells its offset, not its line
        line = 1 + text.count("\n", 0, next((at for at, sign in enumerate(text) if yaml.reader.Reader.NON_PRINTABLE.match(sign)), 0))
        raise _refusal(name, line, "programme.malformed", line=line, column=1) from None
    if not isinstance(root, yaml.MappingNode):
        raise _refusal(name, 1, "programme.not_block" if root else "programme.empty")
    return root


class _Bounded(yaml.SafeLoader):
    """Composes nodes, and refuses what goes beyond the bounds on the way, before anything is built of it."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self._name = name
        self._depth = self._nodes = self._documents = 0

    def get_event(self) -> yaml.Event:
        event: yaml.Event = super().get_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _refusal(self._name, line, "programme.alias")
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refusal(self._name, line, "programme.several_documents")
        if isinstance(event, yaml.NodeEvent):
            self._nodes += 1
            if self._nodes > MAX_NODES:
                raise _refusal(self._name, line, "programme.too_many_values", max=MAX_NODES)
            tag = getattr(event, "tag", None)
            if tag is not None and tag != STRING_TAG:
                raise _refusal(self._name, line, "programme.tag")
        if isinstance(event, yaml.CollectionStartEvent):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise _refusal(self._name, line, "programme.too_deep", max=MAX_DEPTH)
        if isinstance(event, yaml.CollectionEndEvent):
            self._depth -= 1
        return event


def _refusal(name: str, at: int, code: str, **params: object) -> ProgrammeError:
    return ProgrammeError([FieldError(place(name, at), code, params)])
