"""The documents of signing in: `logins`, one for each operator who has something to prove with. No secret is in them: the public halves of
passkeys, the number of an app's secret, and what proves codes on paper."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from services.registration.staff.domain import Challenge, Login, Passkey
from shared.storage.port import Database, Document, Duplicate, StaleVersion

LOGINS: Final = "logins"


class LoginStore:
    def __init__(self, database: Database) -> None:
        self._logins = database.collection(LOGINS)

    async def login(self, person: str) -> Login:
        found = await self._logins.get(person)
        return Login(person) if found is None else _to_login(found)

    async def save(self, login: Login) -> None:
        """Raises StaleVersion."""
        document = _from_login(login)
        if login.version == 0:
            try:
                await self._logins.insert(document)
            except Duplicate:
                raise StaleVersion from None
            return
        await self._logins.save(document, expected_version=login.version)

    async def set_up(self, people: list[str]) -> set[str]:
        """Those of `people` who have something to prove with."""
        found = await self._logins.find({"_id": {"$in": people}}, limit=len(people) or 1)
        return {one["_id"] for one in found if _to_login(one).set_up}

    async def forget(self, person: str) -> None:
        await self._logins.delete({"_id": person})


def _from_login(login: Login) -> Document:
    document = asdict(login)
    document["_id"] = document.pop("person")
    document.pop("version")
    for name in ("passkeys", "spare", "failures", "challenges"):
        document[name] = list(document[name])
    return document


def _to_login(found: dict[str, Any] | Document) -> Login:
    return Login(
        person=found["_id"],
        passkeys=tuple(Passkey(**one) for one in found["passkeys"]),
        app=found["app"],
        app_on=found["app_on"],
        app_step=found["app_step"],
        spare=tuple(found["spare"]),
        failures=tuple(found["failures"]),
        challenges=tuple(Challenge(**one) for one in found["challenges"]),
        version=found["version"],
    )
