"""The blocks of a programme → YAML, byte for byte the same every time: human order, verbatim texts, unknown where nothing is known.

What lives here: the one canonical form. What must not: reading, rules. Reading what this writes gives the same programme; writing
that again gives the same bytes. Values that a completion assumed are never written: the file holds what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from services.registration.programme.format.completion import printed
from services.registration.programme.format.kinds import UNKNOWN, Choice, Ref, Text
from services.registration.programme.format.model import Programme
from services.registration.programme.format.shape import FieldShape, shape

HEADER = "# Programme of an event, as printed. What the print does not say is `unknown` here and may be assumed in completion.yaml.\n"
WIDTH = 110
APART = frozenset({"sessions", "people", "organisations", "partners", "notices", "acknowledgements"})
"""Lists and maps of the root whose entries are set apart by an empty line."""

_PLAIN = re.compile(r"\w(?:[\w .;!?/+()«»’'&…–-]|,(?= )|:(?=\S))*", re.UNICODE)
_BREAKS = re.compile(r"[\t\x85\u2028\u2029\ufeff\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_GLUED = re.compile(r"(?<!«) (?![»:;?!])")
"""Where a line may turn: never inside the space that French typography sets before or after a sign."""


def write(programme: Programme) -> str:
    """The canonical YAML text of a programme, without what was assumed."""
    lines = list(_block(printed(programme), 0))
    return HEADER + "".join(f"{line}\n" for line in lines)


def _block(block: Any, indent: int) -> Iterator[str]:
    for one in shape(type(block)):
        if one.from_key:
            continue
        value = getattr(block, one.attribute)
        if value is None and one.unknowable:
            yield f"{' ' * indent}{one.name}: {UNKNOWN}"
        elif one.required or one.unknowable or value != one.default:
            if indent == 0 and (one.block or one.many != "one"):
                yield ""
            yield from _field(one, value, indent)


def _field(one: FieldShape, value: Any, indent: int) -> Iterator[str]:
    pad = " " * indent
    if one.many == "map":
        yield f"{pad}{one.name}:"
        for index, (key, item) in enumerate(value.items()):
            if index and one.name in APART and indent == 0:
                yield ""
            if one.block is None:
                yield f"{pad}  {scalar_text(key, 0)}: {_scalar(one, item, indent + 4)}"
                continue
            yield f"{pad}  {scalar_text(key, 0)}:"
            yield from _block(item, indent + 4)
    elif one.many == "list":
        yield from _list(one, value, indent)
    elif one.block is not None:
        inner = list(_block(value, indent + 2))
        yield f"{pad}{one.name}:" if inner else f"{pad}{one.name}: {{}}"
        yield from inner
    else:
        yield f"{pad}{one.name}: {_scalar(one, value, indent + 2)}"


def _list(one: FieldShape, values: tuple[Any, ...], indent: int) -> Iterator[str]:
    pad = " " * indent
    if not values:
        yield f"{pad}{one.name}: []"
        return
    if one.block is None and isinstance(one.kind, Choice | Ref):
        yield f"{pad}{one.name}: [{', '.join(_scalar(one, value, 0) for value in values)}]"
        return
    yield f"{pad}{one.name}:"
    for index, value in enumerate(values):
        if one.block is None:
            yield f"{pad}  - {_scalar(one, value, indent + 4)}"
            continue
        if index and one.name in APART and indent == 0:
            yield ""
        inner = list(_block(value, indent + 4))
        yield f"{pad}  - {inner[0].lstrip()}" if inner else f"{pad}  - {{}}"
        yield from inner[1:]


def _scalar(one: FieldShape, value: Any, indent: int) -> str:
    assert one.kind is not None
    text = one.kind.write(value)
    if not isinstance(one.kind, Text):
        return text if text in {"true", "false"} or isinstance(value, int) or _is_plain(text) else _quoted(text)
    return scalar_text(text, indent)


def scalar_text(text: str, indent: int) -> str:
    """`text` as a YAML scalar: plain when that is safe, folded when long, literal when of several lines, else quoted."""
    pad = " " * indent
    if indent and not _BREAKS.search(text) and text == text.strip():
        if "\n" in text and not any(line != line.rstrip() for line in text.split("\n")):
            return "|-\n" + "\n".join(pad + line if line else "" for line in text.split("\n"))
        if "\n" not in text and len(text) + indent > WIDTH and "  " not in text and " " in text:
            return ">-\n" + "\n".join(pad + line for line in _folded(text, WIDTH - indent))
    return text if _is_plain(text) else _quoted(text)


def _folded(text: str, width: int) -> list[str]:
    lines = [""]
    for word in _GLUED.split(text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def _is_plain(text: str) -> bool:
    if _PLAIN.fullmatch(text) is None or text != text.strip() or text == UNKNOWN:
        return False
    guesses = yaml.SafeLoader.yaml_implicit_resolvers  # what another YAML reader would take for a number, a date, a truth value
    return not any(form.match(text) for _, form in [*guesses.get(text[:1], []), *guesses.get(None, [])])


def _quoted(text: str) -> str:
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(named.get(sign) or (f"\\u{ord(sign):04x}" if _BREAKS.match(sign) else sign) for sign in text) + '"'
