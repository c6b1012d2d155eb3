"""The enrolment code that IT's installer left on this PC: claimed by one agent alone, used once, erased.

The code is read anew for each attempt, so that it does not lie in memory while a server cannot be reached, and it never
goes into a log, a sentence or an argument.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterable
from typing import IO

from app.agent.enrolling import SHOW_KEYS, TIMEOUT, Applicant, keep
from app.agent.events import HandoverTried, TakeHandover
from app.agent.identity import Identity
from app.agent.profile import Profile
from app.desktop import onefile
from app.desktop.ports import Installed, SealedCode
from app.domain.errors import SafeSeatError, UnavailableError
from app.domain.moment import Moment
from app.policy.settings import Settings
from app.protocol.enrol import parse_token
from app.protocol.errors import ProtocolError
from app.sync import enrol
from app.sync.errors import EnrolError, NetworkError
from app.sync.http import Connection, TlsSettings
from app.sync.link import parse_address
from app.sync.proxy import Ways

log = logging.getLogger(__name__)

LONGEST = 16_384
"""Bytes of the file; a code is 77 characters."""
FINAL = frozenset({"token", "token_used", "token_expired", "revoked"})
"""Codes of a signed no after which the code is worth nothing."""


class HeldError(UnavailableError):
    """Another agent of this machine has the file."""


class Claim:
    """The file, open and locked for this process; the system gives it free when the process ends."""

    def __init__(self, code: SealedCode, file: IO[bytes]) -> None:
        self._code = code
        self._file = file

    def text(self) -> str:
        """The code; SafeSeatError when the file is not one for this machine."""
        self._file.seek(0)
        opened = self._code.open(self._file.read(LONGEST))
        try:
            text = opened.decode("ascii").strip()
            parse_token(text)
        except (UnicodeDecodeError, ProtocolError):
            raise EnrolError("What the installer left is not an enrolment code.") from None
        finally:
            opened[:] = bytes(len(opened))
        return text

    def erase(self) -> None:
        """Overwrite the file where this account may, and remove it: nobody finds it afterwards. The claim ends."""
        if self._file.writable():
            try:
                size = self._file.seek(0, os.SEEK_END)
                self._file.seek(0)
                self._file.write(bytes(size))
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as fault:
                log.error("the enrolment code could not be overwritten: %s", fault.strerror)
        try:
            onefile.remove(self._file, self._code.path)
        except OSError as fault:
            log.error("the enrolment code could not be removed: %s", fault.strerror)

    def put_aside(self) -> None:
        """Give a file that is no code another name, or remove it where this account may not, so that it is told once."""
        path = self._code.path
        self.release()
        try:
            path.replace(path.with_name(path.name + ".damaged"))
        except OSError:
            with contextlib.suppress(OSError):
                file = onefile.take(path)
                if file is not None:
                    onefile.remove(file, path)

    def release(self) -> None:
        """Let others have the file."""
        self._file.close()


def claim(code: SealedCode) -> Claim | None:
    """Take the file for this process; None if there is none. HeldError while another has it, UnavailableError if it is refused."""
    try:
        file = onefile.take(code.path)
    except BlockingIOError as fault:
        raise HeldError("Another SafeSeat of this PC takes the enrolment code.") from fault
    except OSError as fault:
        raise UnavailableError(f"The enrolment code that the installer left cannot be used: {fault.strerror}.") from fault
    if file is None:
        return None
    found = Claim(code, file)
    if file.seek(0, os.SEEK_END) == 0:
        # what is left when somebody else has just used it
        found.erase()
        return None
    return found


class Handover:
    """Tries to enrol with the code that lies there. `attempt` runs in a lane, `stop` comes from any other thread."""

    def __init__(
        self, profile: Profile, identity: Identity, installed: Installed, policy: Callable[[], Settings],
        now: Callable[[], Moment], enrolled: Callable[[], object], ways: Ways | None = None,
    ) -> None:  # fmt: skip
        self._ways = ways or Ways()
        self._profile = profile
        self._identity = identity
        self._installed = installed
        self._policy = policy
        self._now = now
        self._enrolled = enrolled
        self._claim: Claim | None = None
        self._connection: Connection | None = None
        self._busy = threading.Lock()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End an attempt under way and give the file free."""
        self._stopping.set()
        connection = self._connection
        if connection is not None:
            connection.close()
        with self._busy:
            self._let_go()

    def attempt(self, _effect: TakeHandover) -> Iterable[object]:
        """One attempt over every configured server; tells how it went."""
        with self._busy:
            if self._stopping.is_set():
                return []
            outcome = self._attempt()
            if outcome != "waiting":
                self._let_go()
        if outcome == "enrolled":
            self._enrolled()
        return [HandoverTried(outcome)]

    def _attempt(self) -> str:
        code, key = self._installed.code, self._identity.machine
        if code is None or key is None:
            return "none"
        try:
            self._claim = self._claim or claim(code)
            if self._claim is None:
                return "none"
            text = self._claim.text()
        except HeldError:
            return "held"
        except (SafeSeatError, OSError) as fault:
            log.warning("%s", fault)
            if self._claim is not None:
                self._claim.put_aside()
            return "damaged"
        try:
            asked = Applicant(self._identity.ids, key, self._installed).request(text)
        except EnrolError as fault:
            log.warning("%s", fault)
            return "other_server"
        return self._ask_servers(asked, self._claim)

    def _ask_servers(self, asked: enrol.Asked, claimed: Claim) -> str:
        """Ask one after the other until one takes the code: it belongs to one server."""
        policy = self._policy()
        outcome = "waiting" if policy.server_urls else "no_server"
        for url in policy.server_urls:
            try:
                said = self._ask(asked, url, policy.server_ca_file)
                if said is None:
                    outcome = "refused"
                    continue
                keep(self._profile, url, "", said)
            except (SafeSeatError, OSError) as fault:
                # what was not kept is asked for again: a server gives the same PC the same answer
                log.warning("the enrolment code waits, %s: %s", url, fault)
                continue
            claimed.erase()
            return "enrolled"
        if outcome == "refused":
            claimed.erase()
        return outcome

    def _ask(self, asked: enrol.Asked, url: str, ca_file: str) -> enrol.Enrolled | None:
        """One server's answer; None for a no that it signed and that is final. SafeSeatError for everything else."""
        if self._stopping.is_set():
            raise NetworkError("closed", "the agent ends")
        connection = self._connection = Connection(parse_address(url), TlsSettings(ca_file, ways=self._ways))
        try:
            answer = connection.request(asked.request, TIMEOUT)
            try:
                return enrol.take(asked, answer, self._now())
            except enrol.RefusedError as fault:
                keys = connection.request(SHOW_KEYS, TIMEOUT).body
                if fault.code not in FINAL or not enrol.proved(answer, keys, asked.fingerprint, self._now()):
                    raise
                log.warning("the enrolment code is of no use: %s", fault.code)
                return None
        finally:
            self._connection = None
            connection.close()

    def _let_go(self) -> None:
        held, self._claim = self._claim, None
        if held is not None:
            held.release()


