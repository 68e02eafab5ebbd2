"""Who may see what of a raised hand: the only place where hands are made into what leaves the service. Pure.

Everybody knows how many there are, by door, and their own place. Moderators and the chair read the line: names as they are shown with
questions, never whose hand it is.
"""

from __future__ import annotations

from services.qa.feed.projection import Json
from shared.events.hand import HandState


def hand_for(hand: HandState) -> Json:
    """As moderators read it."""
    return {"id": hand.id, "version": hand.version, "up": hand.up, "name": hand.name, "door": hand.door, "at": hand.raised_at}


def own_hand(hand: HandState, rank: int) -> Json:
    """As the person who raised it reads it. `rank`: its place in the line, from 1."""
    return {"id": hand.id, "version": hand.version, "at": hand.raised_at, "rank": rank, "anonymous": not hand.name}
