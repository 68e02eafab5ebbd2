"""Random people who come, go, answer offers or do not, and operators who set places, against a plain model of lines: lists and sets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.registration.places.domain import Board, Held, LineKey, PlaceLine, offer_ends, settle
from shared.errors import Conflict
from shared.events.vocabulary import Door

BEGIN = datetime(2021, 6, 1, 8, tzinfo=UTC)
STARTS = {1: BEGIN + timedelta(days=2), 2: BEGIN + timedelta(days=3)}
PEOPLE = ("anne", "bo", "chloé", "dov", "eve")
DOORS: tuple[Door, ...] = ("in_room", "remote", "hub")
KEYS = [LineKey(door, day) for door in DOORS for day in STARTS]
WHO = st.sampled_from(PEOPLE)
PLACES = st.none() | st.integers(0, 3)


class ModelLine:
    """A line as one would keep it on paper."""

    def __init__(self) -> None:
        self.seated: set[str] = set()
        self.offered: dict[str, datetime] = {}
        self.waiting: list[str] = []
        self.lapsed: set[str] = set()

    def has(self, who: str) -> bool:
        return who in self.seated or who in self.offered or who in self.waiting or who in self.lapsed

    def remove(self, who: str) -> None:
        self.seated.discard(who)
        self.offered.pop(who, None)
        self.lapsed.discard(who)
        if who in self.waiting:
            self.waiting.remove(who)

    @property
    def taken(self) -> int:
        return len(self.seated) + len(self.offered)


class PlaceLife(RuleBasedStateMachine):
    @initialize(room=PLACES, remote=PLACES, hub=PLACES)
    def begin(self, room: int | None, remote: int | None, hub: int | None) -> None:
        self.now = BEGIN
        self.stated = {"in_room": room, "remote": remote, "hub": hub}
        self.by_hand: dict[LineKey, int | None] = dict.fromkeys(KEYS)
        self.model = {key: ModelLine() for key in KEYS}
        self.wanted: dict[str, list[LineKey]] = {who: [] for who in PEOPLE}
        self.lines: dict[LineKey, PlaceLine] = {}
        self.held: dict[str, Held] = dict.fromkeys(PEOPLE, ())

    # --- both at once -----------------------------------------------------------------------------------------------------
    def board(self) -> Board:
        return Board(self.lines.values(), lambda key: self.stated[key.door])

    def keep(self, board: Board) -> None:
        """What a transaction does at its end: pass on, store the lines."""
        for key, number in board.due().items():
            line = [(one.number, who) for who, held in self.held.items() for one in held if one.key == key and one.standing == "waiting"]
            for _, who in sorted(line)[:number]:
                until = offer_ends(self.now, STARTS[key.day])
                self.held[who] = tuple(board.offer(one, self.now, until) if one.key == key else one for one in self.held[who])
        self.lines |= {line.key: line for line in board.changed}
        for key, on_paper in self.model.items():
            while on_paper.waiting and (self.places(key) is None or on_paper.taken < (self.places(key) or 0)):
                rest = (STARTS[key.day] - self.now) / 4
                lasts = min(timedelta(hours=24), max(timedelta(minutes=15), rest))
                on_paper.offered[on_paper.waiting.pop(0)] = (self.now + lasts).replace(microsecond=0)

    def places(self, key: LineKey) -> int | None:
        by_hand = self.by_hand[key]
        return self.stated[key.door] if by_hand is None else by_hand

    def wants(self, who: str) -> None:
        board = self.board()
        self.held[who] = settle(board, self.held[who], self.wanted[who], self.now)
        self.wants_on_paper(who)
        self.keep(board)

    def wants_on_paper(self, who: str) -> None:
        wanted = self.wanted[who]
        for key, line in self.model.items():
            if key not in wanted and key.door != "remote":
                line.remove(who)
        self.join_on_paper(who, wanted)
        unseated = [key.day for key in wanted if key.door != "remote" and who not in self.model[key].seated]
        meanwhile = [LineKey("remote", day) for day in unseated if self.places(LineKey("remote", day)) is not None]
        for day in STARTS:
            if (key := LineKey("remote", day)) not in wanted and key not in meanwhile:
                self.model[key].remove(who)
        self.join_on_paper(who, meanwhile)

    def join_on_paper(self, who: str, keys: Collection[LineKey]) -> None:
        for key in keys:
            line, places = self.model[key], self.places(key)
            if line.has(who):
                continue
            if not line.waiting and (places is None or line.taken < places):
                line.seated.add(who)
            else:
                line.waiting.append(who)

    # --- what happens -----------------------------------------------------------------------------------------------------
    @rule(who=WHO, door=st.sampled_from(DOORS), days=st.sets(st.sampled_from(sorted(STARTS))))
    def come_or_change_or_go(self, who: str, door: Door, days: set[int]) -> None:
        self.wanted[who] = [LineKey(door, day) for day in sorted(days)]
        self.wants(who)

    @rule(who=WHO, key=st.sampled_from(KEYS), accepts=st.booleans())
    def answer(self, who: str, key: LineKey, accepts: bool) -> None:
        mine = next((one for one in self.held[who] if one.key == key), None)
        if mine is None:
            return
        line, board = self.model[key], self.board()
        until = line.offered.get(who)
        twice = accepts and who in line.seated
        if not twice and (until is None or (accepts and self.now >= until)):
            with pytest.raises(Conflict, match=r"registration\.no_offer" if until is None else r"registration\.offer_over"):
                board.answer(mine, "accept" if accepts else "decline", self.now)
            return
        answered = board.answer(mine, "accept" if accepts else "decline", self.now)
        if not twice:
            line.remove(who)
            (line.seated if accepts else line.lapsed).add(who)
        self.held[who] = tuple(answered if one.key == key else one for one in self.held[who])
        self.held[who] = settle(board, self.held[who], self.wanted[who], self.now)
        self.wants_on_paper(who)
        self.keep(board)

    @rule(minutes=st.sampled_from([1, 14, 15, 60, 300, 600, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        board = self.board()
        for who, held in self.held.items():
            over = [one for one in held if one.standing == "offered" and one.until is not None and one.until <= self.now]
            self.held[who] = tuple(board.lapse(one, self.now) if one in over else one for one in held)
        for line in self.model.values():
            for who in [who for who, until in line.offered.items() if until <= self.now]:
                line.remove(who)
                line.lapsed.add(who)
        self.keep(board)

    @rule(who=WHO, key=st.sampled_from(KEYS), by_hand=st.booleans())
    def ask_again_or_be_given(self, who: str, key: LineKey, by_hand: bool) -> None:
        mine, line, board = next((one for one in self.held[who] if one.key == key), None), self.model[key], self.board()
        if mine is None:
            return
        if (who in line.seated) if by_hand else (who not in line.lapsed):
            with pytest.raises(Conflict, match=r"registration\.not_waiting"):
                (board.give if by_hand else board.ask_again)(mine, self.now)
            return
        moved = (board.give if by_hand else board.ask_again)(mine, self.now)
        line.remove(who)
        if by_hand:
            line.seated.add(who)
        else:
            self.join_on_paper(who, [key])
        self.held[who] = tuple(moved if one.key == key else one for one in self.held[who])
        self.held[who] = settle(board, self.held[who], self.wanted[who], self.now)
        self.wants_on_paper(who)
        self.keep(board)

    @rule(key=st.sampled_from(KEYS), places=PLACES)
    def set_places(self, key: LineKey, places: int | None) -> None:
        board = self.board()
        board.set_by_hand(key, places)
        self.by_hand[key] = places
        self.keep(board)

    # --- what always holds ------------------------------------------------------------------------------------------------
    @invariant()
    def everybody_stands_as_on_paper(self) -> None:
        for key, line in self.model.items():
            mine = {who: one for who, held in self.held.items() for one in held if one.key == key}
            assert {who for who, one in mine.items() if one.standing == "seated"} == line.seated
            assert {who: one.until for who, one in mine.items() if one.standing == "offered"} == line.offered
            waiting = {one.number: who for who, one in mine.items() if one.standing == "waiting"}
            assert [waiting[number] for number in sorted(waiting)] == line.waiting, "nobody passes anybody"
            assert {who for who, one in mine.items() if one.standing == "lapsed"} == line.lapsed

    @invariant()
    def lines_count_what_people_hold(self) -> None:
        for key, line in self.model.items():
            kept = self.lines.get(key) or PlaceLine(key.door, key.day)
            assert (kept.taken, kept.waiting) == (line.taken, len(line.waiting))

    @invariant()
    def no_place_is_left_free_while_somebody_waits(self) -> None:
        for key in KEYS:
            board = self.board()
            assert not board.line(key).waiting or board.free(key) == 0


TestPlaceLife = PlaceLife.TestCase
