"""The declaration of registration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from services.registration.answers.reactions import ANSWERS, LEDGERS, AnswerReactions
from services.registration.answers.store import AnswerStore
from services.registration.door.api import DoorApi
from services.registration.door.app import DoorDesk
from services.registration.door.store import DoorStore
from services.registration.door.tickets import Tickets
from services.registration.mailings.api import MailingApi
from services.registration.mailings.app import MailingDesk
from services.registration.mailings.post import MailingComposer, MailingPost
from services.registration.mailings.store import MailingStore
from services.registration.pages.answers import AnswerPages
from services.registration.pages.files import Files
from services.registration.pages.forms import Forms
from services.registration.pages.frame import Frame
from services.registration.pages.hall import HallPages
from services.registration.pages.held import HeldPages
from services.registration.pages.lists import ListPages
from services.registration.pages.login import LoginPages
from services.registration.pages.messages import MessagePages
from services.registration.pages.moment import Moment
from services.registration.pages.pages import Pages
from services.registration.pages.people import PeoplePages
from services.registration.pages.personal import PersonalPages
from services.registration.pages.places import PlacePages
from services.registration.pages.schedules import Schedules
from services.registration.pages.site import Site
from services.registration.pages.team import TeamPages
from services.registration.pages.ticket import TicketPages
from services.registration.people import access
from services.registration.people.api import PeopleApi
from services.registration.people.app import Registration
from services.registration.people.bringing import PeopleLists
from services.registration.people.cookies import Cookies
from services.registration.people.delivery import ANSWER_MAILS, FORGOTTEN, MAIL, PLACE_MAILS, TICKET_MAILS, Undeliverable
from services.registration.people.gathering import Gathering
from services.registration.people.halls import HallDoors
from services.registration.people.halls_api import HallsApi
from services.registration.people.held_api import HeldApi
from services.registration.people.links import Links
from services.registration.people.lists_api import ListsApi
from services.registration.people.reactions import Mails
from services.registration.people.records import Records
from services.registration.people.records_api import RecordsApi
from services.registration.people.store import OUTBOXES as PEOPLE_OUTBOXES
from services.registration.people.store import PeopleStore
from services.registration.people.tombstones import Tombstones
from services.registration.people.visibility import Visibility
from services.registration.places.api import PlaceApi
from services.registration.places.app import Seating
from services.registration.places.reactions import PlaceMails
from services.registration.places.store import LineStore
from services.registration.programme.api import ProgrammeApi
from services.registration.programme.app import Publishing
from services.registration.programme.day import whole_day
from services.registration.programme.format.loading import Loaded as Loaded
from services.registration.programme.format.loading import load_event
from services.registration.programme.format.nodes import ProgrammeError
from services.registration.programme.order.api import OrderApi
from services.registration.programme.order.app import OrderKeeper
from services.registration.programme.order.store import OUTBOXES as ORDER_OUTBOXES
from services.registration.programme.order.store import OrderStore
from services.registration.programme.store import OUTBOXES as PROGRAMME_OUTBOXES
from services.registration.programme.store import ProgrammeStore
from services.registration.staff.api import GrantsApi
from services.registration.staff.app import SignIn
from services.registration.staff.grants import Grants
from services.registration.staff.passkeys import Passkeys
from services.registration.staff.store import LoginStore
from shared.auth.keys import Secrets
from shared.bus.inbox import Inbox
from shared.bus.port import Group
from shared.bus.typed import Listener, Reaction
from shared.config import SettingError, Settings
from shared.events.answer import AnswerRecorded
from shared.events.ledger import LedgerCounted
from shared.events.person import PersonErased, PersonRegistered
from shared.events.place import PlaceChanged
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged
from shared.events.ticket import TicketIssued
from shared.messages.catalogue import load_catalogue
from shared.service.declaration import Service
from shared.service.ports import Ports
from shared.service.route import Route

NAME: Final = "registration"
DUTY_LINKS: Final = access.DUTY_LINKS
GROUPS: Final[tuple[Group, ...]] = (MAIL, ANSWERS, LEDGERS, ANSWER_MAILS, TICKET_MAILS, PLACE_MAILS, FORGOTTEN)


def links(settings: Settings, secrets: Secrets, loaded: Loaded) -> dict[str, str]:
    """One address per link that nobody registers for."""
    programme = loaded.programme
    shared = access.DutyRules(settings, lambda: programme.rehearsal).shared
    return access.links(settings, secrets, programme.event.id, loaded.rehearsal, [one.id for one in programme.event.stages], shared=shared)


def ends_at(loaded: Loaded, now: datetime) -> datetime | None:
    """The last end of the event, as far as its programme says; a rehearsal is on the day of `now`."""
    return whole_day(loaded.programme, now)[1]


def load(settings: Settings) -> Loaded:
    """The event's folder, read and checked. Raises SettingError with file, line and field of the first fault."""
    try:
        return load_event(settings.event)
    except ProgrammeError as error:
        fault = error.fields[0]
        sentence = load_catalogue().sentence("en", fault.code, fault.params or {})
        raise SettingError(f"{settings.event}/{fault.path}: {sentence}") from None


