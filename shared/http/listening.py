"""Whether an address can be listened on, asked before anything slow is started."""

from __future__ import annotations

import os
import socket

from shared.config import SettingError


def taken(host: str, port: int) -> bool:
    """Whether somebody else listens there, or this process may not."""
    return _refusal(host, port) is not None


def require_free(host: str, port: int, env: str) -> None:
    """Raises SettingError with the port, the reason and the setting that moves it."""
    refused = _refusal(host, port)
    if refused is not None:
        raise cannot_listen(host, port, env, refused)


def cannot_listen(host: str, port: int, env: str, error: OSError) -> SettingError:
    """One line for the operator."""
    reason = os.strerror(error.errno).lower() if error.errno else "not possible"
    return SettingError(f"port {port} on {host} cannot be used ({reason}); choose another one with {env}=")


def _refusal(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None
