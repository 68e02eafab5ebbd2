"""What stages are fetched from while no encoder sends to them: kept with the stage, set by operators."""

from __future__ import annotations

from dataclasses import replace

from services.streaming.app import Streaming
from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import Ingest


class Pulls:
    def __init__(self, app: Streaming) -> None:
        self._app = app

    def of(self, stage: str) -> str | None:
        """Raises NotFound."""
        return self._app.lineup.find(stage).stage.pull

    async def set(self, stage: str, url: str | None) -> None:
        """None: it is fetched from nowhere. Raises NotFound, Conflict."""
        self._app.lineup.find(stage)
        await self._app.changes.update(stage, lambda kept: (replace(kept, pull=url), ()))

    def wanted(self) -> dict[str, str]:
        """Stage → where it is fetched from."""
        stages = [] if self._app.stopping else [live.stage for live in self._app.lineup.all()]
        return {stage.id: stage.pull for stage in stages if stage.pull and self._app.leaves_in(stage.id) is None}

    def is_free(self, stage: str) -> bool:
        """Whether nobody sends to the stage, nor is it fetched."""
        return stage in self._app.lineup and self._app.lineup.find(stage).source.ingest is None

    def publish(self, fetched: Ingest) -> None:
        """What is fetched gives way to an encoder that has come meanwhile."""
        if self.is_free(fetched.stage):
            self._app.publish(fetched)
        else:
            fetched.close(disconnect_reasons.REPLACED)