def build(ports: Ports, settings: Settings, loaded: Loaded | None = None) -> Service:
    """`loaded` is the event's folder where it was read already."""
    parts = _Parts(ports, settings, loaded)
    return Service(
        name=NAME,
        routes=parts.routes(),
        assets=parts.site.assets,
        reactions=parts.reactions(),
        listeners=(
            Listener((ProgrammePublished,), parts.publishing.on_published, parts.publishing.reload),
            Listener((RunningOrderChanged,), parts.keeper.on_changed, parts.keeper.reload),
            parts.gathering.listener(),
        ),
        tasks={
            "registration.day": parts.publishing.follow_the_day,
            "registration.order": parts.keeper.follow,
            "registration.places": parts.seating.follow,
            "registration.mailings": parts.post.follow,
            "registration.links": lambda: parts.links.follow_renewals(parts.publishing.rehearsal),
        },
        outboxes=(*PEOPLE_OUTBOXES, *PROGRAMME_OUTBOXES, *ORDER_OUTBOXES),
        checks={"store": parts.store.ping},
        export_person=parts.records.export,
        erase_person=parts.records.erase,
        error_page=parts.frame.error_page,
        start=parts.start,
        drain=parts.drain,
    )


class _Parts:
    """Each use case and its store, made once; what the service declares of them."""

    def __init__(self, ports: Ports, settings: Settings, loaded: Loaded | None) -> None:
        self.ports, self.settings = ports, settings
        self.store, self.site, self.cookies = PeopleStore(ports.database), Site(ports.messages), Cookies(settings)
        programme = ProgrammeStore(ports.database)
        self.publishing = publishing = Publishing(ports, programme, settings.event, f"{settings.origin}/", loaded)
        self.keeper = OrderKeeper(ports, OrderStore(ports.database), publishing)
        self.halls = HallDoors(ports, self.store, publishing)
        self.seating = Seating(ports, self.store, LineStore(ports.database), publishing)
        rules = access.DutyRules(settings, lambda: publishing.running.programme.rehearsal)
        self.registration = Registration(ports, self.store, publishing, self.seating, self.halls, rules)
        self.lists = PeopleLists(ports, self.store, publishing, self.registration)
        self.answers, self.door = AnswerStore(ports.database), DoorStore(ports.database)
        self.mailings = MailingStore(ports.database)
        self.tickets = Tickets(ports.secrets, ports.event_id)
        tombstones = Tombstones(ports.database, settings.var)
        self.records = Records(
            ports, self.store, self.answers, self.door, self.mailings, tombstones, self.seating, days=publishing.open_days
        )
        self.undeliverable = Undeliverable(ports, self.store)
        self.links = Links(ports, self.store, self.records, ends_at=publishing.ends_at)
        logins, passkeys = LoginStore(ports.database), Passkeys(settings.origin)
        self.sign_in = SignIn(ports, self.store, logins, self.registration, passkeys)
        self.grants = Grants(ports, self.store, logins, self.links, self.records)
        self.visibility = Visibility(ports, self.registration, publishing, self.cookies)
        self.gathering = Gathering(ports, self.registration, self.records)
        self.mails = Mails(ports, settings, self.links, publishing, self.undeliverable, self.answers, self.tickets)
        composer = MailingComposer(ports, publishing, self.mails)
        self.mailing_desk = MailingDesk(ports, self.mailings, self.store, publishing, composer)
        self.post = MailingPost(ports, self.mailings, self.store, self.links, publishing, self.mails, composer, self.mailing_desk)
        self.frame = Frame(ports, settings, self.registration, publishing, self.site, self.cookies, self.visibility)

    def routes(self) -> tuple[Route, ...]:
        ports, publishing, site = self.ports, self.publishing, self.site
        icon, worker = site.file("icons/ring.svg").read_bytes(), site.file("js/hub_worker.js").read_bytes()
        files = Files(ports, publishing, self.visibility, icon, worker, site.sheet("lite.css"))
        schedules = Schedules(ports, publishing, self.visibility)
        return tuple(route for one in (*self._pages(), *self._interfaces(), files, schedules) for route in one.routes())

    def _pages(self) -> tuple[_Routed, ...]:
        frame, seating = self.frame, self.seating
        return (
            Pages(frame), Moment(frame), Forms(frame, seating), PersonalPages(frame, self.records, self.answers, self.tickets, seating),
            AnswerPages(frame, self.answers), PlacePages(frame, seating), PeoplePages(frame, self.records, seating),
            HeldPages(frame, self.gathering), TicketPages(frame, self.tickets), HallPages(frame),
            MessagePages(frame, self.mailing_desk), ListPages(frame, self.lists), TeamPages(frame, self.grants),
            LoginPages(frame, self.sign_in),
        )  # fmt: skip

    def _interfaces(self) -> tuple[_Routed, ...]:
        ports, publishing, require = self.ports, self.publishing, self.visibility.require
        return (
            PeopleApi(ports, self.settings, self.registration, publishing, self.cookies), RecordsApi(self.records, self.undeliverable),
            HeldApi(ports, self.gathering, self.cookies), HallsApi(self.halls),
            PlaceApi(self.settings, self.registration, self.cookies, self.seating), ProgrammeApi(ports, publishing, require),
            OrderApi(ports, publishing, self.keeper, require),
            MailingApi(self.mailing_desk), ListsApi(self.lists), GrantsApi(self.settings, self.grants),
            DoorApi(DoorDesk(ports, self.door, self.store, publishing, self.tickets), publishing),
        )  # fmt: skip

    def reactions(self) -> tuple[Reaction[Any], ...]:
        ports = self.ports
        mails, place_mails = self.mails, PlaceMails(ports, self.mails, self.links, self.publishing, self.seating)
        told, inbox = AnswerReactions(self.answers), Inbox(ports.database, ports.clock)
        return (
            Reaction(MAIL, PersonRegistered, inbox.once(mails.on_registered)),
            Reaction(ANSWERS, AnswerRecorded, told.recorded),
            Reaction(LEDGERS, LedgerCounted, told.counted),
            Reaction(ANSWER_MAILS, AnswerRecorded, mails.on_answered),
            Reaction(TICKET_MAILS, TicketIssued, inbox.once(mails.on_ticket)),
            Reaction(FORGOTTEN, PersonErased, self.records.erased),
            Reaction(PLACE_MAILS, PlaceChanged, inbox.once(place_mails.on_changed)),
        )

    async def start(self) -> None:
        for one in (self.store, self.answers, self.door, self.seating, self.mailings):
            await one.prepare()
        await self.publishing.publish_at_start()
        await self.records.erase_again()
        await self.keeper.open()
        await self.mailing_desk.remember_first()
        await self.links.ensure_holders(self.publishing.rehearsal)

    async def drain(self) -> None:
        self.publishing.waiters.ring()


class _Routed(Protocol):
    def routes(self) -> Sequence[Route]: ...
