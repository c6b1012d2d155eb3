"""Enrols this PC with a server: one blocking exchange, kept only when the answer proves the server."""

import base64
import binascii
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from app import __version__
from app.agent.client import NoAgentError, ask
from app.agent.enrolled import DamagedEnrolmentError, EnrolledServer, enrolled_servers, keep_enrolled
from app.agent.files import VAULT_TIMEOUT, device_seed
from app.agent.identity import Ids, account_name, own_ids
from app.agent.profile import Profile, read_secret
from app.desktop.open import open_desktop
from app.desktop.ports import Desktop, Installed
from app.domain.errors import SafeSeatError, UnavailableError
from app.domain.moment import Moment
from app.protocol import api
from app.protocol.enrol import account_hash, parse_token
from app.protocol.errors import ProtocolError
from app.protocol.keys import FINGERPRINT_BYTES, Ed25519Signer, Signer
from app.sync import enrol
from app.sync.errors import EnrolError
from app.sync.http import Connection, TlsSettings
from app.sync.link import Outgoing, parse_address
from app.sync.proxy import Ways

TIMEOUT = 15.0
SITE_LONGEST = 64
SHOW_KEYS = Outgoing("GET", api.ROUTE_KEYS, (), b"", None, 0)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks to be enrolled, and what IT's installer said of it."""

    ids: Ids
    key: Signer
    installed: Installed

    def request(self, token: str | None, shown_root: bytes | None = None) -> enrol.Asked:
        """The request; the token and IT's server key must name one root. Without both `shown_root` is taken, unproved.

        EnrolError in one sentence; nothing of the token is in it.
        """
        try:
            pinned = pinned_root(self.installed.server_key)
            root = parse_token(token).fingerprint if token is not None else pinned or shown_root
            if root is None:
                raise EnrolError("An enrolment code is needed.")
            body = api.EnrolBody(
                stream=self.ids.stream,
                account=account_hash(root, account_name()),
                host=platform.node()[:64],
                os=f"{sys.platform} {platform.release()}"[:64],
                app=__version__,
                site_claimed=self.installed.site[:SITE_LONGEST] if self.installed.site.isprintable() else "",
            )
            return enrol.ask(self.key, self.ids.device, body, token_text=token, pinned=pinned or (None if token else root))
        except (ProtocolError, EnrolError) as fault:
            raise EnrolError(_sentence(fault)) from None


def pinned_root(text: str) -> bytes | None:
    """The root's fingerprint that IT set for this PC, in hex or base32; None if it set none. EnrolError for another text."""
    plain = "".join(one for one in text if one not in " -:").upper()
    if not plain:
        return None
    try:
        root = bytes.fromhex(plain) if len(plain) == 2 * FINGERPRINT_BYTES else base64.b32decode(plain)
    except (ValueError, binascii.Error):
        root = b""
    if len(root) != FINGERPRINT_BYTES:
        raise EnrolError("The server key that IT set for this PC (ServerKey) is not a root's fingerprint.")
    return root


def keep(profile: Profile, url: str, ca_file: str, found: enrol.Enrolled) -> None:
    """Remember the server beside the others of this profile."""
    mine = EnrolledServer(url, ca_file, found.keys_wire, found.fingerprint, found.site, found.pending)
    try:
        others = [one for one in enrolled_servers(profile) if one.url != url]
    except DamagedEnrolmentError:
        # enrolling anew is what its sentence asks for
        others = []
    keep_enrolled(profile, [*others, mine])


def enrol_from_command_line(
    folder: Path | None, url: str, token_file: str | None, ca_file: str | None, desktop: Desktop | None = None
) -> dict[str, object]:
    """Enrol the profile in `folder`; returns {server, pending, code}. Raises SafeSeatError in one sentence.

    Without a token the PC waits until IT has compared `code` with the one on the server. A running agent of the profile
    takes the new server at once. `desktop`: whose vault holds the keys (closed afterwards); None opens this machine's.
    """
    profile = Profile(folder)
    token = None if token_file is None else read_secret(token_file)
    address = parse_address(url)
    authority = str(Path(ca_file).absolute()) if ca_file else ""
    desktop = desktop or open_desktop()
    ways = Ways(None if desktop.proxies is None else desktop.proxies.for_url)
    applicant, now = _applicant(profile, desktop)
    connection = Connection(address, TlsSettings(authority, ways=ways))
    try:
        unnamed = token is None and not applicant.installed.server_key
        shown = enrol.shown_root(connection.request(SHOW_KEYS, TIMEOUT).body) if unnamed else None
        asked = applicant.request(token, shown)
        answer = connection.request(asked.request, TIMEOUT)
    finally:
        connection.close()
    found = enrol.take(asked, answer, now)
    keep(profile, url, authority, found)
    _tell_running(profile)
    return {"server": found.server.hex(), "pending": found.pending, "code": found.code if found.pending else ""}


def _applicant(profile: Profile, desktop: Desktop) -> tuple[Applicant, Moment]:
    """This profile with the device key from this desktop's vault, and the time."""
    try:
        if desktop.vault is None:
            raise UnavailableError("This desktop has no key store, so this PC cannot be enrolled; an alarm would show as unverified.")
        key = Ed25519Signer(device_seed(desktop.vault, profile, VAULT_TIMEOUT))
        return Applicant(own_ids(profile), key, desktop.installed), desktop.clock.now()
    finally:
        desktop.close()


def _sentence(fault: Exception) -> str:
    text = str(fault)
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _tell_running(profile: Profile) -> None:
    try:
        ask(profile.control, "reload")
    except NoAgentError:
        return
    except SafeSeatError as fault:
        raise UnavailableError(f"This PC is enrolled, but the running SafeSeat must be started anew: {fault}") from fault
