"""What every event class says of itself. Event classes are frozen dataclasses of plain JSON-able fields, nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from shared.events.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Event:
    """Base of the event classes.

    `TYPE`    `tablee.<service>.<thing>.<past tense>.v<n>`
    `LIVE`    True: only for those who listen now (live feeds); they recover by reloading, so nothing durable waits for it
    """

    TYPE: ClassVar[str] = ""
    LIVE: ClassVar[bool] = False

    @property
    def source(self) -> str:
        return "/" + self.TYPE.split(".")[1]

    def to_envelope(self, *, id: str, subject: str, seq: int, time: datetime, correlationid: str = "", causationid: str = "") -> Envelope:
        return Envelope(
            id=id,
            type=self.TYPE,
            source=self.source,
            subject=subject,
            seq=seq,
            time=time,
            data=plain(asdict(self)),
            correlationid=correlationid,
            causationid=causationid,
        )


def plain(value: Any) -> Any:
    """Tuples become lists, as JSON will make them: in one process an event looks exactly as it does behind a broker."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
