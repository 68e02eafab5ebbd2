"""A process that votes through the real store, to be killed: `python -m tests.support.voters URL PREFIX QUESTION NAME COUNT`.

It writes the name of a voter on a line of its own once that vote is acknowledged.
"""

from __future__ import annotations

import asyncio
import sys

from services.qa.ballots import Wish
from services.qa.store import QaStore
from shared.clock import utc_now
from shared.group_commit import GroupCommit
from shared.storage.mongo import MongoStore


async def vote(url: str, prefix: str, question: str, name: str, count: int) -> None:
    mongo = MongoStore(url, prefix=prefix)
    await mongo.start()
    line = GroupCommit(QaStore(mongo.database("test"), "event").cast, most_together=25)

    async def one(number: int) -> None:
        voter = f"{name}-{number}"
        await line.submit(Wish(question, voter, True, utc_now(), lambda _: None))
        print(voter, flush=True)

    await asyncio.gather(*map(one, range(count)))
    await mongo.stop()


if __name__ == "__main__":
    url, prefix, question, name, count = sys.argv[1:]
    asyncio.run(vote(url, prefix, question, name, int(count)))
