"""YAML text → a bounded graph of nodes that know their lines. The only file here that calls the YAML library to read.

What lives here: size, depth and node bounds, and the refusal of what a programme never needs (aliases, tags, several documents),
so that a hostile file costs no more than its own bytes. What must not: fields, kinds, blocks.
"""

from __future__ import annotations

import yaml

from shared.errors import DomainError, FieldError, Invalid

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000
MAX_ERRORS = 100
"""Errors told at once: more would help nobody."""

STANDARD_TAG = "tag:yaml.org,2002:"


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
        _check_events(text, name)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
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


def _check_events(text: str, name: str) -> None:
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _refusal(name, line, "programme.alias")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refusal(name, line, "programme.several_documents")
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            tag = getattr(event, "tag", None)
            if tag is not None and not tag.startswith(STANDARD_TAG + "str"):
                raise _refusal(name, line, "programme.tag")
            if nodes > MAX_NODES:
                raise _refusal(name, line, "programme.too_many_values", max=MAX_NODES)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _refusal(name, line, "programme.too_deep", max=MAX_DEPTH)
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refusal(name: str, at: int, code: str, **params: object) -> ProgrammeError:
    return ProgrammeError([FieldError(place(name, at), code, params)])
