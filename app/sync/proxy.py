"""Which way leads to a server: a proxy that the environment names, else those of the system's settings, else none.

The system's answer may take half a minute where a network is asked for its settings and says nothing, so it is asked for on
a thread and kept; nobody waits longer than he wants.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from app.domain.errors import UsageError
from app.sync.link import Address
from app.sync.signin import Proxy, SignIn

KEPT_S: Final = 600.0
"""So old may the system's answer be; then it is asked for again, in the background."""
AGAIN_S: Final = 15.0
"""After a failure it is asked for again, but not more often than this."""


def parse_proxy(url: str) -> Proxy:
    """Return the proxy in http://[user:password@]host:port; UsageError for another form."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or 8080
    except ValueError:
        raise UsageError("the proxy's address is malformed") from None
    if parts.scheme != "http" or not parts.hostname:
        raise UsageError("a proxy's address looks like http://name:port")
    secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(parts.hostname, port, secret)


def proxy_from(environ: Mapping[str, str], address: Address) -> Proxy | None:
    """Return the proxy that HTTPS_PROXY and NO_PROXY name for this server; none without TLS (this machine only)."""
    url = _named(environ)
    skip = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    if not address.tls or not url or any(_covers(one.strip().lower(), address.host.lower()) for one in skip.split(",")):
        return None
    return parse_proxy(url)


def _named(environ: Mapping[str, str]) -> str:
    return environ.get("HTTPS_PROXY") or environ.get("https_proxy") or ""


def _covers(rule: str, host: str) -> bool:
    bare = rule.removeprefix("*").removeprefix(".")
    return rule == "*" or (bool(bare) and (host == bare or host.endswith("." + bare)))


@dataclass(slots=True)
class _Known:
    """What the system said about one server: None until it has said anything."""

    routes: tuple[Proxy | None, ...] | None = None
    asked: float = 0.0
    searching: bool = False


class Ways:
    """The ways to servers, shared by all connections; any thread.

    `find` asks the system for the `name:port` of its proxies for an address (may block), None where it has no settings.
    `proxy` overrides everything, "" for none. The environment goes before the system. `sign_in` knows the proxies' accounts.
    """

    def __init__(
        self, find: Callable[[str], Sequence[str]] | None = None, *, environ: Mapping[str, str] = os.environ,
        proxy: str | None = None, now: Callable[[], float] = time.monotonic, sign_in: SignIn | None = None,
    ) -> None:  # fmt: skip
        self.sign_in = sign_in or SignIn()
        self._find = find
        self._environ = environ
        self._proxy = proxy
        self._now = now
        self._known: dict[str, _Known] = {}
        self._changed = threading.Condition()

    def routes(self, address: Address, patience_s: float) -> tuple[Proxy | None, ...]:
        """Return the ways to try in their order, None for the straight one; UsageError for a malformed address.

        Waits up to `patience_s` where the system has not answered yet, then names the straight way.
        """
        if not address.tls or self._proxy == "":
            return (None,)
        if self._proxy is not None:
            return (parse_proxy(self._proxy),)
        if _named(self._environ):
            return (proxy_from(self._environ, address),)
        if self._find is None:
            return (None,)
        return self._asked(address, patience_s)

    def failed(self, address: Address) -> None:
        """A way did not lead there: the settings may have changed with the network."""
        with self._changed:
            known = self._known.get(address.host)
            if known is not None and self._now() - known.asked >= AGAIN_S:
                self._search(address, known)

    def _asked(self, address: Address, patience_s: float) -> tuple[Proxy | None, ...]:
        with self._changed:
            known = self._known.setdefault(address.host, _Known())
            if known.routes is None or self._now() - known.asked >= KEPT_S:
                self._search(address, known)
            if known.routes is None:
                self._changed.wait_for(lambda: known.routes is not None, max(0.0, patience_s))
            return known.routes or (None,)

    def _search(self, address: Address, known: _Known) -> None:
        if known.searching:
            return
        known.searching, known.asked = True, self._now()
        threading.Thread(target=self._look, args=(address, known), name="proxy-search", daemon=True).start()

    def _look(self, address: Address, known: _Known) -> None:
        found: tuple[Proxy | None, ...] = ()
        try:
            assert self._find is not None
            found = tuple(parse_proxy(one) for one in self._find(f"https://{address.authority}/"))
        except UsageError:
            found = ()
        finally:
            with self._changed:
                known.searching, known.routes = False, found or (None,)
                self._changed.notify_all()
