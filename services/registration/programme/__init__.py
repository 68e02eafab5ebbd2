"""The programme of an event: its file format, what it is completed with, and the shapes it is handed out in.

The doors of the package stand here; the rest is its own business. Nothing in it does I/O except `load_event`, which reads a folder.
"""

from services.registration.programme.day import NowNext, day_of
from services.registration.programme.exports.ics import event_calendar, personal_calendar, session_calendar
from services.registration.programme.exports.jsonld import json_ld
from services.registration.programme.exports.public import public_json, to_event
from services.registration.programme.format.check import blockers
from services.registration.programme.format.loading import Loaded, load_event
from services.registration.programme.format.model import Programme
from services.registration.programme.format.nodes import ProgrammeError
from services.registration.programme.format.parsing import digest, parse, parse_with_warnings
from services.registration.programme.format.theme import Theme, read_theme
from services.registration.programme.format.writer import write
from services.registration.programme.running_order import now_next

__all__ = [
    "Loaded", "NowNext", "Programme", "ProgrammeError", "Theme", "blockers", "day_of", "digest", "event_calendar", "json_ld", "load_event",
    "now_next", "parse", "parse_with_warnings", "personal_calendar", "public_json", "read_theme", "session_calendar", "to_event", "write",
]  # fmt: skip
