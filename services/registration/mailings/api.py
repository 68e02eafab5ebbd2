"""The JSON interface of messages to many, for operators.

Parse, call a use case, render.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import LISTING, MAILING, TEST_MAILS
from services.registration.mailings import domain
from services.registration.mailings.app import MailingAsk, MailingDesk, MailingShown
from services.registration.mailings.domain import Audience, Mailing, MailingWords
from services.registration.mailings.letter import plain_text
from shared.clock import to_text
from shared.http.caching import PRIVATE
from shared.service.route import BODY_KEY, PASS_KEY, Body, Route, Who

PATH: Final = "/api/registration/mailings"
STEPS: Final[dict[str, Callable[[Mailing], Mailing]]] = {"pause": domain.pause, "resume": domain.resume, "stop": domain.stop}
MOST_MAILING_BYTES: Final = 100_000
WRONG: Final = ("registration.mailing",)
_Short = Annotated[str, Field(max_length=300)]
_Long = Annotated[str, Field(max_length=2 * domain.MOST_WORDS)]


class AudienceBody(Body):
    """Of those who are confirmed; empty: all. `day` and `session`: ids of the programme."""

    door: _Short = ""
    day: _Short = ""
    session: _Short = ""
    search: _Short = ""


class MailingWordsBody(Body):
    subject: _Short
    text: _Long


class MailingBody(Body):
    """`id`: a random UUID; the same one sent again is one message. `words`: by language; none for `change`."""

    id: _Short
    kind: Literal["words", "change"] = "words"
    audience: AudienceBody = AudienceBody()
    words: Annotated[dict[_Short, MailingWordsBody], Field(max_length=20)] | None = None
    language: _Short | None = None
    """Of a preview or a test; by default that of the event."""

    def ask(self) -> MailingAsk:
        said = {language: MailingWords(one.subject, one.text) for language, one in (self.words or {}).items()}
        to = self.audience
        return MailingAsk(self.id, self.kind, Audience(to.door, to.day, to.session, to.search), said)


class TestMailBody(MailingBody):
    to: _Short


class MailingAnswer(BaseModel):
    """`unsure`: mails that were on their way when their process ended."""

    id: str
    kind: str
    state: str
    audience: dict[str, str]
    words: dict[str, dict[str, str]]
    made_at: str
    total: int
    sent: int
    refused: int
    unsure: int


class MailingsAnswer(BaseModel):
    """`moved`: what is otherwise than people were told: `status`, `venue`, `day <id>`."""

    mailings: list[MailingAnswer]
    moved: list[str]


class MailingPreview(BaseModel):
    people: int
    subject: str
    text: str


class BegunAnswer(BaseModel):
    id: str
    people: int


class MailingApi:
    def __init__(self, desk: MailingDesk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [*self._writing(), *self._standing()]

    def _writing(self) -> list[Route]:
        return [
            Route(
                "GET", PATH, self.newest, "listMailings", "Messages to many, the newest first, how far each is, and what moved since",
                who=Who.PASS, action="mailing.read", answers={200: MailingsAnswer}, limit=LISTING,
            ),
            Route(
                "POST", PATH, self.begin, "beginMailing", "Write to many: to a door, a day, a session, or whoever a search finds",
                who=Who.PASS, action="mailing.send", body=MailingBody, most_bytes=MOST_MAILING_BYTES, answers={201: BegunAnswer},
                errors=(*WRONG, "registration.mailing_nobody"), limit=MAILING,
            ),
            Route(
                "POST", f"{PATH}/preview", self.preview, "previewMailing", "How many would have it, and what it would be",
                who=Who.PASS, action="mailing.send", body=MailingBody, most_bytes=MOST_MAILING_BYTES,
                answers={200: MailingPreview}, errors=WRONG, limit=LISTING,
            ),
            Route(
                "POST", f"{PATH}/test", self.test, "testMailing", "Send it to one address, without a personal link",
                who=Who.PASS, action="mailing.send", body=TestMailBody, most_bytes=MOST_MAILING_BYTES, answers={204: None},
                errors=(*WRONG, "registration.form", "mail.unavailable", "mail.refused"), limit=TEST_MAILS,
            ),
        ]  # fmt: skip

    def _standing(self) -> list[Route]:
        summaries = {
            "pause": "Nothing more leaves until it is resumed",
            "resume": "Go on, also to whoever came since; nobody has it twice",
            "stop": "For good",
            "again": "Send it, too, to those of whom nobody knows whether theirs left",
        }
        errors = ("registration.mailing_unknown", "registration.mailing_over", "registration.busy")
        return [
            Route(
                "POST", f"{PATH}/{{id}}/{step}", self.stand, f"{step}Mailing", summary,
                who=Who.PASS, action="mailing.send", answers={204: None}, errors=errors, limit=MAILING,
            )
            for step, summary in summaries.items()
        ]  # fmt: skip

    async def newest(self, _: web.Request) -> web.StreamResponse:
        found = [shown_mailing(one) for one in await self._desk.newest()]
        return web.json_response({"mailings": found, "moved": list(await self._desk.moved())}, headers=PRIVATE)

    async def begin(self, request: web.Request) -> web.StreamResponse:
        body: MailingBody = request[BODY_KEY]
        mailing = await self._desk.begin(body.ask(), request[PASS_KEY].person)
        return web.json_response({"id": mailing.id, "people": mailing.total}, status=201, headers=PRIVATE)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        body: MailingBody = request[BODY_KEY]
        people, message = await self._desk.preview(body.ask(), body.language)
        return web.json_response({"people": people, "subject": message["Subject"], "text": plain_text(message)}, headers=PRIVATE)

    async def test(self, request: web.Request) -> web.StreamResponse:
        body: TestMailBody = request[BODY_KEY]
        await self._desk.test(body.ask(), body.to, body.language)
        return web.Response(status=204, headers=PRIVATE)

    async def stand(self, request: web.Request) -> web.StreamResponse:
        await take_step(self._desk, request.match_info["id"], request.path.rpartition("/")[2])
        return web.Response(status=204, headers=PRIVATE)


async def take_step(desk: MailingDesk, id: str, step: str) -> None:
    """`step`: pause, resume, stop or again. Raises as `MailingDesk.stand`."""
    await (desk.again(id) if step == "again" else desk.stand(id, STEPS[step]))


def shown_mailing(one: MailingShown) -> dict[str, Any]:
    mailing, progress = one.mailing, one.progress
    audience = mailing.audience
    return {
        "id": mailing.id, "kind": mailing.kind, "state": mailing.state,
        "audience": {"door": audience.door, "day": audience.day, "session": audience.session, "search": audience.search},
        "words": {language: {"subject": said.subject, "text": said.text} for language, said in mailing.words.items()},
        "made_at": to_text(mailing.made_at), "total": mailing.total,
        "sent": progress.sent, "refused": progress.refused, "unsure": progress.unsure,
    }  # fmt: skip
