"""The page of a session: who is there, what is asked now, the poll, one's own questions, those of all with their votes, one's hand and
reactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from services.qa.lite.html import Html, Inside, tag, together
from services.qa.lite.page import address, alert, asked, button, document, form, link, notice, spoken
from services.qa.lite.polls import polled, takes_answers
from services.qa.lite.words import Words
from shared.events.vocabulary import REACTION_KINDS

Json = dict[str, Any]

MOST_LISTED: Final = 8
"""Published questions on one page: each minute brings the page again."""
MOST_OWN: Final = 5
"""One's own questions on it, the newest first; all of them are a link away."""


class Reader(NamedTuple):
    """For whom a page is made. `people`: how many are in the hall of its host; `still`: it does not come again by itself."""

    words: Words
    people: int
    event: str
    still: bool
    clock: str


def overview(reader: Reader, state: Json, *, start: int = 0, done: str = "", refused: str = "") -> str:
    """`state`: what a snapshot of the public feed holds. `done`: what was done just now, in words; `refused`: why it was not."""
    words, facts = reader.words, state["session"]
    id = facts["id"]
    said = together(notice(done) if done else None, alert(refused) if refused else None)
    parts = (
        _head(words, facts), said, _present(words, state), _ways(reader, state), _on_stage(words, state), _poll(words, state),
        _own(words, state), _published(reader, state, start), _hand(words, state), _reactions(words, state),
    )  # fmt: skip
    return document(
        words, title=f"{facts['label'] or facts['title'] or words.t('lite.title')} · {words.t('lite.title')}",
        here="" if refused else address(id), main=together(*parts), event=reader.event, foot=_foot(words, facts),
    )  # fmt: skip


def _head(words: Words, facts: Json) -> Html:
    label, standing = facts["label"], words.standing(facts)
    return together(
        spoken("p", label, facts["language"]) if label else None,
        spoken("h1", facts["title"], facts["language"]),
        tag("p", standing) if standing else None,
    )


def _present(words: Words, state: Json) -> Inside:
    """The ring in words. Who reads here is counted from the next second on: nobody is told that they are not there."""
    presence = state["presence"]
    total = sum(presence.values())
    doors = [words.tn(f"presence.{door}", number) for door, number in presence.items() if number]
    return tag("p", words.tn("presence.total", total), words.t("page.colon"), ", ".join(doors)) if total else None


def _ways(reader: Reader, state: Json) -> Html:
    words, id = reader.words, state["session"]["id"]
    floor = "removed" if state["session"]["removed"] else state["floor"]["state"]
    may_ask = floor == "open" or (floor == "paused" and reader.people > 0)
    ask = tag("p", tag("strong", link(address(id, "/ask"), words.t("ask.label")))) if may_ask else None
    closed = None if floor == "open" else tag("p", words.t("way.removed" if floor == "removed" else f"floor.{floor}"))
    turn = ("on", "lite.refresh.on") if reader.still else ("off", "lite.refresh.off")
    fresh = words.t("lite.refresh.still" if reader.still else "lite.refresh.each", time=reader.clock)
    now, other = link(address(id), words.t("lite.refresh.now")), link(address(id, f"?refresh={turn[0]}"), words.t(turn[1]))
    again = tag("p", tag("small", fresh, " ", now, " · ", other))
    return together(closed, ask, again)


def _on_stage(words: Words, state: Json) -> Html:
    items = state["items"].values()
    now = next((item for item in items if item["status"] == "on_stage"), None)
    following = next((item for item in items if item["status"] == "published" and item["cued_at"]), None)
    own = now is not None and now["id"] in (state["mine"] or {})
    over = now is not None and state["session"]["progress"] in ("over", "cancelled")
    shown = [tag("h2", words.t("question.on_stage.last" if over else "mine.on_stage" if own else "question.on_stage"))]
    shown += (
        [tag("p", words.t("question.on_stage.none"))]
        if now is None
        else [tag("blockquote", asked(now["text"], now["language"])), _by(words, now)]
    )
    if following is not None:
        shown += [
            tag("h3", words.t("lite.next")),
            tag("blockquote", asked(following["text"], following["language"])),
            _by(words, following),
        ]
    return tag("section", *shown)


def _by(words: Words, item: Json) -> Html:
    return tag("p", tag("small", words.by(item)))


def _poll(words: Words, state: Json) -> Inside:
    """Those that can be answered, then those of which something is to be read, the latest first."""
    polls = sorted(state["polls"].values(), key=lambda poll: (not takes_answers(poll), poll["opened_at"] or "", poll["position"]))
    live = [poll for poll in polls if takes_answers(poll)]
    over = sorted((poll for poll in polls if poll not in live), key=lambda poll: poll["opened_at"] or "", reverse=True)[: 0 if live else 1]
    return together(*(polled(words, state, poll) for poll in (*live, *over))) if live or over else None


def _own(words: Words, state: Json) -> Inside:
    mine = sorted((state["mine"] or {}).values(), key=lambda item: (item["asked_at"], item["id"]), reverse=True)
    if not mine:
        return None
    id = state["session"]["id"]
    lines = [_own_line(words, id, item, n) for n, item in enumerate(mine[:MOST_OWN], 1)]
    more = tag("p", link("/place", words.t("mine.everywhere"))) if len(mine) > MOST_OWN else None
    return tag("section", tag("h2", words.tn("mine.title", len(mine))), tag("ul", *lines), more)


