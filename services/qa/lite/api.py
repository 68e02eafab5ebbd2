"""The pages without script over HTTP: read the form, call the use case, lead back (Post/Redirect/Get), or say why not, with what was
typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid5

from aiohttp import web

from services.qa.api import ASKING, MODERATING, READING, VOTING
from services.qa.app import Questions
from services.qa.calls import session_of
from services.qa.day import Days
from services.qa.feed.projection import PUBLIC
from services.qa.hands.api import RAISING
from services.qa.hands.app import Hands
from services.qa.lite import deeds
from services.qa.lite.forms import Fields, ask_page, count_page, first, own_page
from services.qa.lite.overview import Reader, overview
from services.qa.lite.page import address
from services.qa.lite.polls import poll_page
from services.qa.lite.visits import Visit, Visits
from services.qa.polls.api import ANSWERING
from services.qa.polls.app import Polls
from services.qa.reacting import Reacting
from services.qa.reacting_api import REACTING
from shared.errors import Conflict, DomainError, Invalid, NotFound
from shared.events.vocabulary import REACTION_KINDS
from shared.http.problem import status_of
from shared.ids import IdSource, is_uuid
from shared.service.route import Handler, Method, RateLimit, Refused, Route, Who

Json = dict[str, Any]

Show = Callable[[Visit, Fields, str], Awaitable[str]]
"""(who, the form as it was sent, a refusal in words or "") → the page."""
PAGE: Final = "page.lite"


def routes(
    questions: Questions, polls: Polls, hands: Hands, reacting: Reacting, days: Days, visits: Visits, new_id: IdSource
) -> list[Route]:  # fmt: skip
    lite = _Lite(questions, polls, hands, reacting, days, visits, new_id)

    def route(method: Method, rest: str, handler: Handler, operation: str, action: str, limit: RateLimit, refused: Refused) -> Route:
        return Route(
            method, address("{session}", rest), handler, operation, "A page without script", who=Who.LITE, action=action, limit=limit,
            answers={200: "text/html"}, refused=refused, internal=True,
        )  # fmt: skip

    def form(rest: str, show: Show, take: Handler, name: str, action: str, limit: RateLimit) -> list[Route]:
        """A page with a form, and what takes it."""
        refused = lite.telling(show)
        shown = route("GET", rest, lite.showing(show, deeds.TYPING_LEFT), f"lite{name}Page", PAGE, READING, refused)
        return [shown, route("POST", rest, take, f"lite{name}", action, limit, refused)]

    seen = lite.telling(lite.overview)
    return [
        route("GET", "", lite.read, "liteSessionPage", PAGE, READING, seen),
        route("POST", "/vote", lite.vote, "liteVote", "question.vote", VOTING, seen),
        route("POST", "/react", lite.react, "liteReact", "reaction.show", REACTING, seen),
        route("POST", "/hand", lite.hand, "liteHand", "hand.raise", RAISING, seen),
        *form("/ask", lite.ask_page, lite.ask, "Ask", "question.ask", ASKING),
        *form("/mine/{id}", lite.own_page, lite.change, "Own", "question.edit", MODERATING),
        *form("/poll/{id}", lite.poll_page, lite.answer, "Poll", "poll.answer", ANSWERING),
        *form("/count/{id}", lite.count_page, lite.count, "Count", "question.vote", VOTING),
    ]


class _Lite:
    def __init__(
        self, questions: Questions, polls: Polls, hands: Hands, reacting: Reacting, days: Days, visits: Visits, new_id: IdSource
    ) -> None:  # fmt: skip
        self._questions, self._polls, self._hands, self._reacting, self._days = questions, polls, hands, reacting, days
        self._visits, self._new_id = visits, new_id

    # --- pages -------------------------------------------------------------------------------------------------------------------------
    async def read(self, request: web.Request) -> web.StreamResponse:
        """The session's page, which comes again by itself."""
        visit = await self._visits.of(request)
        if away := self._visits.renewal(visit, deeds.READING_LEFT):
            return away
        return self._visits.page(visit, await self.overview(visit, {}, ""), again=not visit.still)

    def showing(self, show: Show, left: float) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            visit = await self._visits.of(request)
            if away := self._visits.renewal(visit, left):
                return away
            return self._visits.page(visit, await show(visit, visit.draft, ""))

        return handler

    def telling(self, show: Show) -> Refused:
        """A refusal on the page it happened on, with what was typed there."""

        async def refused(request: web.Request, error: DomainError) -> web.StreamResponse:
            visit, fields = await self._visits.of(request), await self._visits.fields_or_none(request)
            if visit.by is None:
                return self._visits.without_pass(visit, error, fields)
            try:
                html = await show(visit, fields, visit.words.why(error))
            except DomainError:  # not that page either: the first reason is the one that matters
                return self._visits.bare(visit, error, fields)
            return self._visits.page(visit, html, status=status_of(error), error=error)

        return refused

    async def overview(self, visit: Visit, fields: Fields, refused: str) -> str:
        state = await self._state(visit)
        reader = Reader(visit.words, visit.people, visit.event, visit.still or bool(refused), visit.words.now(visit.now))
        done = "" if refused else visit.missed or deeds.done(visit.words, state, visit.query.get("done", ""), visit.query.get("of", ""))
        return overview(reader, state, start=visit.start, done=done, refused=refused)

    async def ask_page(self, visit: Visit, fields: Fields, refused: str) -> str:
        facts = (await self._state(visit))["session"]
        title = " · ".join(filter(None, (facts["label"], visit.words.set(facts["title"], facts["language"]))))
        id = first(fields, "id")
        said = visit.words.t("lite.kept") if fields and not refused else ""
        return ask_page(
            visit.words, visit.session, id=id if is_uuid(id) else self._new_id(), title=title, people=visit.people, given=fields,
            refused=refused, said=said,
        )  # fmt: skip

    async def own_page(self, visit: Visit, fields: Fields, refused: str) -> str:
        item = _known((await self._state(visit))["mine"], visit.id, "qa.unknown_question")
        lines = await self._questions.history(visit.holder, visit.id)
        story = [(visit.words.moment(line["at"]), visit.words.t(f"story.{line['step']}")) for line in lines]
        return own_page(visit.words, visit.session, item, story, given=fields, refused=refused, erasing="erase" in visit.query)

    async def poll_page(self, visit: Visit, fields: Fields, refused: str) -> str:
        state = await self._state(visit)
        poll = _known(state["polls"], visit.id, "qa.unknown_poll")
        return poll_page(visit.words, state, poll, people=visit.people, refused=refused, given=fields or None)

    async def count_page(self, visit: Visit, fields: Fields, refused: str) -> str:
        state = await self._state(visit)
        item = _known(state["items"], visit.id, "qa.unknown_question")
        hands = first(fields, "hands") or str((state["my_counts"] or {}).get(visit.id, 0))
        return count_page(visit.words, visit.session, item, hands=hands, people=visit.people, refused=refused)

    async def _state(self, visit: Visit) -> Json:
        """STATE of the public feed, from what the store has: a form that was taken is in it. Who reads it is there."""
        state = await self._questions.snapshot(visit.holder, visit.session, PUBLIC)
        self._questions.seen(visit.holder, visit.session)
        return state

    # --- what is done ------------------------------------------------------------------------------------------------------------------
    async def ask(self, request: web.Request) -> web.StreamResponse:
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        form, text = first(fields, "id"), first(fields, "text")
        if not is_uuid(form):
            raise Invalid.about("id", "qa.id_invalid")
        anonymous, name = bool(first(fields, "anonymous")), first(fields, "name")
        hall = (name, None) if first(fields, "hall") else None
        # The same form with the same words is the same question; with others, sent from a page that one went back to, it is another one.
        id = str(uuid5(UUID(form), "\0".join((text, str(anonymous), "" if hall is None else f"hall {name}"))))
        await self._questions.ask(visit.holder, visit.session, id=id, text=text, language=visit.words.lang, anonymous=anonymous, hall=hall)
        response = _done(request, "asked", id)
        self._visits.forget_draft(response)
        return response

    async def vote(self, request: web.Request) -> web.StreamResponse:
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        pressed = next((name for name in fields if name.startswith(("on.", "off."))), "")
        turn, _, id = pressed.partition(".")
        if not pressed:
            raise Invalid("request.refused")
        await self._questions.voting.vote(visit.holder, id, on=turn == "on")
        return _done(request, "voted" if turn == "on" else "unvoted", id)

    async def count(self, request: web.Request) -> web.StreamResponse:
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        hands = _number(first(fields, "hands"))
        if hands is None:
            raise Invalid.about("hands", "qa.hall_hands", people=visit.people)
        await self._questions.voting.count(visit.holder, visit.id, hands)
        return _done(request, "counted", visit.id)

    async def hand(self, request: web.Request) -> web.StreamResponse:
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        if "up" in fields:
            await self._hands.put_up(visit.holder, visit.session, anonymous=bool(first(fields, "anonymous")))
        else:
            await self._hands.take_down(visit.holder, visit.session)
        return _done(request, "up" if "up" in fields else "down")

    async def react(self, request: web.Request) -> web.StreamResponse:
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        kind = next((kind for kind in REACTION_KINDS if kind in fields), None)
        if kind is None:
            raise Invalid("request.refused")
        self._reacting.react(visit.holder, visit.session, kind)
        return _done(request, "reacted", kind)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        poll = _known((await self._state(visit))["polls"], visit.id, "qa.unknown_poll")
        if "hall" in fields:
            counts = {key: _number(first(fields, f"hands.{key}")) or 0 for key in deeds.keys_of(poll)}
            await self._polls.count_hall(visit.holder, visit.id, counts, _number(first(fields, "people")) or 0)
        else:
            await self._polls.answer(visit.holder, visit.id, deeds.choice_of(poll, fields))
        return _done(request, "answered", visit.id)

    async def change(self, request: web.Request) -> web.StreamResponse:
        """One's own question: other words, a second look, withdrawn, erased."""
        visit, fields = await self._visits.of(request), await self._visits.fields(request)
        act, version, text = deeds.act_of(fields), _number(first(fields, "version")), first(fields, "text")
        if act is None or version is None:
            raise Invalid("request.refused")
        more = {"text": text} if act in ("edit", "amend") else {}
        try:
            if act == "erase":
                await self._questions.erase(visit.holder, visit.id, expected_version=version)
            else:
                await self._questions.carry_out(visit.holder, visit.id, act, expected_version=version, **more)
        except Conflict:
            if not deeds.happened(act, ((await self._state(visit))["mine"] or {}).get(visit.id), text):
                raise
        response = _done(request, act, visit.id)
        self._visits.forget_draft(response)
        return response


def _done(request: web.Request, what: str, of: str = "") -> web.Response:
    query = urlencode({"done": what, **({"of": of} if of else {})})
    return web.Response(status=303, headers={"Location": address(session_of(request), f"?{query}"), "Cache-Control": "no-store"})


def _known(found: Mapping[str, Json] | None, id: str, code: str) -> Json:
    """Raises NotFound."""
    item = (found or {}).get(id)
    if item is None:
        raise NotFound(code)
    return item


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None
