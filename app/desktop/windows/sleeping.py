"""What the power messages mean; free of Windows itself, so that it is tested on any system."""

SUSPEND, RESUME_SUSPEND, RESUME_AUTOMATIC = 0x0004, 0x0007, 0x0012
"""PBT_APMSUSPEND; PBT_APMRESUMESUSPEND, after a waking by a person; PBT_APMRESUMEAUTOMATIC, after every waking."""


def asleep(event: int) -> bool | None:
    """Whether the machine goes to sleep (True) or woke (False), None for another power event."""
    return {SUSPEND: True, RESUME_SUSPEND: False, RESUME_AUTOMATIC: False}.get(event)
