"""The rooms of the house: what lies in each and what it may use. The table is an allow list; test_import_rules.py enforces it.

A file belongs to the room that names it, else to the room of its folder. A new file in a new place needs a line here; a new arrow between
rooms is one word in `uses`. What a line may never say (a domain that uses its store, a driver in a second room) is in house_rules.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Final, Literal

Level = Literal["pure", "cases", "edge"]

PURE: Final = frozenset(
    "abc base64 bisect collections colorsys copy dataclasses datetime decimal difflib enum fractions functools gzip hashlib heapq hmac html "
    "io itertools json math operator re string struct textwrap types typing unicodedata urllib uuid weakref zlib zoneinfo".split()
)
"""The standard library of pure rooms: values in, values out. No clock, no chance, no files, no network, no tasks, no logging."""
CASES: Final = PURE | frozenset("asyncio contextlib contextvars logging random secrets time".split())
"""What use cases, reactions and stores may have beside it: waiting and logging, but no files, processes or sockets."""
NEVER: Final = frozenset({"importlib", "imp", "pickle", "marshal"})
"""What no room has without saying so: imports that no rule could see, and formats that execute what they read."""


@dataclass(frozen=True, slots=True)
class Room:
    """`files`: paths without `.py`, `*` for any file of the folder, `**` for any file below it. `uses`: other rooms; `x/*` for each room
    whose name begins so. `libraries`: installed packages. `level`: how much of the standard library; `standard`: more of it, by name."""

    files: str
    uses: str = ""
    libraries: str = ""
    level: Level = "edge"
    standard: str = ""


WORDS: Final = "errors events vocabulary"

SHARED: Final = {
    # pure: the words that everybody shares
    "errors": Room("shared/errors", level="pure"),
    "events": Room("shared/events/*", "errors clock vocabulary", "pydantic", "pure"),
    "vocabulary": Room("shared/events/vocabulary", level="pure"),
    "text": Room("shared/text", level="pure"),
    "address": Room("shared/address", libraries="email_validator", level="pure"),
    "clock": Room("shared/clock", level="pure"),
    "writing": Room("shared/writing", level="pure"),
    "ids": Room("shared/ids", level="cases"),
    "poll_rules": Room("shared/poll_rules", "vocabulary", level="pure"),
    "capabilities": Room("shared/auth/capabilities", "errors vocabulary", level="pure"),
    "mail": Room("shared/mail/port shared/mail/*", "errors", level="pure", standard="email"),
    "bus": Room("shared/bus/port shared/bus/topics", "events vocabulary errors", level="pure"),
    "storage": Room("shared/storage/port shared/storage/outbox", "events errors", level="pure", standard="contextlib"),
    "messages": Room("shared/messages/*", "vocabulary errors", "babel", "cases", "pathlib"),
    # what a process needs
    "config": Room("shared/config", "errors vocabulary", level="pure", standard="pathlib"),
    "correlation": Room("shared/correlation", "ids", level="cases"),
    "log": Room("shared/log", "correlation"),
    "metrics": Room("shared/metrics", libraries="prometheus_client"),
    "backoff": Room("shared/backoff", level="cases"),
    "token_bucket": Room("shared/token_bucket", level="pure"),
    "turns": Room("shared/turns", level="cases"),
    "group_commit": Room("shared/group_commit", "errors", level="cases"),
    "child": Room("shared/child"),
    "memory": Room("shared/memory"),
    "auth": Room("shared/auth/*", "errors events vocabulary capabilities clock config ids", "jwt cryptography"),
    # the bus and its two adapters
    "bus/typed": Room("shared/bus/typed", "bus events vocabulary errors", level="cases"),
    "bus/parts": Room(
        "shared/bus/*", "bus bus/typed storage storage/lease events vocabulary errors clock ids correlation metrics backoff", level="cases"
    ),
    "bus/rabbit": Room(
        "shared/bus/rabbit/*", "bus bus/parts bus/wire events vocabulary errors clock ids correlation metrics backoff", "aio_pika", "cases"
    ),
    "bus/wire": Room("shared/bus/rabbit/wire", "bus bus/parts events clock", level="cases"),
    "bus/embedded": Room(
        "shared/bus/embedded/*",
        "bus bus/parts group_commit storage events vocabulary errors clock ids correlation metrics backoff",
        level="cases",
    ),
    # storage
    "storage/lease": Room("shared/storage/lease", "storage errors", level="cases"),
    "storage/race": Room("shared/storage/race", "storage errors", level="cases"),
    "storage/mongo": Room(
        "shared/storage/mongo shared/storage/mongo_errors shared/storage/mongo_*", "storage events errors backoff", "motor pymongo", "cases"
    ),
    "storage/mongod": Room("shared/storage/mongod", "storage/mongo storage/program config child backoff errors"),
    "storage/program": Room("shared/storage/mongod_program", "config", standard="importlib"),
    # mail
    "mail/smtp": Room("shared/mail/smtp", "mail config errors", "aiosmtplib", "cases", "email"),
    "mail/files": Room("shared/mail/files", "mail clock ids log errors", standard="email"),
    # services as data, and what serves them
    "service": Room(
        "shared/service/*",
        "bus bus/typed storage mail messages auth capabilities metrics clock ids errors events vocabulary",
        "aiohttp pydantic",
    ),
    "service/lifecycle": Room("shared/service/lifecycle", "metrics backoff", level="cases"),
    "http": Room(
        "shared/http/*",
        "service interfaces auth capabilities config correlation errors vocabulary events metrics messages text token_bucket turns clock ids log",
        "aiohttp pydantic babel",
    ),
    "interfaces": Room(
        "shared/interfaces/*", "auth service bus bus/wire events vocabulary errors messages", "pydantic", "cases", "inspect"
    ),
}

REGISTRATION: Final = {
    # the programme
    "registration/format": Room(
        "services/registration/programme/format/*", f"{WORDS} text address poll_rules", "yaml babel", "pure"
    ),
    "registration/loading": Room("services/registration/programme/format/loading", "registration/format errors", standard="pathlib"),
    "registration/day": Room(
        "services/registration/programme/day services/registration/programme/running_order "
        "services/registration/programme/order/decisions services/registration/programme/order/lines "
        "services/registration/programme/order/commands services/registration/programme/order/__init__ "
        "services/registration/programme/state services/registration/programme/open_days services/registration/programme/enrolment",
        f"registration/format {WORDS} clock", level="pure",
    ),
    "registration/exports": Room(
        "services/registration/programme/exports/*", f"registration/format registration/day writing {WORDS} clock", "icalendar babel", "pure"
    ),
    "registration/exchange": Room(
        "services/registration/programme/exchange/*",
        f"registration/format registration/day registration/exports {WORDS} clock", level="pure", standard="xml",
    ),
    "registration/programme/app": Room(
        "services/registration/programme/app services/registration/programme/in_force services/registration/programme/waiting",
        f"registration/format registration/loading registration/day registration/exports registration/programme/store bus storage "
        f"storage/race service "
        f"correlation {WORDS} clock ids", level="cases", standard="pathlib",
    ),
    "registration/order/store": Room("services/registration/programme/order/store", "registration/day storage events", level="cases"),
    "registration/order/app": Room(
        "services/registration/programme/order/app",
        f"registration/day registration/order/store registration/programme/app bus storage service correlation {WORDS}", level="cases",
    ),
    "registration/order/api": Room(
        "services/registration/programme/order/api",
        f"registration/order/app registration/programme/app registration/day registration/exports registration/limits "
        f"service auth http clock {WORDS}", "aiohttp pydantic",
    ),
    "registration/programme/store": Room(
        "services/registration/programme/store", f"registration/format registration/day storage {WORDS} clock", level="cases"
    ),
    "registration/programme/api": Room(
        "services/registration/programme/api",
        f"registration/programme/app registration/format registration/day registration/exports registration/cookies registration/limits "
        f"service auth capabilities http config messages clock {WORDS}", "aiohttp pydantic",
    ),
    "registration/programme": Room(
        "services/registration/programme/__init__", "registration/format registration/loading registration/day registration/exports"
    ),
    # the people
    "registration/domain": Room("services/registration/people/domain services/registration/people/draft services/registration/people/credentials", f"registration/places {WORDS} capabilities text clock", level="pure"),
    "registration/places": Room("services/registration/places/domain services/registration/places/__init__", WORDS, level="pure"),
    "registration/places/wishes": Room(
        "services/registration/places/wishes", f"registration/places registration/domain registration/day {WORDS} capabilities clock", level="pure"
    ),
    "registration/places/store": Room("services/registration/places/store", f"registration/places storage {WORDS}", level="cases"),
    "registration/places/app": Room(
        "services/registration/places/app",
        f"registration/places registration/places/store registration/store registration/app registration/places/wishes registration/domain registration/day group_commit "
        f"storage storage/race service ids clock {WORDS}", level="cases",
    ),
    "registration/places/letter": Room(
        "services/registration/places/letter", f"registration/mail messages mail {WORDS}", "babel", "cases", "email",
    ),
    "registration/places/reactions": Room(
        "services/registration/places/reactions",
        f"registration/places registration/places/app registration/places/letter registration/reactions registration/diary registration/app "
        f"registration/domain registration/access registration/mail registration/programme/app registration/day bus service messages {WORDS}",
        "babel", "cases", "email",
    ),
    "registration/places/api": Room(
        "services/registration/places/api",
        f"registration/places registration/places/app registration/app registration/domain registration/cookies registration/limits service auth capabilities http config messages clock {WORDS}", "aiohttp pydantic",
    ),
    "registration/form": Room("services/registration/people/form services/registration/people/questions services/registration/people/wanted", f"registration/domain registration/format registration/day {WORDS} capabilities text address", level="pure"),
    "registration/sheet": Room(
        "services/registration/people/sheet", f"registration/form registration/format registration/day {WORDS}", level="pure", standard="csv"
    ),
    "registration/access": Room(
        "services/registration/people/access",
        f"registration/domain registration/format auth capabilities config {WORDS}", level="cases",
    ),
    "registration/app": Room(
        "services/registration/people/app services/registration/people/saving services/registration/people/records "
        "services/registration/people/links services/registration/people/delivery services/registration/people/gathering services/registration/people/halls services/registration/people/bringing",
        f"registration/places registration/answers registration/mailings registration/mailings/store registration/door registration/door/store bus bus/typed storage/race registration/domain registration/day registration/form registration/sheet registration/format registration/access registration/store registration/tombstones auth capabilities storage service correlation ids "
        f"clock {WORDS}", level="cases",
    ),
    "registration/tombstones": Room(
        "services/registration/people/tombstones", f"storage clock ids {WORDS}", level="cases", standard="pathlib"
    ),
    "registration/store": Room("services/registration/people/store services/registration/people/reach services/registration/people/in_line", f"registration/places registration/domain storage clock {WORDS}", level="cases"),
    "registration/mail": Room(
        "services/registration/people/mail services/registration/people/mail_html services/registration/people/mail_ticket",
        f"mail messages registration/exports registration/format {WORDS}", "babel", "cases", "email",
    ),
    "registration/diary": Room(
        "services/registration/people/diary",
        f"registration/domain registration/programme/app registration/day messages {WORDS}", "babel", "cases", "email",
    ),
    "registration/reactions": Room(
        "services/registration/people/reactions",
        f"registration/places registration/answers registration/tickets registration/qr registration/app registration/diary registration/domain registration/access registration/mail registration/programme/app registration/day bus "
        f"service metrics config messages clock {WORDS}", "babel", "cases", "email",
    ),
    "registration/api": Room(
        "services/registration/people/api services/registration/people/records_api services/registration/people/held_api services/registration/people/halls_api services/registration/people/lists_api",
        f"registration/app registration/domain registration/form registration/sheet registration/access registration/cookies "
        f"registration/limits registration/programme/app registration/day bus service auth capabilities http config messages clock {WORDS}",
        "aiohttp pydantic",
    ),
    "registration/visibility": Room(
        "services/registration/people/visibility",
        f"registration/app registration/cookies registration/programme/app service auth capabilities {WORDS}", "aiohttp",
    ),
    "registration/cookies": Room("services/registration/people/cookies", "registration/domain auth config http", "aiohttp"),
    "registration/limits": Room("services/registration/limits", "service", level="cases"),
    # the team: links of their own, signing in
    "registration/staff": Room(
        "services/registration/staff/domain services/registration/staff/__init__", WORDS, level="pure"
    ),
    "registration/staff/codes": Room("services/registration/staff/codes", "registration/domain auth", "pyotp", "cases"),
    "registration/staff/passkeys": Room("services/registration/staff/passkeys", f"registration/staff {WORDS}", "fido2", "cases", "ipaddress"),
    "registration/staff/store": Room("services/registration/staff/store", f"registration/staff storage {WORDS}", level="cases"),
    "registration/staff/app": Room(
        "services/registration/staff/app services/registration/staff/grants",
        f"registration/staff registration/staff/codes registration/staff/passkeys registration/staff/store registration/app registration/access "
        f"registration/domain registration/form registration/store messages service capabilities text ids {WORDS}", level="cases",
    ),
    "registration/staff/api": Room(
        "services/registration/staff/api",
        f"registration/staff registration/staff/app registration/access registration/limits service http config clock {WORDS}", "aiohttp pydantic",
    ),
    # the door of the room
    "registration/door": Room(
        "services/registration/door/codes services/registration/door/domain services/registration/door/__init__", WORDS, level="pure"
    ),
    "registration/tickets": Room("services/registration/door/tickets", f"registration/door registration/domain auth {WORDS}", level="cases"),
    "registration/door/store": Room("services/registration/door/store", f"registration/door storage {WORDS}", level="cases"),
    "registration/door/app": Room(
        "services/registration/door/app",
        f"registration/places registration/door registration/tickets registration/door/store registration/domain registration/form registration/app "
        f"registration/store registration/format registration/day storage storage/race service ids clock {WORDS}", level="cases", standard="zoneinfo",
    ),
    "registration/door/api": Room(
        "services/registration/door/api services/registration/door/shapes",
        f"registration/door registration/door/app registration/domain registration/programme/app service http clock ids {WORDS}",
        "aiohttp pydantic",
    ),
    # messages to many
    "registration/mailings": Room(
        "services/registration/mailings/domain services/registration/mailings/__init__", f"registration/day text {WORDS}", level="pure"
    ),
    "registration/mailings/store": Room("services/registration/mailings/store", f"registration/mailings storage {WORDS}", level="cases"),
    "registration/mailings/letter": Room(
        "services/registration/mailings/letter", f"registration/mailings registration/mail messages mail {WORDS}", "babel", "cases", "email"
    ),
    "registration/mailings/app": Room(
        "services/registration/mailings/app",
        f"registration/mailings registration/mailings/store registration/form registration/store registration/app registration/day "
        f"registration/programme/app messages service ids {WORDS}", "babel", "cases", "email",
    ),
    "registration/mailings/reactions": Room(
        "services/registration/mailings/post",
        f"registration/mailings registration/mailings/store registration/mailings/letter registration/mailings/app registration/store "
        f"registration/app registration/access registration/domain registration/diary registration/mail registration/reactions registration/day "
        f"registration/programme/app bus messages service {WORDS}", "babel", "cases", "email",
    ),
    "registration/mailings/api": Room(
        "services/registration/mailings/api",
        f"registration/mailings registration/mailings/app registration/mailings/letter registration/limits service http clock {WORDS}",
        "aiohttp pydantic", standard="email",
    ),
    # what stays of the sessions
    "registration/answers": Room("services/registration/answers/*", f"storage bus {WORDS}", level="cases"),
    # the pages
    "registration/pages": Room(
        "services/registration/pages/*",
        f"registration/api registration/staff registration/staff/app registration/mailings registration/mailings/app registration/mailings/api registration/mailings/letter registration/places registration/places/app registration/answers registration/tickets registration/site registration/outline registration/choices registration/qr registration/app registration/diary registration/domain registration/form "
        f"registration/access registration/cookies registration/visibility registration/limits registration/programme/app registration/day "
        f"registration/exports registration/exchange registration/format bus service auth capabilities http config messages clock ids {WORDS}",
        "aiohttp pydantic babel",
    ),
    "registration/site": Room(
        "services/registration/pages/site services/registration/pages/assets services/registration/pages/modules",
        "http messages errors clock registration/exports registration/outline", "jinja2 markupsafe babel",
    ),
    "registration/outline": Room(
        "services/registration/pages/outline services/registration/pages/marks", f"registration/day {WORDS} clock", level="pure"
    ),
    "registration/choices": Room("services/registration/pages/choices", f"registration/day {WORDS}", level="pure"),
    "registration/qr": Room("services/registration/pages/qr", libraries="segno", level="pure"),
    "registration/service": Room(
        "services/registration/service services/registration/__init__",
        f"registration/* service bus bus/typed bus/parts auth config metrics messages storage {WORDS}",
    ),
}  # fmt: skip

STREAMING: Final = {
    "streaming/domain": Room("services/streaming/domain services/streaming/in_force", WORDS, level="pure"),
    "streaming/media": Room("services/streaming/media/*", "errors vocabulary", level="pure"),
    "streaming/packaging": Room("services/streaming/packaging/*", "streaming/media errors vocabulary", level="pure"),
    "streaming/ingest": Room("services/streaming/ingest/*", "streaming/media errors vocabulary", level="pure"),
    "streaming/on_air": Room("services/streaming/on_air", f"streaming/ingest {WORDS}", level="pure"),
    "streaming/flv": Room("services/streaming/ingest/flv/*", "streaming/ingest", level="pure"),
    "streaming/flv/publication": Room(
        "services/streaming/ingest/flv/publication services/streaming/ingest/flv/received services/streaming/ingest/flv/reception",
        "streaming/flv streaming/ingest streaming/media vocabulary", level="cases"
    ),
    "streaming/rtmp": Room("services/streaming/ingest/rtmp/*", "streaming/flv streaming/ingest", level="pure"),
    "streaming/rtmp/server": Room(
        "services/streaming/ingest/rtmp/server services/streaming/ingest/rtmp/connection services/streaming/ingest/rtmp/publication",
        "streaming/rtmp streaming/flv streaming/flv/publication streaming/ingest metrics",
    ),
    "streaming/rtmp/public": Room("services/streaming/ingest/rtmp/__init__", "streaming/rtmp streaming/rtmp/server"),
    "streaming/whip": Room(
        "services/streaming/ingest/whip/frames services/streaming/ingest/whip/clocks services/streaming/ingest/whip/offers "
        "services/streaming/ingest/whip/place services/streaming/ingest/whip/limits services/streaming/ingest/whip/__init__",
        "streaming/ingest streaming/flv config", level="pure", standard="ipaddress",
    ),
    "streaming/whip/peer": Room("services/streaming/ingest/whip/peer", "streaming/whip streaming/ingest", "aiortc aioice"),
    "streaming/whip/server": Room(
        "services/streaming/ingest/whip/server services/streaming/ingest/whip/publication",
        "streaming/whip streaming/whip/peer streaming/ingest streaming/flv streaming/flv/publication ids", level="cases",
    ),
    "streaming/whip/api": Room(
        "services/streaming/whip_api", f"streaming/app streaming/ingest streaming/whip streaming/whip/server service http {WORDS}", "aiohttp"
    ),
    "streaming/srt": Room("services/streaming/ingest/srt/*", "streaming/ingest token_bucket", level="pure"),
    "streaming/srt/server": Room(
        "services/streaming/ingest/srt/server services/streaming/ingest/srt/session",
        "streaming/srt streaming/ingest streaming/flv streaming/flv/publication streaming/media auth",
    ),
    "streaming/pull": Room("services/streaming/ingest/pull/*", level="pure", standard="ipaddress"),
    "streaming/puller": Room(
        "services/streaming/ingest/pull/puller",
        "streaming/pull streaming/ingest streaming/flv streaming/flv/publication streaming/media backoff",
    ),
    "streaming/pulls": Room("services/streaming/pulls", "streaming/app streaming/ingest", level="cases"),
    "streaming/pulls/api": Room(
        "services/streaming/pulls_api", f"streaming/pulls streaming/pull streaming/puller streaming/ingest service http {WORDS}", "aiohttp pydantic"
    ),
    "streaming/pipeline": Room(
        "services/streaming/encoding/pipeline services/streaming/encoding/test_card", "streaming/media errors", "ffmpeg", "pure"
    ),
    "streaming/encoding": Room(
        "services/streaming/encoding/*",
        "streaming/pipeline streaming/media streaming/packaging streaming/ingest config child backoff errors", "imageio_ffmpeg",
    ),
    "streaming/playlist": Room(
        "services/streaming/origin/playlist", "streaming/media streaming/packaging errors clock", level="pure"
    ),
    "streaming/channel": Room("services/streaming/origin/channel", "streaming/media streaming/packaging streaming/origin errors", level="cases"),
    "streaming/origin": Room(
        "services/streaming/origin/*",
        f"streaming/playlist streaming/channel streaming/media streaming/packaging auth capabilities clock metrics {WORDS}", level="cases",
    ),
    "streaming/takes": Room(
        "services/streaming/recording/takes services/streaming/recording/replay services/streaming/recording/whole_file "
        "services/streaming/recording/__init__",
        "streaming/media streaming/packaging streaming/playlist errors", level="pure",
    ),
    "streaming/disk": Room("services/streaming/recording/disk", "streaming/takes streaming/media streaming/packaging errors"),
    "streaming/files": Room("services/streaming/recording/files", "streaming/takes streaming/recording errors"),
    "streaming/stills": Room("services/streaming/recording/stills", "streaming/recording streaming/origin config errors"),
    "streaming/recording": Room(
        "services/streaming/recording/*", "streaming/takes streaming/media streaming/packaging streaming/origin errors clock", level="cases"
    ),
    "streaming/source": Room(
        "services/streaming/source services/streaming/stage_setup",
        f"streaming/domain streaming/on_air streaming/encoding streaming/ingest streaming/media "
        f"streaming/origin streaming/channel streaming/packaging streaming/recording backoff {WORDS}", level="cases",
    ),
    "streaming/store": Room("services/streaming/store", f"streaming/domain storage {WORDS}", level="cases"),
    "streaming/app": Room(
        "services/streaming/app services/streaming/lineup services/streaming/changes services/streaming/refusals",
        f"streaming/domain streaming/store streaming/source streaming/ingest "
        f"storage auth backoff clock ids {WORDS}", level="cases",
    ),
    "streaming/reactions": Room("services/streaming/reactions", f"streaming/app bus bus/typed {WORDS}", level="cases"),
    "streaming/answers": Room("services/streaming/answers", "streaming/origin", "aiohttp"),
    "streaming/recordings_api": Room(
        "services/streaming/recordings_api",
        f"streaming/app streaming/answers streaming/origin streaming/recording streaming/takes streaming/files streaming/stills "
        f"service auth http messages {WORDS}",
        "aiohttp pydantic",
    ),
    "streaming/api": Room(
        "services/streaming/api",
        f"streaming/app streaming/answers streaming/on_air streaming/origin streaming/channel streaming/playlist service auth capabilities http messages "
        f"clock {WORDS}", "aiohttp pydantic",
    ),
    "streaming/metrics": Room("services/streaming/metrics", "streaming/app streaming/origin streaming/api metrics", "prometheus_client", "cases"),
    "streaming/service": Room(
        "services/streaming/service services/streaming/__init__", f"streaming/* service bus bus/typed clock config auth metrics messages storage {WORDS}"
    ),
}  # fmt: skip

QA: Final = {
    "qa/domain": Room("services/qa/domain services/qa/life services/qa/question services/qa/texts services/qa/undo services/qa/details services/qa/history services/qa/order_keys services/qa/record", f"{WORDS} capabilities text clock", level="pure"),
    "qa/ballots": Room("services/qa/ballots", f"qa/domain {WORDS}", level="pure"),
    "qa/ranking": Room("services/qa/ranking", "qa/domain vocabulary", level="pure"),
    "qa/similar": Room("services/qa/similar", libraries="snowballstemmer rapidfuzz", level="pure"),
    "qa/facts": Room("services/qa/facts", f"qa/domain qa/floor {WORDS}", level="pure"),
    "qa/feed": Room(
        "services/qa/feed/** services/qa/feed/aspects/*",
        f"qa/domain qa/facts qa/floor qa/ranking qa/similar qa/flags qa/polls qa/fair_turn {WORDS} capabilities clock", level="pure",
    ),
    "qa/polls": Room("services/qa/polls/*", f"{WORDS} poll_rules text clock", level="pure"),
    "qa/cells": Room("services/qa/cells", level="pure"),
    "qa/exports": Room("services/qa/exports/table services/qa/exports/__init__", f"qa/domain clock {WORDS}", level="pure"),
    "qa/exports/files": Room("services/qa/exports/files", "qa/exports qa/cells", "xlsxwriter", "cases", "csv pathlib"),
    "qa/exports/app": Room(
        "services/qa/exports/app", f"qa/app qa/exports qa/exports/files qa/domain qa/store storage auth capabilities {WORDS}", level="cases", standard="pathlib"
    ),
    "qa/exports/api": Room("services/qa/exports/api", f"qa/exports/app qa/exports/files qa/calls service http {WORDS}", "aiohttp"),
    "qa/polls/export": Room("services/qa/polls/export", f"qa/cells qa/polls clock {WORDS}", level="pure", standard="csv"),
    "qa/polls/store": Room("services/qa/polls/store", f"qa/polls qa/store storage ids {WORDS}", level="cases"),
    "qa/polls/counting": Room("services/qa/polls/counting", f"qa/polls qa/polls/store bus backoff clock ids {WORDS}", level="cases"),
    "qa/polls/app": Room(
        "services/qa/polls/app",
        f"qa/app qa/polls qa/polls/store qa/polls/counting qa/facts qa/moving qa/store qa/feed group_commit auth capabilities storage correlation clock ids {WORDS}",
        level="cases",
    ),
    "qa/polls/planning": Room(
        "services/qa/polls/planning", f"qa/polls qa/polls/store qa/moving qa/store storage storage/race correlation clock ids {WORDS}", level="cases"
    ),
    "qa/polls/shapes": Room("services/qa/polls/shapes", f"qa/polls service {WORDS}", "pydantic", "cases"),
    "qa/polls/page_tables": Room("services/qa/polls/page_tables", f"qa/polls qa/js_constants poll_rules {WORDS}", level="cases"),
    "qa/polls/api": Room(
        "services/qa/polls/api", f"qa/calls qa/polls qa/polls/export qa/polls/app qa/polls/shapes qa/feed service http ids {WORDS}", "aiohttp"
    ),
    "qa/hands": Room("services/qa/hands/__init__ services/qa/hands/domain", f"{WORDS} clock", level="pure"),
    "qa/hands/store": Room("services/qa/hands/store", f"qa/hands qa/store storage {WORDS}", level="cases"),
    "qa/hands/app": Room(
        "services/qa/hands/app",
        f"qa/app qa/hands qa/hands/store qa/floor qa/facts qa/moving qa/store qa/feed auth capabilities storage storage/race correlation clock ids {WORDS}", level="cases",
    ),
    "qa/hands/shapes": Room("services/qa/hands/shapes", f"service {WORDS}", "pydantic", "cases"),
    "qa/hands/api": Room("services/qa/hands/api", f"qa/calls qa/hands/app qa/hands/shapes service {WORDS}", "aiohttp"),
    "qa/table": Room(
        "services/qa/table/__init__ services/qa/table/domain services/qa/table/life services/qa/table/seat services/qa/table/consent services/qa/table/ice services/qa/table/studio services/qa/table/link",
        f"qa/domain {WORDS} clock", level="pure",
    ),
    "qa/table/store": Room("services/qa/table/store services/qa/table/link_store", f"qa/table qa/store storage {WORDS}", level="cases"),
    "qa/table/app": Room(
        "services/qa/table/app services/qa/table/studios services/qa/table/signals services/qa/table/calls services/qa/table/link_app",
        f"qa/app qa/domain qa/table qa/table/store qa/facts qa/moving qa/store qa/feed auth capabilities bus token_bucket storage storage/race correlation clock ids {WORDS}",
        level="cases",
    ),
    "qa/table/shapes": Room("services/qa/table/shapes", f"qa/table service {WORDS}", "pydantic", "cases"),
    "qa/table/api": Room("services/qa/table/api services/qa/table/link_api", f"qa/calls qa/table qa/table/app qa/table/shapes service messages {WORDS}", "aiohttp"),
    "qa/notes": Room("services/qa/notes/__init__ services/qa/notes/domain", f"{WORDS} text clock", level="pure"),
    "qa/notes/store": Room("services/qa/notes/store", f"qa/notes qa/store storage {WORDS}", level="cases"),
    "qa/notes/app": Room(
        "services/qa/notes/app",
        f"qa/app qa/notes qa/notes/store qa/facts qa/moving qa/store qa/feed auth capabilities storage storage/race correlation clock ids {WORDS}", level="cases",
    ),
    "qa/notes/shapes": Room("services/qa/notes/shapes", f"service {WORDS}", "pydantic", "cases"),
    "qa/notes/api": Room("services/qa/notes/api", f"qa/calls qa/notes/app qa/notes/shapes service ids {WORDS}", "aiohttp"),
    "qa/lite": Room("services/qa/lite/html services/qa/lite/__init__", level="pure"),
    "qa/lite/pages": Room(
        "services/qa/lite/words services/qa/lite/page services/qa/lite/overview services/qa/lite/polls services/qa/lite/forms services/qa/lite/deeds",
        f"qa/lite qa/domain qa/polls writing text messages clock {WORDS}", "babel", "cases",
    ),
    "qa/lite/api": Room(
        "services/qa/lite/api services/qa/lite/visits",
        f"qa/lite qa/lite/pages qa/calls qa/api qa/app qa/hands/app qa/hands/api qa/polls/app qa/polls/api qa/domain qa/feed "
        f"service auth http messages clock ids {WORDS}", "aiohttp",
    ),
    "qa/flags": Room("services/qa/flags", f"{WORDS} text", level="pure"),
    "qa/guard": Room("services/qa/guard/__init__ services/qa/guard/domain", f"qa/domain {WORDS} clock", level="pure"),
    "qa/guard/store": Room("services/qa/guard/store", f"qa/guard qa/store storage {WORDS}", level="cases"),
    "qa/guard/app": Room(
        "services/qa/guard/app",
        f"qa/app qa/guard qa/guard/store qa/flags qa/hands/app qa/facts qa/moving qa/store qa/feed auth capabilities bus storage storage/race correlation clock ids {WORDS}", level="cases",
    ),
    "qa/guard/shapes": Room("services/qa/guard/shapes", f"service {WORDS}", "pydantic", "cases"),
    "qa/guard/api": Room("services/qa/guard/api", f"qa/calls qa/guard/app qa/guard/shapes messages service {WORDS}", "aiohttp"),
    "qa/fair_turn": Room("services/qa/fair_turn", WORDS, level="pure"),
    "qa/admission": Room("services/qa/feed/admission", f"qa/feed auth capabilities clock {WORDS}", level="cases"),
    "qa/feed/server": Room(
        "services/qa/feed/server services/qa/feed/listening services/qa/feed/client services/qa/feed/leavers", f"qa/feed qa/admission qa/facts turns auth config correlation metrics messages clock {WORDS}", "websockets", "edge"
    ),
    "qa/votes": Room("services/qa/votes", f"bus backoff correlation clock ids {WORDS}", level="cases"),
    "qa/ledgers": Room("services/qa/ledgers", f"qa/domain qa/store bus backoff clock ids {WORDS}", level="cases"),
    "qa/shares": Room("services/qa/shares", f"qa/feed bus clock ids {WORDS}", level="cases"),
    "qa/moving": Room("services/qa/moving", f"correlation clock ids storage/race {WORDS}", level="cases"),
    "qa/sessions": Room("services/qa/sessions", WORDS, level="pure"),
    "qa/floor": Room("services/qa/floor", f"{WORDS} clock", level="pure"),
    "qa/store": Room("services/qa/store services/qa/day_store services/qa/claim_store services/qa/life_store services/qa/stage_store services/qa/documents services/qa/paging", f"qa/polls/store qa/hands/store qa/notes/store qa/table/store qa/table qa/guard/store qa/sessions qa/floor qa/domain qa/ballots qa/facts auth storage clock {WORDS}", level="cases"),
    "qa/app": Room(
        "services/qa/app services/qa/asking services/qa/people services/qa/day services/qa/desk services/qa/suggesting services/qa/reacting services/qa/voting",
        f"qa/hands qa/hands/app qa/notes qa/notes/app qa/table qa/table/app qa/guard qa/guard/app qa/sessions qa/floor qa/domain qa/ballots qa/facts qa/ranking qa/moving qa/store qa/votes qa/feed group_commit bus auth capabilities storage storage/race service correlation metrics clock ids {WORDS}",
        level="cases",
    ),
    "qa/reactions": Room("services/qa/reactions services/qa/live", f"qa/app qa/hands/app qa/table/app qa/polls/planning qa/facts qa/feed qa/store auth bus clock {WORDS}", level="cases"),
    "qa/shapes": Room("services/qa/shapes services/qa/state_shapes", f"qa/domain qa/feed qa/polls/shapes qa/hands/shapes qa/notes/shapes qa/table/shapes qa/guard/shapes service {WORDS}", "pydantic", "cases"),
    "qa/page_tables": Room("services/qa/page_tables", f"qa/domain qa/feed qa/js_constants {WORDS}", level="cases"),
    "qa/js_constants": Room("services/qa/js_constants", level="pure"),
    "qa/calls": Room("services/qa/calls", "service http auth", "aiohttp"),
    "qa/api": Room(
        "services/qa/api services/qa/desk_api services/qa/people_api services/qa/suggesting_api services/qa/reacting_api", f"qa/calls qa/app qa/domain qa/feed qa/shapes service auth capabilities http messages ids clock {WORDS}", "aiohttp pydantic"
    ),
    "qa/service": Room("services/qa/service services/qa/__init__", f"qa/* http service bus bus/typed clock config auth metrics messages storage {WORDS}"),
}  # fmt: skip

ROOT: Final = {
    "compose": Room(
        "services/compose",
        "registration/service streaming/service qa/service bus bus/typed bus/parts bus/rabbit bus/embedded storage storage/* mail mail/* service "
        f"service/lifecycle http interfaces readiness relays running auth config metrics messages correlation log clock ids {WORDS}",
        "aiohttp",
    ),
    "doctor": Room(
        "services/doctor",
        "registration/service streaming/service streaming/encoding qa/service bus bus/rabbit bus/embedded storage/mongo storage/mongod "
        f"storage/program mail/smtp http service config clock {WORDS}",
    ),
    "programme_commands": Room(
        "services/programme_commands",
        "registration/programme registration/loading registration/exchange registration/exports messages config errors",
    ),
    "main": Room("services/__main__", "programme_commands compose doctor running links auth config log memory errors"),
    "readiness": Room("services/readiness", "service config", level="cases"),
    "running": Room("services/running", "config"),
    "relays": Room("services/relays", f"bus bus/typed bus/parts storage storage/lease clock ids {WORDS}", level="cases"),
    "links": Room("services/links", "registration/service auth config clock"),
    "packages": Room("services/__init__ shared/__init__ shared/storage/__init__ services/registration/people/__init__", level="pure"),
}

_ROOMS: Final = {**SHARED, **REGISTRATION, **STREAMING, **QA, **ROOT}


def _counting(room: Room) -> Room:
    """Who uses the registry of `metrics` counts with the library itself."""
    return replace(room, libraries=f"{room.libraries} prometheus_client") if "metrics" in room.uses.split() else room


ROOMS: Final = {name: _counting(room) for name, room in _ROOMS.items()}


@cache
def rooms_of(file: str) -> tuple[str, ...]:
    """The rooms that claim `file`: those that name it, else those of its folder."""
    path = file.removesuffix(".py")
    claims = [(name, pattern) for name, room in ROOMS.items() for pattern in room.files.split() if matches(path, pattern)]
    exact = sorted({name for name, pattern in claims if "*" not in pattern})
    return tuple(exact or sorted({name for name, _ in claims}))


def matches(path: str, pattern: str) -> bool:
    if pattern.endswith("/**"):
        return path.startswith(pattern[:-2])
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def used_by(name: str) -> set[str]:
    """The rooms that `name` may use, itself among them."""
    found = {name}
    for used in ROOMS[name].uses.split():
        found |= {other for other in ROOMS if fnmatchcase(other, used)}
    return found


def standard_of(room: Room) -> frozenset[str] | None:
    """None: all of it but NEVER."""
    levels = {"pure": PURE, "cases": CASES, "edge": None}
    level = levels[room.level]
    return None if level is None else level | frozenset(room.standard.split())
