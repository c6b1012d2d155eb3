"""What numbers of Windows mean for a shift check; pure."""

HEADPHONES, HEADSET = 3, 5
HEADSETS = frozenset({HEADPHONES, HEADSET})
"""EndpointFormFactor: what sits on a head."""
GOOD, UNWATCHED, POOR, SNOOZED = range(4)
"""WSC_SECURITY_PROVIDER_HEALTH."""
PROTECTED, BARE = frozenset({1, 3, 6}), frozenset({2, 4, 5, 8})
"""System.Volume.BitLockerProtection: on, encrypting, on and locked; off, decrypting, suspended, waiting for activation."""


def health(state: int) -> bool | None:
    """Whether the Security Center finds it good; one that it does not watch is not known."""
    return {GOOD: True, POOR: False, SNOOZED: False}.get(state)


def protection(value: int) -> bool | None:
    """Whether a volume is protected now or is about to be; a suspended protection protects nothing."""
    return True if value in PROTECTED else False if value in BARE else None
