"""The file that says with which servers this profile is enrolled; no secrets stand in it."""

import base64
import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from app.agent.identity import account_name
from app.agent.profile import Profile
from app.domain.errors import SafeSeatError, UnavailableError
from app.protocol.enrol import account_hash
from app.protocol.keyset import kept_keyset
from app.protocol.record_kinds import Enrolled


@dataclass(frozen=True, slots=True)
class EnrolledServer:
    """One server as the profile remembers it; nothing here is secret, all of it is signed by the server's root."""

    url: str
    ca_file: str
    keys: bytes
    fingerprint: bytes
    site: bytes
    pending: bool


class DamagedEnrolmentError(UnavailableError):
    """The enrolment file cannot be read; the PC counts as not enrolled until it is enrolled again."""


def enrolled_servers(profile: Profile) -> list[EnrolledServer]:
    """The servers of a profile, none without a file. Raises DamagedEnrolmentError."""
    try:
        found = json.loads(profile.enrolment.read_bytes())
        return [
            EnrolledServer(
                url=str(one["url"]),
                ca_file=str(one["ca_file"]),
                keys=base64.b64decode(one["keys"]),
                fingerprint=bytes.fromhex(one["fingerprint"]),
                site=bytes.fromhex(one["site"]),
                pending=bool(one["pending"]),
            )
            for one in found["servers"]
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise DamagedEnrolmentError(
            f"The file {profile.enrolment} is damaged, so this PC counts as not enrolled; enrol it again with a new code."
        ) from fault


def keep_enrolled(profile: Profile, servers: Iterable[EnrolledServer]) -> None:
    """Write the servers of a profile."""
    rows = [
        {
            "url": one.url, "ca_file": one.ca_file, "keys": base64.b64encode(one.keys).decode(),
            "fingerprint": one.fingerprint.hex(), "site": one.site.hex(), "pending": one.pending,
        }
        for one in servers
    ]  # fmt: skip
    profile.write_private(profile.enrolment, json.dumps({"servers": rows}, indent=1).encode())


def enrolled_records(profile: Profile, ms: int) -> list[Enrolled]:
    """That this stream is known to a server, for the journal; one for each, none when the file cannot be used."""
    account = account_name()
    with contextlib.suppress(SafeSeatError):
        return [
            Enrolled(
                ms=ms, server=kept_keyset(one.keys, one.fingerprint).server, site=one.site,
                account=account_hash(one.fingerprint, account), fingerprint=one.fingerprint,
            )
            for one in enrolled_servers(profile)
        ]  # fmt: skip
    return []
