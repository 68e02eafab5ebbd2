"""The AsyncAPI 3.0 document, generated from the event classes: what travels between the services and what it looks like."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Final

from shared.bus.rabbit import wire as wire
from shared.bus.topics import matches
from shared.events.catalogue import CATALOGUE
from shared.events.kind import Event, adapter
from shared.service.declaration import Service

VERSION: Final = "1.0.0"
_SCHEMAS: Final = "#/components/schemas/{model}"
_HEADERS: Final = {
    "type": "object",
    "description": "CloudEvents 1.0 attributes (AMQP binding 1.0.2, binary mode)",
    "required": [f"cloudEvents:{name}" for name in ("specversion", "id", "type", "source", "subject", "seq", "time")],
    "properties": {
        "cloudEvents:specversion": {"const": "1.0"},
        "cloudEvents:id": {"type": "string", "description": "unique per event: what consumers are idempotent by"},
        "cloudEvents:type": {"type": "string"},
        "cloudEvents:source": {"type": "string", "format": "uri-reference"},
        "cloudEvents:subject": {"type": "string", "description": "id of the thing the event is about"},
        "cloudEvents:seq": {"type": "integer", "minimum": 0, "description": "rising per subject"},
        "cloudEvents:time": {"type": "string", "format": "date-time"},
        "cloudEvents:correlationid": {"type": "string"},
        "cloudEvents:causationid": {"type": "string"},
    },
}


def document(services: Sequence[Service] = ()) -> dict[str, Any]:
    """Every event type as a channel with its message; `services` add who receives what (their reactions and listeners)."""
    schemas: dict[str, Any] = {}
    messages = {cls.__name__: _message(cls, schemas) for cls in CATALOGUE.values()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tablée events",
            "version": VERSION,
            "description": "Events between the services of Tablée. Within a version of a type only optional fields are added; readers "
            "ignore fields they do not know. Delivery is at least once, in order per subject.",
        },
        "defaultContentType": wire.CONTENT_TYPE,
        "channels": {type: _channel(cls) for type, cls in CATALOGUE.items()},
        "operations": {**_sent(), **_received(services)},
        "components": {"messages": messages, "messageTraits": {"cloudEvent": {"headers": _HEADERS}}, "schemas": schemas},
    }


def _message(cls: type[Event], schemas: dict[str, Any]) -> dict[str, Any]:
    payload = adapter(cls).json_schema(ref_template=_SCHEMAS)
    schemas.update(payload.pop("$defs", {}))
    summary = _summary(cls)
    return {
        "name": cls.TYPE,
        "title": cls.__name__,
        **({"summary": summary} if summary else {}),
        "contentType": wire.CONTENT_TYPE,
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": {**payload, "title": cls.__name__},
    }


def _summary(cls: type[Event]) -> str:
    """The first sentence of the docstring; dataclasses without one get their signature as docstring, which helps nobody."""
    doc = inspect.cleandoc(cls.__doc__ or "")
    return "" if doc.startswith(f"{cls.__name__}(") else doc.split("\n\n")[0].replace("\n", " ")


def _channel(cls: type[Event]) -> dict[str, Any]:
    exchange = {"name": wire.LIVE if cls.LIVE else wire.EVENTS, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {
        "address": cls.TYPE,
        "description": "For those who listen now; whoever missed it reloads." if cls.LIVE else "Waits in the durable queue of every group.",
        "messages": {cls.__name__: {"$ref": f"#/components/messages/{cls.__name__}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operation(action: str, cls: type[Event], summary: str) -> dict[str, Any]:
    channel = f"#/channels/{cls.TYPE}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "summary": summary,
        "messages": [{"$ref": f"{channel}/messages/{cls.__name__}"}],
    }


def _sent() -> dict[str, Any]:
    return {f"{cls.TYPE}.sent": _operation("send", cls, f"{cls.SENDER} sends it") for cls in CATALOGUE.values()}


def _received(services: Sequence[Service]) -> dict[str, Any]:
    readers = [(reaction.group.name, reaction.group.topics) for service in services for reaction in service.reactions]
    readers += [(f"{service.name}.live", listener.topics) for service in services for listener in service.listeners]
    return {
        f"{cls.TYPE}.received.{name}": _operation("receive", cls, f"{name} reads it")
        for name, topics in readers
        for cls in CATALOGUE.values()
        if any(matches(topic, cls.TYPE) for topic in topics)
    }
