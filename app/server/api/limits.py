"""Bounds against floods: token buckets by address for whatever is not known to be ours. Nothing here is persisted."""

from dataclasses import dataclass

PER_ADDRESS = 20.0
IN_ALL = 500.0
"""A second, the same numbers as on the local network (protocol, "LAN datagram")."""
ADDRESSES_MAX = 20_000


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Limits:
    """Asked for every request of a stranger and every unverified alarm; event loop's thread only."""

    def __init__(self, per_address: float = PER_ADDRESS, in_all: float = IN_ALL) -> None:
        self._rate = per_address
        self._whole_rate = in_all
        self._buckets: dict[str, _Bucket] = {}
        self._whole = _Bucket(in_all, 0.0)

    def allow(self, address: str, now: float) -> bool:
        """Return whether this address may go on at monotonic second `now`."""
        if len(self._buckets) > ADDRESSES_MAX:
            self._buckets = {key: one for key, one in self._buckets.items() if now - one.at < 1.0}
        bucket = self._buckets.setdefault(address, _Bucket(self._rate, now))
        return _take(bucket, self._rate, now) and _take(self._whole, self._whole_rate, now)


def _take(bucket: _Bucket, rate: float, now: float) -> bool:
    bucket.level = min(rate, bucket.level + (now - bucket.at) * rate)
    bucket.at = now
    if bucket.level < 1.0:
        return False
    bucket.level -= 1.0
    return True
