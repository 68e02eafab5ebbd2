"""`tablee programme check | import | export`: the files of an event without a server. Parse, call, print.

Sentences are in the language of the terminal (LC_ALL, LC_MESSAGES, LANG). `check` prints one line per finding, `E` for an error and `W` for
something to ask a person about; it ends with 0 when the programme can be taken. What `import` and `export` print is the file alone, in
UTF-8; everything that is said beside it goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.registration.programme import (
    Programme,
    ProgrammeError,
    blockers,
    digest,
    event_calendar,
    json_ld,
    load_event,
    parse,
    parse_with_warnings,
    write,
)  # fmt: skip
from services.registration.programme.exchange.inward import Imported, from_json, from_xml
from services.registration.programme.exchange.model import MOST_BYTES, Embedded, Exchange
from services.registration.programme.exchange.outward import exchange_of
from services.registration.programme.exchange.schedule_json import write_json
from services.registration.programme.exchange.schedule_xml import write_xml
from services.registration.programme.exports.ics import sessions_calendar
from shared.config import Settings
from shared.errors import DomainError, FieldError
from shared.messages.catalogue import Catalogue, load_catalogue

EXIT_FAILED: Final = 1
FORMATS: Final = ("yaml", "schedule.json", "schedule.xml", "ics", "sessions.ics", "jsonld")
SHORT: Final[Mapping[str, str]] = {"json": "schedule.json", "xml": "schedule.xml", "yml": "yaml"}
"""What people say for it; also endings of files."""
SHORT_DIGEST: Final = 12
STANDARD: Final = Path("-")

_IMPORT: Final = """Make a programme.yaml of a schedule.json or schedule.xml (of pretalx, frab, a congress hub or Tablée itself), or of a
programme file, which is set in the one form. What the file is, its contents say. What could not be taken over is said on standard error."""
_EXPORT: Final = """Print the programme as an app, a calendar or a search engine reads it. Without --format, the ending of --output says
which: .json, .xml, .ics, .jsonld, .yaml."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommands, beside the others of `tablee`."""
    parser = commands.add_parser("programme", help="check, import or export the files of an event")
    actions = parser.add_subparsers(required=True, metavar="check|import|export")
    check = actions.add_parser("check", help="print every error and warning with file, line and field")
    check.add_argument("path", nargs="?", type=Path, help="an event's folder, or one file; - reads standard input [default: TABLEE_EVENT]")
    check.set_defaults(run=_check)
    bring = actions.add_parser("import", help="make a programme file of a schedule.json, a schedule.xml or YAML", description=_IMPORT)
    bring.add_argument("file", type=Path, help="- reads standard input")
    bring.add_argument("--into", type=Path, metavar="FOLDER", help="write programme.yaml there [default: print it]")
    bring.add_argument("--force", action="store_true", help="replace files that are there")
    bring.set_defaults(run=_import)
    export = actions.add_parser("export", help="print the programme in another format", description=_EXPORT)
    export.add_argument("path", nargs="?", type=Path, help="an event's folder, or one file; - reads standard input [default: TABLEE_EVENT]")
    export.add_argument("--format", type=_format, metavar="FORMAT", help=f"{', '.join(FORMATS)} [default: yaml]")
    export.add_argument("--output", type=Path, metavar="FILE", help="[default: print it]")
    export.set_defaults(run=_export)


def _format(text: str) -> str:
    """Raises ArgumentTypeError, which argparse tells the person."""
    found = SHORT.get(text.casefold(), text.casefold())
    if found not in FORMATS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(FORMATS)}")
    return found


def _format_of(file: Path | None) -> str:
    """By the ending of a file; YAML where that says nothing."""
    ending = file.suffix.removeprefix(".").casefold() if file else ""
    found = SHORT.get(ending, ending)
    return found if found in FORMATS else "yaml"


@dataclass(frozen=True, slots=True)
class Given:
    """What a path names: the files of an event, or one file, whatever its format. `name`: of that file, in findings."""

    name: str
    brought: Imported
    programme: Programme
    warnings: Sequence[FieldError]


def _check(settings: Settings, arguments: argparse.Namespace) -> int:
    try:
        given = _given(arguments.path or settings.event)
    except ProgrammeError as error:
        return _refused(error)
    missing = tuple(FieldError(f"{given.name} {one.path}", one.code, one.params) for one in blockers(given.programme))
    _print("W", (*missing, *given.warnings), sys.stdout)
    return 0


