"""Personal links and what they open: the duty links of an installation, the links of a rehearsal's people, the page of each caller.

Pure but for `Secrets`, which derives. What must not be here: cookies, the store, HTML.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from services.registration.people.domain import STAFF, Person, State, door_of
from services.registration.programme.format.rehearsal import RehearsalPerson
from shared.auth import capabilities
from shared.auth.capabilities import CHAIR, DISPLAY, DOORKEEPER, MODERATOR, NONE, OPERATOR, Attendance, Duty
from shared.auth.keys import Secrets
from shared.config import Settings
from shared.errors import Denied
from shared.events.vocabulary import Door

PAGES: Final = (
    "/place",
    "/watch",
    "/room",
    "/hub",
    "/lite",
    "/moderate",
    "/chair",
    "/stage",
    "/control",
    "/camera",
    "/studio",
    "/people",
    "/messages",
    "/access",
    "/door",
)
"""Pages for people who entered. Who may open one is the capability `page.<name>`, and of HUB whoever comes as the host of one."""
HUB: Final = "/hub"
AUDIENCE: Final = frozenset({"/watch", "/room", HUB, "/lite"})
"""Pages that are open to whoever has a place, or needs none."""
MOST_WAY_BACK: Final = 300
MOST_QUERY: Final = 10
"""Characters and parameters of a page that people are led back to."""
DUTY_LINKS: Final[Mapping[str, Duty]] = {
    "moderator": MODERATOR,
    "chair": CHAIR,
    "stage": DISPLAY,
    "door": DOORKEEPER,
    "operator": OPERATOR,
}
"""Name among the links → duty. They belong to the installation, not to a person."""
INVITATION: Final = "operator"
"""The one that also opens where the others do not."""
_PAGE_OF_DUTY: Final[Mapping[Duty, str]] = {
    MODERATOR: "/moderate",
    CHAIR: "/chair",
    DISPLAY: "/stage",
    DOORKEEPER: "/door",
    OPERATOR: "/control",
}
LOGIN: Final = "/login"
"""Where operators prove that they are."""
_SPACE: Final = uuid.UUID("0f9d4b52-6a35-5d0e-9c0e-0a0f5be7a7b1")


@dataclass(frozen=True, slots=True)
class DutyRules:
    """Which links of the team open, and who has to sign in besides. `rehearsal`: whether the event is one.

    The links that nobody registers for open by themselves on the machine itself and in a rehearsal. Elsewhere only that of the control
    room does: it is the invitation of the first operator, who signs in from then on and gives everybody else a link of their own."""

    settings: Settings
    rehearsal: Callable[[], bool]

    @property
    def shared(self) -> bool:
        return self.settings.on_loopback or self.rehearsal()

    def shuts_out(self, person: Person) -> bool:
        return person.kind == "duty" and person.duty != OPERATOR and not self.shared

    def must_prove(self, person: Person) -> bool:
        return person.duty == OPERATOR and (person.kind == "staff" or (person.kind == "duty" and not self.shared))


def holder_id(event: str, purpose: str) -> str:
    """The same id at every start (RFC 9562, version 5)."""
    return str(uuid.uuid5(_SPACE, f"{event}:{purpose}"))


def duty_purpose(name: str, generation: int) -> str:
    """What the link named `name` is derived from. A new generation is another link, held by another holder."""
    return f"duty:{name}:{generation}"


def rehearsal_purpose(person: RehearsalPerson) -> str:
    return f"rehearsal:{person.key}"


def token(secrets: Secrets, event: str, purpose: str) -> str:
    return secrets.link(f"{event}:{purpose}")


def mail_token(secrets: Secrets, person: str, mail: str) -> str:
    """The link in the mail that the event `mail` asked for: a second attempt at the same mail carries the same link."""
    return secrets.link(f"{person}:mail:{mail}")


def hall_token(secrets: Secrets, event: str, session: str, generation: int, door: Door) -> str:
    """What the code of a hall is made from: another one for each session, for the room and for the local hubs, and each time that it is
    replaced."""
    hall = "hall" if door == "in_room" else f"hall-{door}"
    return secrets.link(f"{event}:{hall}:{session}:{generation}")


def link(settings: Settings, token: str, to: str = "") -> str:
    """`to`: the page of ours that its holder first asked for, see `way_back`."""
    return f"{settings.origin}/l/{token}" + (f"?{urlencode({'to': to})}" if to else "")


def way_back(text: str) -> str:
    """The page of ours that `text` names, with its query, as a path; empty for whatever else: nobody is led away from this site. The
    path is one of `PAGES` and the query is written anew, so nothing comes through that a browser could read otherwise (RFC 3986, 4.2)."""
    if len(text) > MOST_WAY_BACK or not text.isprintable():
        return ""
    try:
        parts = urlsplit(text)
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), max_num_fields=MOST_QUERY)
    except ValueError:
        return ""
    page = next((page for page in PAGES if text == page or text.startswith(f"{page}?")), "")
    return f"{page}?{urlencode(query)}" if page and query else page


def holders(event: str, rehearsal: Sequence[RehearsalPerson], generations: Mapping[str, int], now: datetime) -> dict[str, Person]:
    """Purpose → who holds the link of it, for every link that nobody registered for."""

    def holder(purpose: str, name: str, door: Attendance, duty: Duty) -> Person:
        return Person(
            id=holder_id(event, purpose),
            event=event,
            email=None,
            name=name,
            door=door,
            language="fr",
            state=State.CONFIRMED,
            image_rights=(),
            registered_at=now,
            confirmed_at=now,
            kind="rehearsal" if duty == NONE else "duty",
            duty=duty,
        )

    found = {}
    for one in rehearsal:
        found[rehearsal_purpose(one)] = holder(rehearsal_purpose(one), one.name, door_of(one.door) or "remote", NONE)
    for name, duty in DUTY_LINKS.items():
        purpose = duty_purpose(name, generations.get(name, 0))
        found[purpose] = holder(purpose, "", STAFF, duty)
    return found


def links(
    settings: Settings,
    secrets: Secrets,
    event: str,
    rehearsal: Sequence[RehearsalPerson],
    stages: Sequence[str] = (),
    *,
    shared: bool = True,
) -> dict[str, str]:
    """{"event", the rehearsal's people, "moderator", "chair", "stage", "door", "operator"} → address, and "stage:<id>" for the screen of
    each of several stages; of the duties "operator" alone where they are not `shared` (`DutyRules`). Needs no database: their holders are
    made at start."""
    purposes = {one.key: rehearsal_purpose(one) for one in rehearsal}
    given = DUTY_LINKS if shared else (INVITATION,)
    purposes |= {name: duty_purpose(name, secrets.generation(name)) for name in given}
    found = {"event": f"{settings.origin}/", **{name: link(settings, token(secrets, event, one)) for name, one in purposes.items()}}
    if len(stages) > 1 and "stage" in found:
        found |= {f"stage:{id}": f"{found['stage']}?{urlencode({'stage': id})}" for id in stages}
    return found


def hall_home(session: str) -> str:
    """The one page of somebody in a hall."""
    return f"/room?{urlencode({'session': session})}"


def require_page(path: str, person: Person) -> None:
    """Raises Denied("registration.not_a_host" | "registration.page_not_yours" | "registration.no_place")."""
    if not capabilities.may(person.duty, f"page.{path[1:]}"):
        raise Denied("registration.page_not_yours")
    if path in AUDIENCE and not person.admitted:
        raise Denied("registration.no_place")
    if not may_open(path, person):
        raise Denied("registration.not_a_host")


def may_open(path: str, person: Person) -> bool:
    mine = capabilities.may(person.duty, f"page.{path[1:]}") and (path != HUB or person.door == "hub")
    return mine and (path not in AUDIENCE or person.admitted)


def pages_of(person: Person) -> tuple[str, ...]:
    return tuple(path for path in PAGES if may_open(path, person))


def home_of(person: Person, stage: str | None = None, to: str = "") -> str:
    """The page a person is led to after entering: the one they first asked for, `to`, where it is theirs; `stage` is the one that the
    link of a screen names."""
    back = way_back(to)
    if back and may_open(urlsplit(back).path, person):
        return back
    if stage and person.duty == DISPLAY:
        return f"{_PAGE_OF_DUTY[DISPLAY]}?{urlencode({'stage': stage})}"
    if not person.admitted:
        return PAGES[0]
    return _PAGE_OF_DUTY.get(person.duty) or ("/room" if person.attendance == "in_room" else "/watch")
