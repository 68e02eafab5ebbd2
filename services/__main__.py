"""The `tablee` command line: parse, call, print. No logic lives here."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from services import programme_commands
from shared import log, memory
from shared.config import SETTINGS, SettingError, Settings, read_settings
from shared.errors import Unavailable

if TYPE_CHECKING:
    from services.compose import Platform

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        settings = read_settings(os.environ)
        log.set_up(settings.log_format, settings.log_level)
        return int(arguments.run(settings, arguments))
    except SettingError as error:
        print(f"tablee: {error}", file=sys.stderr)
        return EXIT_FAILED
    except Unavailable as error:
        print(f"tablee: a dependency does not answer ({error.code}); `tablee doctor` says which and what to do", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tablee", description="Round tables that people who are not in the room take part in.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="run the services named, all of them by default")
    serve.add_argument("services", nargs="*", metavar="registration|streaming|qa")
    serve.set_defaults(run=_serve)
    links = commands.add_parser("links", help="print one link per role")
    links.add_argument("--json", action="store_true", help="for scripts")
    links.add_argument(
        "--renew", metavar="ROLE", help="replace the link of moderator, chair, stage, door or operator: the old one stops opening"
    )
    links.set_defaults(run=_links)
    config = commands.add_parser("config", help="print every setting with its default and meaning")
    config.set_defaults(run=_config)
    keys = commands.add_parser("keys", help="make a set of keys for several processes, as environment lines")
    keys.set_defaults(run=_keys)
    doctor = commands.add_parser("doctor", help="check every dependency and say what to do")
    doctor.add_argument("what", nargs="?", choices=["all", "dead"], default="all", help="dead: events that a handler gave up on")
    doctor.add_argument("--replay", metavar="ID|all", help="with dead: give this event, or all of them, back to their groups")
    doctor.set_defaults(run=_doctor)
    programme_commands.add_to(commands)
    return parser


# --- serve -------------------------------------------------------------------------------------------------------------------
def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    from services import compose

    unknown = sorted(set(arguments.services) - set(compose.NAMES))
    if unknown:
        print(f"tablee: there is no service {unknown[0]!r}; there are {', '.join(compose.NAMES)}", file=sys.stderr)
        return EXIT_USAGE
    names = [name for name in compose.NAMES if name in arguments.services] or list(compose.NAMES)
    return asyncio.run(_run(settings, names))


async def _run(settings: Settings, names: Sequence[str]) -> int:
    """0 after an orderly stop. The first SIGINT or SIGTERM stops, a second one kills."""
    from services import compose

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _on_signal, stop)
    platform = compose.make_platform(settings, names, progress=_progress)
    starting = asyncio.create_task(platform.start())
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait((starting, waiting), return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():  # stopped while it started: what is there already is stopped in order
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return 0
    try:
        starting.result()
    except BaseException:
        waiting.cancel()
        raise
    memory.settle()
    _announce(platform)
    await waiting
    _progress("Stopping")
    return 0 if await platform.stop() else EXIT_FAILED


def _on_signal(stop: asyncio.Event) -> None:
    if stop.is_set():
        os.killpg(0, signal.SIGKILL) if os.getpgrp() == os.getpid() else os.kill(os.getpid(), signal.SIGKILL)
    stop.set()


def _progress(step: str) -> None:
    print(f"… {step}", flush=True)


def _announce(platform: Platform) -> None:
    from services import compose
    from services.links import links

    if set(platform.names) == set(compose.NAMES):
        for role, link in _lined_up(links(platform.settings, platform.loaded)):
            print(f"  {role} {link}")
    print(f"Ready: {platform.settings.origin}/", flush=True)


def _lined_up(links: Mapping[str, str]) -> list[tuple[str, str]]:
    width = max(10, *map(len, links))
    return [(role.ljust(width), link) for role, link in links.items()]


# --- the small ones ------------------------------------------------------------------------------------------------------------
def _links(settings: Settings, arguments: argparse.Namespace) -> int:
    from services.links import links as links_of
    from services.links import renew_link
    from services.running import as_it_runs

    settings = as_it_runs(settings)
    if arguments.renew:
        renew_link(settings, arguments.renew)
    links = links_of(settings)
    if arguments.json:
        print(json.dumps(links, indent=2))
    else:
        for role, link in _lined_up(links):
            print(f"{role} {link}")
    return 0


def _config(settings: Settings, arguments: argparse.Namespace) -> int:
    for setting in SETTINGS:
        now = getattr(settings, setting.name)
        shown = "(set)" if setting.metadata["secret"] and now else (now if now != "" else "(empty)")
        print(f"{setting.metadata['env']}={shown}\n    {setting.metadata['meaning']} [default: {setting.default or '(empty)'}]")
    return 0


def _keys(settings: Settings, arguments: argparse.Namespace) -> int:
    from shared.auth.keys import new_key_lines

    print("\n".join(new_key_lines()))
    return 0


def _doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    from services import compose, doctor

    if arguments.what == "dead":
        return asyncio.run(doctor.dead(settings, compose.GROUPS, replay=arguments.replay))
    return asyncio.run(doctor.examine(settings))


if __name__ == "__main__":
    sys.exit(main())
