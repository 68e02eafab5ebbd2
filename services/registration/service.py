"""The declaration of registration. What must not be here: logic."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.registration.pages.pages import Pages
from services.registration.pages.site import Site
from services.registration.people import access
from services.registration.people.api import Api, Files
from services.registration.people.app import Registration
from services.registration.people.cookies import Cookies
from services.registration.people.reactions import MAIL, Mails
from services.registration.people.store import OUTBOXES, Store
from services.registration.programme.app import Publication
from services.registration.programme.day import whole_day
from services.registration.programme.format.loading import Loaded as Loaded
from services.registration.programme.format.loading import load_event
from services.registration.programme.format.nodes import ProgrammeError
from shared.auth.keys import Secrets
from shared.bus.inbox import Inbox
from shared.bus.port import Group
from shared.bus.typed import Listener, Reaction
from shared.config import SettingError, Settings
from shared.events.person import PersonRegistered
from shared.events.programme import ProgrammePublished
from shared.messages.catalogue import load_catalogue
from shared.service.declaration import Service
from shared.service.ports import Ports

NAME: Final = "registration"
GROUPS: Final[tuple[Group, ...]] = (MAIL,)


def links(settings: Settings, secrets: Secrets, loaded: Loaded) -> dict[str, str]:
    """One address per link that nobody registers for."""
    return access.links(settings, secrets, loaded.programme.event.id, loaded.rehearsal)


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


def build(ports: Ports, settings: Settings) -> Service:
    store, site, cookies = Store(ports.database), Site(ports.messages), Cookies(settings)
    publication = Publication(ports, store, settings.event, f"{settings.origin}/")
    registration = Registration(ports, store, image_text=publication.image_text, ends_at=publication.ends_at)
    pages = Pages(ports, settings, registration, publication, site, cookies)
    api = Api(ports, settings, registration, publication, cookies)
    files = Files(ports, publication, site.file("icons/ring.svg").read_bytes())
    mails = Mails(ports, settings, registration, publication)
    inbox = Inbox(ports.database, ports.clock)

    async def start() -> None:
        await store.prepare()
        await publication.publish_at_start()
        await registration.ensure_holders(publication.rehearsal)

    return Service(
        name=NAME,
        routes=(*pages.routes(), *api.routes(), *files.routes()),
        assets=site.assets,
        reactions=(Reaction(MAIL, PersonRegistered, inbox.once(mails.on_registered)),),
        listeners=(Listener((ProgrammePublished,), publication.on_published, publication.reload),),
        tasks={"registration.day": publication.follow_the_day},
        outboxes=OUTBOXES,
        checks={"store": store.ping},
        error_page=pages.error_page,
        start=start,
    )