def _own_line(words: Words, id: str, item: Json, n: int) -> Html:
    way = tag("a", words.t("lite.follow"), href=address(id, f"/mine/{item['id']}"), aria_describedby=f"m{n}")
    return tag("li", asked(item["text"], item["language"], f"m{n}"), tag("p", words.sentence(item), ". ", way))


def _published(reader: Reader, state: Json, start: int) -> Html:
    words, items = reader.words, list(state["items"].values())
    listed = sorted(
        (item for item in items if item["status"] == "published"), key=lambda item: (-item["votes"], item["asked_at"], item["id"])
    )
    shown = listed[start : start + MOST_LISTED]
    none = None if listed else tag("p", words.t("questions.none.other" if items else f"questions.none.{state['floor']['state']}"))
    id = state["session"]["id"]
    lines = [_line(reader, state, item, n) for n, item in enumerate(shown, 1)]
    many = tag("ol", *lines, start=str(start + 1) if start else None) if lines else None
    voting = form(address(id, "/vote"), many) if many and not state["session"]["removed"] else many
    return tag(
        "section", tag("h2", words.t("questions.title"), f" ({len(listed)})" if listed else None), none, voting,
        _pages(words, id, start, len(listed)), _settled(words, id, items),
    )  # fmt: skip


def _line(reader: Reader, state: Json, item: Json, n: int) -> Html:
    words, id = reader.words, state["session"]["id"]
    own, removed = item["id"] in (state["mine"] or {}), state["session"]["removed"]
    on = item["id"] in (state["my_votes"] or ())
    press: Inside = None
    if own:
        press = tag("small", words.t("vote.own"))
    elif not removed:
        press = button(f"{'off' if on else 'on'}.{item['id']}", words.t("lite.unvote" if on else "lite.vote"), f"q{n}")
    counted = None
    if reader.people and not own and not removed:
        hands = (state["my_counts"] or {}).get(item["id"], 0)
        counted = together(" ", tag("a", words.tn("lite.hands", hands), href=address(id, f"/count/{item['id']}"), aria_describedby=f"q{n}"))
    votes = words.tn("votes", item["votes"])
    return tag(
        "li", asked(item["text"], item["language"], f"q{n}"), tag("p", tag("small", words.by(item), " · ", votes), " ", press, counted)
    )


def _pages(words: Words, id: str, start: int, total: int) -> Inside:
    found = []
    if start:
        found.append(link(address(id, f"?from={max(0, start - MOST_LISTED)}" if start > MOST_LISTED else ""), words.t("lite.before")))
    if start + MOST_LISTED < total:
        found.append(link(address(id, f"?from={start + MOST_LISTED}"), words.tn("lite.after", total - start - MOST_LISTED)))
    return tag("p", *_spaced(found)) if found else None


def _spaced(found: Sequence[Html]) -> list[Inside]:
    return [each for one in found for each in (one, " ")]


def _settled(words: Words, id: str, items: Sequence[Json]) -> Inside:
    """How many were answered and promised, and where to read them, which needs no script either."""
    counted = {status: sum(item["status"] == status for item in items) for status in ("answered", "deferred")}
    told = [
        words.tn(key, counted[status])
        for status, key in (("answered", "questions.answered"), ("deferred", "questions.promised"))
        if counted[status]
    ]
    return tag("p", *(f"{each}. " for each in told), link(f"/answers?session={id}", words.t("way.answers"))) if told else None


def _hand(words: Words, state: Json) -> Inside:
    hand, id = state["my_hand"], state["session"]["id"]
    if state["session"]["removed"] or (hand is None and state["floor"]["state"] != "open"):
        return None
    where = address(id, "/hand")
    if hand is not None:
        inside = form(where, tag("p", words.tn("hand.rank", hand["rank"])), button("down", words.t("hand.down")))
    else:
        nameless = tag("label", tag("input", type="checkbox", name="anonymous", value="1"), " ", words.t("ask.anonymous"))
        inside = form(where, tag("p", button("up", words.t("hand.raise")), " ", nameless))
    return tag("section", tag("h2", words.t("lite.hand")), inside)


def _reactions(words: Words, state: Json) -> Inside:
    """As signs of the moment: those of the last seconds are told, which are others each time the page comes."""
    if state["session"]["removed"] or state["silenced"]:
        return None
    shown = [f"{words.t(f'reaction.{kind}')} {number}" for kind, number in state["reactions"].items() if number]
    buttons = (together(button(kind, words.t(f"reaction.{kind}")), " ") for kind in REACTION_KINDS)
    just = tag("p", tag("small", words.t("lite.reactions"), words.t("page.colon"), ", ".join(shown))) if shown else None
    return tag("section", tag("h2", words.t("reactions.title")), form(address(state["session"]["id"], "/react"), *buttons), just)


def _foot(words: Words, facts: Json) -> Html:
    id = facts["id"]
    found = [
        link(f"/watch?session={id}", words.t("page.watch.title")),
        link(f"/room?session={id}", words.t("page.room.title")),
        link("/place", words.t("place.title")),
    ]
    for other, key in ((facts["next"], "lite.coming"), (facts["now"], "lite.on")):
        if other is not None and other["id"] != id:
            found.insert(0, link(address(other["id"]), words.t(key, title=other["label"] or other["title"])))
    return together(tag("p", *_spaced(found)), tag("p", tag("small", words.t("lite.weight"))))
