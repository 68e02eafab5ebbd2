"""The links of an installation that nobody registers for: one per duty, those of a rehearsal, and the stream for other players."""

from __future__ import annotations

from services.registration import service as registration
from shared.auth.generations import renew
from shared.auth.keys import load_keys
from shared.auth.watch_keys import good_until, watch_path
from shared.clock import utc_now
from shared.config import SettingError, Settings


def links(settings: Settings, loaded: registration.Loaded | None = None) -> dict[str, str]:
    """One address per role, and the stream for players without cookies, which opens until the event is over; where there are several
    stages, also one of each for every stage. Computed from the keys and the programme alone, so it needs nothing running."""
    keys = load_keys(settings, signing=True)
    known = loaded or registration.load(settings)
    found = registration.links(settings, keys.secrets, known)
    now = utc_now()
    until = good_until(registration.ends_at(known, now), now)
    paths = {stage.id: watch_path(keys.secrets.stream_secret, stage.id, until) for stage in known.programme.event.stages}
    stages = {id: settings.origin + path for id, path in paths.items()}
    if stages:
        found["hls"] = next(iter(stages.values()))
    return found | ({f"hls:{id}": address for id, address in stages.items()} if len(stages) > 1 else {})


def renew_link(settings: Settings, name: str) -> None:
    """Replace one duty link; a running platform ends the old one within seconds. Raises SettingError."""
    if name not in registration.DUTY_LINKS:
        raise SettingError(f"there is no link {name!r} to renew; there are {', '.join(registration.DUTY_LINKS)}")
    renew(settings, name)
