"""Who this PC and this sign-in are: ids, the device key, the session key in memory, and the beat of requests.

The session key exists without a vault, so that an alarm always goes; without the device key it shows as *unverified*.
"""

import contextlib
import getpass
import json
import secrets
import threading
from dataclasses import dataclass

from app.agent.profile import Profile
from app.domain.errors import UnavailableError
from app.domain.ids import ID_BYTES
from app.protocol.alarm import DETAIL_BYTES, MoveFlag, MoveKind, make_alarm
from app.protocol.chain import beat_of
from app.protocol.keys import Ed25519Signer, Signer, public_of
from app.protocol.vouch import MAX_AGE_MS, make_vouch, no_vouch
from app.sync.link import Me

RENEW_BEFORE_MS = 3600 * 1000
"""A vouch is made anew an hour before it ends, so that a request under way never carries one that is over."""
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of this device and of this OS account on it; random, they tell nothing."""

    device: bytes
    stream: bytes


def own_ids(profile: Profile) -> Ids:
    """The ids of a profile, made at first use. A damaged file is an error: other ids would be another PC."""
    path = profile.folder / "ids.json"
    if not path.exists():
        made = Ids(secrets.token_bytes(ID_BYTES), secrets.token_bytes(ID_BYTES))
        profile.write_private(path, json.dumps({"device": made.device.hex(), "stream": made.stream.hex()}).encode())
        return made
    try:
        found = json.loads(path.read_bytes())
        ids = Ids(bytes.fromhex(found["device"]), bytes.fromhex(found["stream"]))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise UnavailableError(f"The file {path} is damaged; put it back from a backup, or remove it and enrol again.") from fault
    if {len(ids.device), len(ids.stream)} != {ID_BYTES}:
        raise UnavailableError(f"The file {path} is damaged; put it back from a backup, or remove it and enrol again.")
    return ids


def account_name() -> str:
    """The OS account's name; it leaves the PC only as a keyed hash."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "unknown"


class Beats:
    """The strictly rising number of requests of this stream: starts ‖ counter (protocol, journal). Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._starts = 0
        self._counter = 0

    def begin(self, starts: int) -> None:
        """Set the durable start counter before the first request; raising it starts the counter anew."""
        with self._lock:
            if starts > self._starts:
                self._starts, self._counter = starts, 0

    def next(self) -> int:
        """The next beat."""
        with self._lock:
            self._counter += 1
            return beat_of(self._starts, self._counter)


class Identity:
    """Signs for this sign-in; any thread. `adopt` brings the device key in once the vault has opened."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.beats = Beats()
        self.session: Signer = Ed25519Signer(secrets.token_bytes(SEED_BYTES))
        self._machine: Signer | None = None
        self._vouch = no_vouch(public_of(self.session))
        self._vouch_until = 0
        self._lock = threading.Lock()

    @property
    def machine(self) -> Signer | None:
        """The device key, None without a vault."""
        return self._machine

    def adopt(self, seed: bytes) -> None:
        """Take the device key's seed from the vault."""
        with self._lock:
            self._machine, self._vouch_until = Ed25519Signer(seed), 0

    def vouch(self, now_ms: int) -> bytes:
        """V for the session key: the device key's word while there is one, else one that nobody signed."""
        with self._lock:
            if self._machine is not None and now_ms > self._vouch_until - RENEW_BEFORE_MS:
                self._vouch_until = now_ms + MAX_AGE_MS
                key = public_of(self.session)
                self._vouch = make_vouch(self._machine, self.ids.device, self.ids.stream, key, self._vouch_until)
            return self._vouch

    def me(self) -> Me:
        """This sign-in as delivery knows it."""
        return Me(self.ids.device, self.ids.stream, self.session, self.vouch, self.beats.next)

    def make_move(
        self, alarm: bytes, no: int, kind: int, level: int, flags: int, wall_ms: int, detail: bytes
    ) -> bytes:
        """The 345 bytes of one move; `detail` empty means random ones."""
        return make_alarm(
            self.session,
            self.vouch(wall_ms),
            device=self.ids.device,
            stream=self.ids.stream,
            alarm=alarm,
            no=no,
            kind=MoveKind(kind),
            level=level,
            flags=MoveFlag(flags),
            ms=wall_ms,
            detail=detail or secrets.token_bytes(DETAIL_BYTES),
        )
