"""The declaration of registration."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.registration.answers.reactions import ANSWERS, LEDGERS, AnswerReactions
from services.registration.answers.store import AnswerStore
from services.registration.door.api import DoorApi
from services.registration.door.app import DoorDesk
from services.registration.door.store import DoorStore
from services.registration.door.tickets import Tickets
from services.registration.pages.answers import AnswerPages
from services.registration.pages.files import Files
from services.registration.pages.forms import Forms
from services.registration.pages.frame import Frame
from services.registration.pages.hall import HallPages
from services.registration.pages.held import HeldPages
from services.registration.pages.moment import Moment
from services.registration.pages.pages import Pages
from services.registration.pages.people import PeoplePages
from services.registration.pages.personal import PersonalPages
from services.registration.pages.places import PlacePages
from services.registration.pages.schedules import Schedules
from services.registration.pages.site import Site
from services.registration.pages.ticket import TicketPages
from services.registration.people import access
from services.registration.people.api import PeopleApi
from services.registration.people.app import Registration
from services.registration.people.cookies import Cookies
from services.registration.people.delivery import ANSWER_MAILS, FORGOTTEN, MAIL, PLACE_MAILS, TICKET_MAILS, Undeliverable
from services.registration.people.gathering import Gathering
from services.registration.people.halls import HallDoors
from services.registration.people.halls_api import HallsApi
from services.registration.people.held_api import HeldApi
from services.registration.people.links import Links
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

NAME: Final = "registration"
DUTY_LINKS: Final = access.DUTY_LINKS
GROUPS: Final[tuple[Group, ...]] = (MAIL, ANSWERS, LEDGERS, ANSWER_MAILS, TICKET_MAILS, PLACE_MAILS, FORGOTTEN)


def links(settings: Settings, secrets: Secrets, loaded: Loaded) -> dict[str, str]:
    """One address per link that nobody registers for."""
    return access.links(settings, secrets, loaded.programme.event.id, loaded.rehearsal, [one.id for one in loaded.programme.event.stages])


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
    store, site, cookies = PeopleStore(ports.database), Site(ports.messages), Cookies(settings)
    publishing = Publishing(ports, ProgrammeStore(ports.database), settings.event, f"{settings.origin}/", loaded)
    keeper = OrderKeeper(ports, OrderStore(ports.database), publishing)
    halls = HallDoors(ports, store, publishing)
    seating = Seating(ports, store, LineStore(ports.database), publishing)
    registration = Registration(ports, store, publishing, seating, halls)
    answers, door = AnswerStore(ports.database), DoorStore(ports.database)
    tickets = Tickets(ports.secrets, ports.event_id)
    records = Records(ports, store, answers, door, Tombstones(ports.database, settings.var), seating, days=publishing.open_days)
    undeliverable = Undeliverable(ports, store)
    links = Links(ports, store, records, ends_at=publishing.ends_at)
    visibility = Visibility(ports, registration, publishing, cookies)
    gathering = Gathering(ports, registration, records)
    frame = Frame(ports, settings, registration, publishing, site, cookies, visibility)
    pages = (
        Pages(frame), Moment(frame), Forms(frame, seating), PersonalPages(frame, records, answers, tickets, seating),
        AnswerPages(frame, answers), PlacePages(frame, seating), PeoplePages(frame, records, seating), HeldPages(frame, gathering),
        TicketPages(frame, tickets), HallPages(frame),
    )  # fmt: skip
    interfaces = (
        PeopleApi(ports, settings, registration, publishing, cookies), RecordsApi(records, undeliverable),
        HeldApi(ports, gathering, cookies), HallsApi(halls), PlaceApi(settings, registration, cookies, seating),
        ProgrammeApi(ports, publishing, visibility.require), OrderApi(ports, publishing, keeper, visibility.require),
        DoorApi(DoorDesk(ports, door, store, publishing, tickets), publishing),
    )  # fmt: skip
    schedules = Schedules(ports, publishing, visibility)
    icon, worker = site.file("icons/ring.svg").read_bytes(), site.file("js/hub_worker.js").read_bytes()
    files = Files(ports, publishing, visibility, icon, worker, site.sheet("lite.css"))
    mails = Mails(ports, settings, links, publishing, undeliverable, answers, tickets)
    place_mails = PlaceMails(ports, mails, links, publishing, seating)
    told = AnswerReactions(answers)
    inbox = Inbox(ports.database, ports.clock)

    async def start() -> None:
        await store.prepare()
        await answers.prepare()
        await door.prepare()
        await seating.prepare()
        await publishing.publish_at_start()
        await records.erase_again()
        await keeper.open()
        await links.ensure_holders(publishing.rehearsal)

    async def drain() -> None:
        publishing.waiters.ring()

    return Service(
        name=NAME,
        routes=tuple(route for one in (*pages, *interfaces, files, schedules) for route in one.routes()),
        assets=site.assets,
        reactions=(
            Reaction(MAIL, PersonRegistered, inbox.once(mails.on_registered)),
            Reaction(ANSWERS, AnswerRecorded, told.recorded),
            Reaction(LEDGERS, LedgerCounted, told.counted),
            Reaction(ANSWER_MAILS, AnswerRecorded, mails.on_answered),
            Reaction(TICKET_MAILS, TicketIssued, inbox.once(mails.on_ticket)),
            Reaction(FORGOTTEN, PersonErased, records.erased),
            Reaction(PLACE_MAILS, PlaceChanged, inbox.once(place_mails.on_changed)),
        ),
        listeners=(
            Listener((ProgrammePublished,), publishing.on_published, publishing.reload),
            Listener((RunningOrderChanged,), keeper.on_changed, keeper.reload),
            gathering.listener(),
        ),
        tasks={
            "registration.day": publishing.follow_the_day,
            "registration.order": keeper.follow,
            "registration.places": seating.follow,
            "registration.links": lambda: links.follow_renewals(publishing.rehearsal),
        },
        outboxes=(*PEOPLE_OUTBOXES, *PROGRAMME_OUTBOXES, *ORDER_OUTBOXES),
        checks={"store": store.ping},
        export_person=records.export,
        erase_person=records.erase,
        error_page=frame.error_page,
        start=start,
        drain=drain,
    )
