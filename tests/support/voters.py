"""A process that votes, or answers a poll, through the real store, to be killed:
`python -m tests.support.voters vote|answer URL PREFIX QUESTION|POLL NAME COUNT`.

It writes the name of a person on a line of its own once their wish is acknowledged.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from services.qa.ballots import Wish
from services.qa.polls.answering import AnswerWish, GivenAnswer
from services.qa.polls.answers import fitting
from services.qa.store import QaStore
from shared.clock import utc_now
from shared.group_commit import GroupCommit
from shared.storage.mongo import MongoStore

MOST_TOGETHER = 25

Press = Callable[[str], Awaitable[object]]
"""What one person does."""


def voting(store: QaStore, question: str) -> Press:
    line = GroupCommit(store.cast, most_together=MOST_TOGETHER)
    return lambda person: line.submit(Wish(question, person, True, utc_now(), lambda _: None, "remote"))


def answering(store: QaStore, poll: str) -> Press:
    line = GroupCommit(store.polls.take, most_together=MOST_TOGETHER)
    return lambda person: line.submit(AnswerWish(poll, person, "remote", utc_now(), lambda found: GivenAnswer(fitting(found, ["2"]))))


WHAT = {"vote": voting, "answer": answering}


async def press(what: str, url: str, prefix: str, about: str, name: str, count: int) -> None:
    mongo = MongoStore(url, prefix=prefix)
    await mongo.start()
    wish = WHAT[what](QaStore(mongo.database("test"), "event"), about)

    async def one(number: int) -> None:
        person = f"{name}-{number}"
        await wish(person)
        print(person, flush=True)

    await asyncio.gather(*map(one, range(count)))
    await mongo.stop()


if __name__ == "__main__":
    what, url, prefix, about, name, count = sys.argv[1:]
    asyncio.run(press(what, url, prefix, about, name, int(count)))
