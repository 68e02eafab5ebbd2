"""The server-rendered pages on the real programme, served as the platform serves them (same templates, assets, policy), without a database.

The cases (which page in which state) and a small server. Expectations are in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from services.registration.pages.asked import shown
from services.registration.pages.choices import DayChoice
from services.registration.pages.held import FILE, HeldWords, parts
from services.registration.pages.marks import marks
from services.registration.pages.qr import svg_of
from services.registration.pages.site import Site
from services.registration.programme.exports.public import public_json
from services.registration.programme.format.event import AskedWhen, FormQuestion
from services.registration.programme.format.loading import load_event
from services.registration.programme.format.model import Programme
from services.registration.programme.running_order import now_next, running_order
from services.registration.programme.state import state_of
from services.registration.staff.domain import Login, Passkey
from services.registration.staff.grants import GivenLink, Grant
from shared.events.answer import AnswerRecorded
from shared.events.ledger import LedgerCounted, LedgerLine
from shared.events.vocabulary import DOORS
from shared.http.security import page_headers
from tests.support.messages import MESSAGES
from tests.support.paths import EXAMPLE

EVENT: Final = EXAMPLE
DURING_TABLE_1: Final = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
"""10h05 in Paris, while the first round table is on (the day of the example is whatever day it is)."""
AFTER: Final = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
_NOTHING: Final = {"name": "", "email": "", "door": "", "language": "", "image_rights": ""}
_FORM: Final[Mapping[str, Any]] = {"values": _NOTHING, "errors": {}, "notice": "", "sent": False, "stamp": "1.x"}
_WRONG: Final = {
    "email": "Cette adresse n’a pas la forme attendue.",
    "door": "Dites comment vous venez.",
    "image_rights": "Dites si vous acceptez.",
}
_PERSON: Final = {
    "name": "Camille Morel",
    "duty": "none",
    "kind": "registrant",
    "hub_confirmed": False,
    "door": "remote",
    "language": "fr",
    "image_rights": "refused",
}
_IN_ROOM: Final = {**_PERSON, "door": "in_room"}
_CODE: Final = "7K2M-9QXD-1HCA-V0ZT"
_REGISTRANTS: Final = [
    {"id": "p", "name": "Camille Morel", "door": "hub", "state": "confirmed", "hub_confirmed": False, "image_rights": "refused"},
    {"id": "q", "name": "Ines Petit", "door": "in_room", "state": "pending", "hub_confirmed": False, "image_rights": None},
]
_LINKS: Final = [{"path": f"/{key}", "key": key} for key in ("watch", "room", "moderate", "chair", "stage", "control", "people")]

_WAITS: Final = {**_PERSON, "door": "in_room", "attendance": "remote"}
_UNTIL: Final = datetime(2025, 3, 2, 17, 30, tzinfo=UTC)
_PLACES: Final = [
    {"door": "in_room", "day": day, "date": f"2025-05-1{day}", "standing": standing, "rank": 12, "until": _UNTIL}
    for day, standing in enumerate(("waiting", "offered", "lapsed"), 1)
]
_STANDING: Final = {"in_room": {"full": True, "some": False, "free": None}, "remote": {"full": False, "some": False, "free": 3}}
_LINES: Final = [
    {
        "door": door,
        "day": 1,
        "date": "2025-05-15",
        "taken": 198,
        "waiting": 41,
        "places": places,
        "free": free,
        "stated": places,
        "by_hand": None,
    }
    for door, places, free in (("in_room", 200, 2), ("remote", None, None), ("hub", 12, 0))
]
_IN_LINE: Final = [{**_REGISTRANTS[1], "state": "confirmed", "unseated": [{"door": "in_room", "day": 1, "standing": "waiting"}]}]


@dataclass(frozen=True, slots=True)
class Case:
    """One page in one state, at `path`."""

    path: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


_DAYS: Final[Mapping[str, Any]] = {
    "days": (
        DayChoice("2025-05-15", "2025-05-15", "", ticked=True, only=()),
        DayChoice("2025-05-16", "2025-05-16", "cancelled", ticked=False, only=()),
        DayChoice("2025-05-17", "2025-05-17", "", ticked=False, only=("remote",)),
    ),
    "mine": [{"date": "2025-05-15", "off": ""}, {"date": "2025-05-16", "off": "cancelled"}],
    "lost_days": ("2025-05-18",),
}
_LONG: Final = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente"
"""A word wider than a phone."""
_LUNCH: Final = FormQuestion(
    id="repas", kind="yes_no", question="Restez-vous déjeuner ?", purpose="Commander.", doors=("in_room",), required=True
)
_QUESTIONS: Final = shown(
    (
        _LUNCH,
        FormQuestion(
            id="regime", kind="choice", question="Quel repas ?", purpose="Commander.", options=("Avec viande", "Sans viande"),
            when=AskedWhen("repas", ("yes",)),
        ),
        FormQuestion(id="themes", kind="several", question=f"{_LONG} ?", purpose=_LONG, options=("Un", _LONG)),
        FormQuestion(id="mot", kind="text", question="Un mot ?", purpose="Préparer l’accueil.", help="Une phrase suffit."),
    ),
    {"themes": ("Un",), "mot": ("Bonjour",)},
)  # fmt: skip
_ASKING: Final[Mapping[str, Any]] = {"questions": _QUESTIONS, "asked_labels": {"answers.repas": _LUNCH.question}}
_AT: Final = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
_MESSAGES: Final[Mapping[str, Any]] = {
    "values": {"subject_fr": "Rendez-vous demain", "text_fr": "La navette part à 8 h."},
    "preview": {
        "people": 208, "subject": "Rendez-vous demain", "text": "Bonjour Camille,\n\nLa navette part à 8 h.", "kind": "words", "id": "m",
    },
    "writing": ["fr", "en"], "days": [],
    "sessions": [{"id": "ouverture", "title": "Ouverture", "language": "fr"}], "doors": ("in_room", "remote"),
    "moved": [("day", " ", "2025-05-16"), ("venue", "", "")], "notice": "", "errors": {}, "done": "pause", "tested": False,
    "mailings": [
        {
            "id": "a", "kind": "words", "state": "running", "made_at": "2026-11-23T09:05:00.000Z", "at": _AT, "total": 412,
            "sent": 208, "refused": 2,
            "unsure": 1, "words": {"fr": {"subject": "Venez tôt", "text": "…"}},
            "audience": {"door": "in_room", "day": "", "session": "ouverture", "search": ""},
        },
        {
            "id": "reminder:day-1:60", "kind": "reminder", "state": "done", "made_at": "2026-11-23T09:05:00.000Z", "at": _AT, "total": 412,
            "sent": 412, "refused": 0, "unsure": 0, "words": {}, "audience": {"door": "", "day": "", "session": "", "search": ""},
        },
    ],
}  # fmt: skip
_IMPORT: Final[Mapping[str, Any]] = {
    "text": "name,email\nAda,ada@example.org", "trial": True, "counts": {"new": 1, "known": 0, "twice": 0, "wrong": 1}, "more": 3,
    "lines": [
        {"number": 3, "name": "", "fate": "wrong", "wrong": ["Écrivez le nom."]}, {"number": 2, "name": _LONG, "fate": "new", "wrong": []},
    ],
    "columns": ["name", "email", "door"], "notice": "", "errors": {},
}  # fmt: skip
_ADDRESS: Final = "otpauth://totp/Assises:Zo%C3%A9?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Assises"
_PASSKEY: Final = Passkey("aGVsbG8", "", "Portable du bureau", _AT)
_LOGIN: Final[Mapping[str, Any]] = {
    "login": Login("p"), "proven": False, "options": {"challenge": "eA", "user": {"id": "eA"}},
    "secret": "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", "picture": svg_of(_ADDRESS).decode(), "spare": (),
    "named": False, "values": {}, "done": "", "home": "/control", "notice": "", "errors": {},
}  # fmt: skip
_TEAM: Final[Mapping[str, Any]] = {
    "grants": [
        Grant("m", "Aïcha Benali", "moderator", False, _AT, None, 3, _AT, 1, False),
        Grant("o", "Zoé Martin", "operator", False, _AT, None, 1, _AT, 0, True),
        Grant("e", "Écran, grande salle", "display", False, _AT, None, 0, None, 0, False),
        Grant("s", "", "chair", True, _AT, None, 0, None, 0, False),
        Grant("x", "Ancien prestataire", "operator", False, _AT, _AT, 9, _AT, 0, False),
    ],
    "given": GivenLink("g", "Léa Dupont", "operator", "lnk_x"), "link": "https://tablee.example/l/lnk_0123456789abcdefghijklmnopq",
    "picture": svg_of("https://tablee.example/l/lnk_0123456789abcdefghijklmnopq").decode(),
    "duties": ["moderator", "chair", "display", "doorkeeper", "operator"], "values": {}, "me": "o", "shared": True, "done": "ended",
    "notice": "", "errors": {},
}  # fmt: skip
_COUNTS: Final = [
    {"id": day, "date": day, "off": off, "total": 412, "doors": {"in_room": 208, "remote": 200, "hub": 4}}
    for day, off in (("2025-05-15", "over"), ("2025-05-16", "cancelled"), ("2025-05-17", ""))
]
_TABLE: Final = {"id": "table-ronde-1", "label": "Table ronde 1", "title": "Quels usages du numérique demain ?", "language": "fr"}
_ASKED: Final = {
    "text": "Quand la fibre arrivera-t-elle dans nos hameaux ?",
    "language": "fr",
    "name": "Anne",
    "door": "remote",
}
_MOMENTS: Final = [
    {"key": "asked", "at": "2026-11-23T09:05:00.000Z", "offset": 300},
    {"key": "staged", "at": "2026-11-23T09:31:00.000Z", "offset": 1860},
    {"key": "answered", "at": "2026-11-23T09:35:00.000Z", "offset": 2100},
]
_ANSWERED: Final = [
    {**_ASKED, "id": "a", "moments": _MOMENTS, "answer": "Au printemps 2022.\nLe calendrier est public.", "owner": "", "due": ""},
    {**_ASKED, "id": "b", "name": "", "door": "hub", "moments": _MOMENTS[:1], "answer": "", "owner": "", "due": ""},
]
_PROMISED: Final = [{**_ASKED, "id": "c", "moments": _MOMENTS[:1], "answer": "", "owner": "La Région", "due": "2026-12-31"}]
_LEDGER: Final = LedgerCounted(
    "table-ronde-1", "2026-11-23T09:36:00.000Z", LedgerLine(14, 9, 4),
    {"in_room": LedgerLine(9, 5, 2), "remote": LedgerLine(None, 3, 2), "hub": LedgerLine(None, 1, 0)}, waiting=2, declined=2,
    reasons={"off_topic": 1, "no_time": 1}, appealed=1, merged=1, promised=1, wait_seconds=95,
)  # fmt: skip
_TOLD: Final = [
    AnswerRecorded("a", "table-ronde-1", "answered", _ASKED["text"], "fr", answer="Au printemps."),
    AnswerRecorded("c", "table-ronde-1", "deferred", _ASKED["text"], "fr", owner="La Région", due="2026-12-31"),
]
_HELD_BY: Final[Mapping[str, Mapping[str, object]]] = {
    "registration": {
        "person": {
            "id": "0f8b6c1e-1f7b-4f0e-8a58-6f2b6f7a9c01", "name": "Camille Morel", "email": "camille@example.org", "door": "remote",
            "state": "confirmed", "registered_at": "2026-11-20T16:20:00.000Z",
        },
        "image_rights": [{"choice": "refused", "text": "1", "text_sha256": "9f" * 32, "at": "2026-11-20T16:20:00.000Z", "where": "form"}],
        "unconfirmed": [], "links": [{"made_for": "mail", "from": "2026-11-20T16:20:00.000Z", "until": "2026-12-24T18:00:00.000Z"}] * 3,
        "browsers": 2, "mails": [],
    },
    "qa": {
        "questions": [{**_ASKED, "asked_at": "2026-11-23T09:05:00.000Z", "status": "published", "votes": 12}],
        "votes": [{"session": "table-ronde-1", "question": "Qui paie les relais ?"}] * 4, "polls": [], "hands": [], "notes": [],
        "seats": [{"session": "table-ronde-1", "voice_only": True, "consent": {"version": "1", "at": "2026-11-23T09:05:00.000Z"}}],
    },
}  # fmt: skip
_HELD_WORDS: Final = HeldWords("fr", MESSAGES, ZoneInfo("Europe/Paris"))
_HELD: Final[Mapping[str, Any]] = {
    "services": [(name, *parts(kept, _HELD_WORDS)) for name, kept in _HELD_BY.items()],
    "missing": ["qa"], "made_at": DURING_TABLE_1, "zone": "Europe/Paris", "file": FILE,
}  # fmt: skip
CASES: Final = (
    Case("/", "event.html"),
    Case("/known", "event.html", {"person": _PERSON}),
    Case("/inscription", "inscription.html", {**_FORM, "values": {**_NOTHING, "door": "hub"}}),
    Case("/inscription/wrong", "inscription.html", {**_FORM, "values": {**_NOTHING, "email": "camille@"}, "errors": _WRONG}),
    Case("/inscription/sent", "inscription.html", {**_FORM, "sent": True}),
    Case("/link", "hint.html", _FORM),
    Case("/l/good", "enter.html", {"state": "ok", "name": "Camille Morel", "duty": "none"}),
    Case("/l/old", "enter.html", {"state": "expired", "name": "", "duty": "none"}),
    Case("/place", "place.html", {"person": _PERSON, "links": _LINKS, "saved": True, "errors": {}, "notice": ""}),
    Case("/place/days", "place.html", {"person": _PERSON, "links": _LINKS, "errors": {}, "notice": "", **_DAYS}),
    Case("/import", "import.html", {"person": _PERSON, **_IMPORT}),
    Case("/access", "access.html", {"person": _PERSON, **_TEAM}),
    Case("/login/first", "login.html", {**_LOGIN, "errors": {"app": "Ce n’est pas le bon, ou il a déjà servi. Réessayez."}}),
    Case("/login", "login.html", {**_LOGIN, "login": Login("p", (_PASSKEY,), 1, True)}),
    Case("/login/mine", "login.html", {"person": _PERSON, **_LOGIN, "proven": True, "login": Login("p", (_PASSKEY,), 1, True, 0, ("x",))}),
    Case("/login/codes", "login.html", {"person": _PERSON, **_LOGIN, "proven": True, "spare": ("CDFG-HJKM-NPQR",) * 10}),
    Case("/messages", "messages.html", {"person": _PERSON, **_MESSAGES}),
    Case("/inscription/questions", "inscription.html", {**_FORM, **_ASKING, "errors": {"answers.repas": "Répondez à cette question."}}),
    Case("/place/questions", "place.html", {"person": _PERSON, "links": _LINKS, "errors": {}, "notice": "", **_ASKING}),
    Case("/inscription/days", "inscription.html", {**_FORM, "days": _DAYS["days"]}),
    Case(
        "/people/days",
        "people.html",
        {"person": _PERSON, "people": _REGISTRANTS, "search": "", "day": "", "counts": _COUNTS, "doors": DOORS, "more": ""},
    ),
    Case("/answers", "answers.html", {"session": _TABLE, "answered": _ANSWERED, "promised": _PROMISED}),
    Case("/answers/none", "answers.html", {"session": _TABLE, "answered": [], "promised": []}),
    Case("/ledger", "ledger.html", {"session": _TABLE, "ledger": _LEDGER}),
    Case("/ledger/none", "ledger.html", {"session": _TABLE, "ledger": None}),
    Case("/place/told", "place.html", {"person": _PERSON, "links": _LINKS, "errors": {}, "notice": "", "told": _TOLD}),
    Case("/place/data", "held.html", {"person": _PERSON, **_HELD}),
    Case("/place/room", "place.html", {"person": _IN_ROOM, "links": _LINKS, "errors": {}, "notice": "", "ticket": _CODE}),
    Case("/place/ticket", "ticket.html", {"person": _IN_ROOM, "ticket": _CODE, "when": "lundi 23 novembre 2026, 8 h", "days": ""}),
    Case(
        "/place/lines",
        "place.html",
        {"person": _WAITS, "links": _LINKS, "errors": {}, "notice": "", "held": _PLACES, "standing": _STANDING},
    ),
    Case("/inscription/places", "inscription.html", {**_FORM, "standing": _STANDING}),
    Case("/people/lines", "people.html", {"person": _PERSON, "people": _IN_LINE, "search": "", "lines": _LINES, "several": True}),
    Case("/withdraw", "withdraw.html", {"person": _PERSON}),
    Case("/people", "people.html", {"person": _PERSON, "people": _REGISTRANTS, "search": "", "more": "/people?after=x", "done": "hub"}),
    Case("/people/p", "person.html", {"person": _PERSON, "someone": _REGISTRANTS[0]}),
    Case("/error", "error.html", {"status": 404, "code": "request.not_found", "sentence": "Cette page n’existe pas."}),
    Case("/unavailable", "unavailable.html", {"pages": [(language, partial(MESSAGES.text, language)) for language in MESSAGES.languages]}),
)


def moment(programme: Programme, at: datetime) -> dict[str, Any]:
    """What the event page shows of the day as it goes."""
    order, found = running_order(programme, at), now_next(programme, at)
    begins = next(iter(order.values())).printed[0] or at
    return {
        "state": state_of(programme, order, at), "begins": begins, "marks": marks(order, found.next), "on": found.now, "next": found.next,
        "as_of": "",
        "today": at.date().isoformat(),
    }  # fmt: skip


def application() -> web.Application:
    """Serves every case; `?lang=` chooses the language, `?quiet=1` an event page after the last session."""
    site, loaded = Site(MESSAGES), load_event(EVENT)
    programme = public_json(loaded.programme, DURING_TABLE_1)
    app = web.Application()

    def serve(case: Case) -> None:
        async def page(request: web.Request) -> web.Response:
            lang = request.query.get("lang", "fr")
            at = AFTER if "quiet" in request.query else DURING_TABLE_1
            context = {"programme": programme, "event_name": loaded.programme.event.name, "person": None}
            context |= moment(loaded.programme, at)
            text = site.render(case.template, lang=lang, path=request.path, query=request.query, context={**context, **case.context})
            return web.Response(text=text, content_type="text/html", headers=page_headers(script_hashes=site.script_hashes))

        app.router.add_get(case.path, page)

    async def look(request: web.Request) -> web.Response:
        return web.Response(text=loaded.theme.css(), content_type="text/css")

    async def icon(request: web.Request) -> web.FileResponse:
        return web.FileResponse(site.file("icons") / "ring.svg")

    async def ticket(request: web.Request) -> web.Response:
        return web.Response(body=svg_of(_CODE), content_type="image/svg+xml")

    for case in CASES:
        serve(case)
    app.router.add_get("/place/ticket.svg", ticket)
    app.router.add_get("/theme.css", look)
    app.router.add_get("/unavailable/ring.svg", icon)
    app.router.add_static("/unavailable", site.file("css"))  # nginx serves what that page needs itself
    for prefix, folder in site.assets.items():
        app.router.add_static(prefix, folder)
    return app
