"""Making one mongod a replica set of one, which transactions need."""

from __future__ import annotations

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure, PyMongoError

CONNECT_SECONDS: Final = 2.0
SELECT_SECONDS: Final = 1.0
_NOT_YET_INITIALIZED: Final = 94


async def primary_of_one(url: str, *, replica_set: str, host: str) -> bool:
    """One step towards a one-node replica set named `replica_set` whose member is `host`; True once it takes writes.

    Safe to repeat. A member that answers under another address than it was configured with (its port moved) is configured anew.
    """
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
        url, directConnection=True, timeoutMS=int(CONNECT_SECONDS * 1000), serverSelectionTimeoutMS=int(SELECT_SECONDS * 1000)
    )
    try:
        hello = await client.admin.command("hello")
        if hello.get("isWritablePrimary") and hello.get("me") == host:
            return True
        config = {"_id": replica_set, "version": 1, "members": [{"_id": 0, "host": host}]}
        try:
            stored = (await client.admin.command("replSetGetConfig"))["config"]
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALIZED:
                raise
            await client.admin.command("replSetInitiate", config)
        else:
            if stored["members"][0]["host"] != host:
                stored["members"][0]["host"] = host
                stored["version"] += 1
                await client.admin.command("replSetReconfig", stored, force=True)
    except PyMongoError:
        return False  # starting, recovering, electing: the caller asks again, within its own bound
    finally:
        client.close()
    return False
