"""The bases of JSON messages and events, and what each of them has to declare."""

from dataclasses import dataclass

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every JSON message: unknown fields are refused, keys are sorted when written."""


class EventPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of what travels inside a signed event."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Why a message exists, who reads it, how long the reader keeps it (privacy table)."""

    purpose: str
    recipient: str
    retention: str
