"""Signing in at a proxy that answers 407: Negotiate or NTLM with the person's own sign-in, or a given name and password.

A wrong password must never lock the person's account: after a refusal nothing is sent for five minutes, over all connections
together, and no two of them try at once.
"""

import base64
import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.sync.errors import NetworkError

if TYPE_CHECKING:
    from spnego import ContextProxy

log = logging.getLogger(__name__)

REFUSED_S: Final = 300.0
"""After a refusal the same proxy is given no credentials for so long."""
UNANSWERED_S: Final = 60.0
"""The same where the answer never came, doubled each time up to `REFUSED_S`: it may have been a refusal."""
LEGS: Final = 4
"""Messages of one sign-in at most; NTLM takes two, Kerberos one."""
SCHEMES: Final = ("negotiate", "ntlm", "basic")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A plain HTTP proxy that is asked to CONNECT; the TLS inside it is ours."""

    host: str
    port: int
    credentials: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A proxy's answer to CONNECT: its status, the values of Proxy-Authenticate, whether it ends the connection."""

    status: int
    offers: tuple[str, ...] = ()
    closes: bool = False

    def offered(self) -> dict[str, str]:
        """Scheme in small letters to what stands behind it."""
        pairs = (offer.strip().partition(" ") for offer in self.offers)
        return {scheme.lower(): rest.strip() for scheme, _, rest in pairs}


Ask = Callable[[str], Told]
"""Sends CONNECT with this Proxy-Authorization ("" for none) and returns the answer; NetworkError or OSError."""


@dataclass(slots=True)
class _Account:
    """What is known about signing in at one proxy."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    not_before: float = 0.0
    unanswered: int = 0


class SignIn:
    """Leads connections through proxies; shared by all of them, any thread."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._guard = threading.Lock()
        self._accounts: dict[tuple[str, int], _Account] = {}

    def through(self, proxy: Proxy, dial: Callable[[], Ask], patience_s: float) -> None:
        """Open the way through a proxy, signing in if it asks for it; `dial` connects to it anew. Raises NetworkError.

        `patience_s`: how long to wait while another connection signs in.
        """
        ask = dial()
        told = ask("")
        if told.status == 407:
            told = self._signed_in(proxy, told, ask, dial, patience_s)
        if told.status != 200:
            raise NetworkError(f"proxy.{told.status}", f"the proxy refused the way to the server: {told.status}")

    def _signed_in(self, proxy: Proxy, told: Told, ask: Ask, dial: Callable[[], Ask], patience_s: float) -> Told:
        scheme = _chosen(told, proxy)
        with self._turn(proxy, patience_s) as account:
            if self._now() < account.not_before:
                raise _refused()
            if told.closes:
                ask = dial()
            self._hold(account)
            told = _basic(proxy, ask) if scheme == "basic" else _spnego(scheme, proxy, ask)
            if told.status == 407:
                account.not_before = self._now() + REFUSED_S
                raise _refused()
            account.not_before, account.unanswered = 0.0, 0
            return told

    def _hold(self, account: _Account) -> None:
        """Whatever comes of it, if no answer comes at all the next try has to wait."""
        account.not_before = self._now() + min(REFUSED_S, UNANSWERED_S * 2**account.unanswered)
        account.unanswered = min(account.unanswered + 1, 8)

    @contextlib.contextmanager
    def _turn(self, proxy: Proxy, patience_s: float) -> Iterator[_Account]:
        with self._guard:
            account = self._accounts.setdefault((proxy.host, proxy.port), _Account())
        if not account.turn.acquire(timeout=max(0.0, patience_s)):
            raise NetworkError("mute", "the proxy did not answer in time")
        try:
            yield account
        finally:
            account.turn.release()


def _refused() -> NetworkError:
    return NetworkError(
        "proxy.407", "the proxy did not accept this account's sign-in; it is not tried again for five minutes"
    )


def _chosen(told: Told, proxy: Proxy) -> str:
    """The best scheme that is offered and can be answered; the person's own sign-in exists on Windows only."""
    offered = told.offered()
    possible = SCHEMES if proxy.credentials else SCHEMES[:2] if sys.platform == "win32" else ()
    for scheme in possible:
        if scheme in offered:
            return scheme
    named = ", ".join(sorted(offered)) or "nothing"
    raise NetworkError("proxy.407", f"the proxy asks for a sign-in that this PC cannot give (it offers {named})")


def _basic(proxy: Proxy, ask: Ask) -> Told:
    return ask("Basic " + base64.b64encode(proxy.credentials.encode()).decode())


def _spnego(scheme: str, proxy: Proxy, ask: Ask) -> Told:
    try:
        from spnego.exceptions import SpnegoError
    except ImportError:
        raise NetworkError("proxy.407", "the proxy asks for a sign-in that this installation lacks") from None
    try:
        return _legs(_context(scheme, proxy), scheme, ask)
    except SpnegoError as error:
        raise NetworkError("proxy.407", f"signing in at the proxy failed: {error}") from None


def _context(scheme: str, proxy: Proxy) -> "ContextProxy":
    import spnego

    name, _, password = proxy.credentials.partition(":")
    return spnego.client(name or None, password or None, hostname=proxy.host, service="HTTP", protocol=scheme)


def _legs(context: "ContextProxy", scheme: str, ask: Ask) -> Told:
    """Exchange messages on one connection until the proxy has decided."""
    word = "Negotiate" if scheme == "negotiate" else "NTLM"
    token = context.step()
    told = Told(407)
    for _ in range(LEGS):
        told = ask(f"{word} {base64.b64encode(token or b'').decode()}")
        challenge = told.offered().get(scheme, "")
        if told.status != 407 or not challenge or told.closes:
            return told
        token = _answer(context, challenge)
        if not token:
            return told
    return told


def _answer(context: "ContextProxy", challenge: str) -> bytes | None:
    """The next message, None where the challenge makes no sense; the library raises anything on nonsense."""
    try:
        return context.step(base64.b64decode(challenge, validate=True))
    except Exception:
        log.debug("a proxy's challenge makes no sense", exc_info=True)
        return None
