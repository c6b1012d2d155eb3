"""Names of the 16-byte ids that protocol and storage use, so that one cannot be passed for another."""

from typing import NewType

ServerId = NewType("ServerId", bytes)
SiteId = NewType("SiteId", bytes)
DeviceId = NewType("DeviceId", bytes)
StreamId = NewType("StreamId", bytes)
EpochId = NewType("EpochId", bytes)
AlarmId = NewType("AlarmId", bytes)
DeskId = NewType("DeskId", bytes)

ID_BYTES = 16
"""Length of every id (protocol, first paragraph)."""
