"""Enrols this PC with a server from a token: one blocking exchange, kept only when the answer proves the server."""

import platform
import sys
from pathlib import Path

from app import __version__
from app.agent.client import NoAgentError, ask
from app.agent.files import VAULT_TIMEOUT, device_seed
from app.agent.identity import Ids, account_name, own_ids
from app.agent.network import DamagedEnrolmentError, EnrolledServer, enrolled_servers, keep_enrolled
from app.agent.profile import Profile, read_secret
from app.desktop.open import open_desktop
from app.desktop.ports import Desktop
from app.domain.errors import SafeSeatError, UnavailableError
from app.domain.moment import Moment
from app.protocol.api import EnrolBody
from app.protocol.enrol import account_hash, parse_token
from app.protocol.errors import ProtocolError
from app.protocol.keys import Ed25519Signer
from app.sync import enrol
from app.sync.errors import EnrolError
from app.sync.http import Connection, TlsSettings
from app.sync.link import parse_address

TIMEOUT = 15.0


def enrol_from_command_line(
    folder: Path | None, url: str, token_file: str, ca_file: str | None, desktop: Desktop | None = None
) -> dict[str, object]:
    """Enrol the profile in `folder`; returns {server, pending, code}. Raises SafeSeatError in one sentence.

    A running agent of the profile takes the new server at once. `desktop`: whose vault holds the keys (closed
    afterwards); None opens this machine's.
    """
    profile = Profile(folder)
    token = read_secret(token_file)
    address = parse_address(url)
    authority = str(Path(ca_file).absolute()) if ca_file else ""
    signer, now = _device(profile, desktop or open_desktop())
    asked = _request(own_ids(profile), signer, token)
    connection = Connection(address, TlsSettings(authority))
    try:
        answer = connection.request(asked.request, TIMEOUT)
    finally:
        connection.close()
    found = enrol.take(asked, answer, now)
    mine = EnrolledServer(url, authority, found.keys_wire, found.fingerprint, found.site, found.pending)
    try:
        others = [one for one in enrolled_servers(profile) if one.url != url]
    except DamagedEnrolmentError:
        # enrolling anew is what its sentence asks for
        others = []
    keep_enrolled(profile, [*others, mine])
    _tell_running(profile)
    return {"server": found.server.hex(), "pending": found.pending, "code": found.code if found.pending else ""}


def _device(profile: Profile, desktop: Desktop) -> tuple[Ed25519Signer, Moment]:
    """The device key from this desktop's vault, and the time."""
    try:
        if desktop.vault is None:
            raise UnavailableError("This desktop has no key store, so this PC cannot be enrolled; an alarm would show as unverified.")
        return Ed25519Signer(device_seed(desktop.vault, profile, VAULT_TIMEOUT)), desktop.clock.now()
    finally:
        desktop.close()


def _request(ids: Ids, signer: Ed25519Signer, token: str) -> enrol.Asked:
    try:
        fingerprint = parse_token(token).fingerprint
    except ProtocolError as fault:
        raise EnrolError(f"{str(fault).capitalize()}.") from fault
    body = EnrolBody(
        stream=ids.stream,
        account=account_hash(fingerprint, account_name()),
        host=platform.node()[:64],
        os=f"{sys.platform} {platform.release()}"[:64],
        app=__version__,
    )
    return enrol.ask(signer, ids.device, body, token_text=token)


def _tell_running(profile: Profile) -> None:
    try:
        ask(profile.control, "reload")
    except NoAgentError:
        return
    except SafeSeatError as fault:
        raise UnavailableError(f"This PC is enrolled, but the running SafeSeat must be started anew: {fault}") from fault
