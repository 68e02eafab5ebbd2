"""What the driver raises, in the words of the storage port."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, InvalidOperation, OperationFailure, PyMongoError

from shared.errors import Unavailable
from shared.storage.port import Duplicate, StaleVersion

QUEUE_GRACE: Final = 0.5
"""Seconds a call may wait, on top of the store's deadline, for a thread of motor's pool."""

_WRITE_CONFLICT: Final = 112
_DUPLICATE_KEY: Final = 11000
_AWAY: Final = frozenset({6, 7, 50, 64, 89, 91, 189, 202, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031})
"""Server error codes that pass by themselves: hosts away, deadlines, shutting down, not primary, disk full."""
_INDEX_NAME: Final = re.compile(r"index: (?P<name>\S+) dup key")
TRANSIENT: Final = "TransientTransactionError"


@asynccontextmanager
async def translated(deadline: float) -> AsyncIterator[None]:
    """Driver errors are raised as the port's; the driver's own is kept as `__cause__`."""
    try:
        async with asyncio.timeout(deadline + QUEUE_GRACE):
            yield
    except DuplicateKeyError as error:
        raise _duplicate(str(error)) from error
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors") or any(each["code"] in _AWAY for each in error.details["writeErrors"]):
            raise Unavailable("store.unavailable") from error
        raise
    except TimeoutError as error:
        raise Unavailable("store.unavailable") from error
    except PyMongoError as error:
        if isinstance(error, OperationFailure) and error.code == _WRITE_CONFLICT:
            raise StaleVersion from error
        if _passes(error):
            raise Unavailable("store.unavailable") from error
        raise


def _passes(error: PyMongoError) -> bool:
    if isinstance(error, OperationFailure):
        return error.code in _AWAY or error.timeout or error.has_error_label(TRANSIENT) or error.has_error_label("RetryableWriteError")
    return isinstance(error, ConnectionFailure | InvalidOperation) or error.timeout


def refusals(error: BulkWriteError) -> dict[int, Duplicate]:
    """Which writes a unique index refused, by their place. Raises the error itself when something else went wrong with one of them."""
    found = error.details["writeErrors"]
    if error.details.get("writeConcernErrors") or any(each["code"] != _DUPLICATE_KEY for each in found):
        raise error
    return {each["index"]: _duplicate(each["errmsg"]) for each in found}


def _duplicate(message: str) -> Duplicate:
    found = _INDEX_NAME.search(message)
    return Duplicate(found["name"] if found else "")