def _given(path: Path) -> Given:
    """Raises ProgrammeError for what cannot be read, SystemExit for a file that is not there."""
    if path != STANDARD and (path.is_dir() or not path.suffix):
        loaded = load_event(path)
        return Given("programme.yaml", Imported(loaded.programme_text, loaded.completion_text), loaded.programme, loaded.warnings)
    name, brought = _name(path), _brought(path)
    programme, warnings = parse_with_warnings(brought.programme, brought.completion, names=(name, "completion.yaml"))
    return Given(name, brought, programme, (*brought.warnings, *warnings))


def _import(settings: Settings, arguments: argparse.Namespace) -> int:
    try:
        brought = _brought(arguments.file)
        text = brought.programme if brought.is_made else write(parse(brought.programme, names=(_name(arguments.file), "completion.yaml")))
    except ProgrammeError as error:
        return _refused(error)
    _print("W", brought.warnings, sys.stderr)
    if arguments.into is None:
        return _put_out(text)
    files = {"programme.yaml": text, "completion.yaml": brought.completion}
    return _put({arguments.into / name: text for name, text in files.items() if text is not None}, force=arguments.force)


def _brought(file: Path) -> Imported:
    """What a file is, its first sign says. Raises ProgrammeError for what cannot be read, SystemExit for a file that is not there."""
    text, name = _text(file), _name(file)
    first = text.lstrip()[:1]
    if first == "<":
        return from_xml(text, name)
    if first in {"{", "["}:
        return from_json(text, name)
    return Imported(text, is_made=False)


def _name(file: Path) -> str:
    return "stdin" if file == STANDARD else file.name


def _text(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if file == STANDARD else file.read_bytes()
        if len(raw) > MOST_BYTES:
            raise ProgrammeError([FieldError(f"{_name(file)}:1", "programme.too_big", {"size": len(raw), "max": MOST_BYTES})])
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise SystemExit(f"tablee: {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProgrammeError([FieldError(f"{_name(file)}:1", "programme.not_utf8")]) from None


def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    form = arguments.format or _format_of(arguments.output)
    try:
        given = _given(arguments.path or settings.event)
        text = EXPORTS[form](given, datetime.now(UTC), f"{settings.origin}/")
    except DomainError as error:
        return _refused(error)
    _print("W", given.brought.warnings, sys.stderr)
    return _put_out(text) if arguments.output is None else _put({arguments.output: text}, force=True)


def _put_out(text: str) -> int:
    """Bytes, whatever the terminal's encoding; whoever reads may stop early (`| head`)."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at the end
        return EXIT_FAILED
    return 0


def _exchange(given: Given, now: datetime, url: str) -> Exchange:
    files = Embedded(given.brought.programme, given.brought.completion)
    version = digest(files.programme, files.completion)[:SHORT_DIGEST]
    return exchange_of(given.programme, now, url=url, version=version, embedded=files)


EXPORTS: Final[Mapping[str, Callable[[Given, datetime, str], str]]] = {
    "yaml": lambda given, now, url: write(given.programme),
    "schedule.json": lambda given, now, url: write_json(_exchange(given, now, url)),
    "schedule.xml": lambda given, now, url: write_xml(_exchange(given, now, url)),
    "ics": lambda given, now, url: event_calendar(given.programme, now, url=url).decode(),
    "sessions.ics": lambda given, now, url: sessions_calendar(given.programme, now, url=url).decode(),
    "jsonld": lambda given, now, url: json.dumps(json_ld(given.programme, now, url=url), ensure_ascii=False, indent=1) + "\n",
}


def _put(files: Mapping[Path, str], *, force: bool) -> int:
    there = [file for file in files if file.exists()]
    if there and not force:
        print(f"tablee: {there[0]} is there already; --force replaces it", file=sys.stderr)
        return EXIT_FAILED
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        print(file)
    return 0


def _refused(error: DomainError) -> int:
    _print("E", error.fields or (FieldError("", error.code, error.params),), sys.stderr)
    return EXIT_FAILED


def _print(sign: str, findings: Sequence[FieldError], stream: object) -> None:
    messages = load_catalogue()
    language = _language(messages)
    for one in findings:
        sentence = messages.sentence(language, one.code, one.params or {})
        print(f"{sign} {one.path}  {sentence}" if one.path else f"{sign} {sentence}", file=stream)  # type: ignore[call-overload]


def _language(messages: Catalogue) -> str:
    """That of the terminal where there are words for it, else English."""
    given = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    language = given[:2].casefold()
    return language if language in messages.languages else "en"
