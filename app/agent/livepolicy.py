"""Lets a changed policy hold at once: read anew on the watch's thread, then told to whom it concerns."""

import logging
from collections.abc import Callable

from app.agent.handwork import Handwork
from app.agent.network import Network
from app.agent.settings import Preferences
from app.policy.watch import PolicyWatch

log = logging.getLogger(__name__)

LINKS = frozenset({"server.urls", "server.ca_file"})
"""Settings with which the links to the servers are made anew."""


class LivePolicy:
    """Watches from `start` to `close`; nothing here decides, the parts do."""

    def __init__(self, preferences: Preferences, hands: Handwork, network: Network, post: Callable[[object], None]) -> None:
        self._preferences = preferences
        self._hands = hands
        self._network = network
        self._post = post
        self._watch: PolicyWatch | None = None

    def start(self) -> None:
        """Begin to watch; what changed since the start is told at once."""
        self._watch = PolicyWatch(self._preferences.files, self._look)

    def close(self) -> None:
        """End the watch."""
        if self._watch is not None:
            self._watch.close()

    def _look(self) -> None:
        try:
            held = self._preferences.reload()
        except Exception:
            # whatever a policy did to us, the rules of before hold and the watch goes on
            log.exception("the policy could not be read anew")
            return
        if held is None:
            return
        self._post(held)
        self._hands.speak(held.settings.language)
        if LINKS & set(held.keys):
            policy = self._preferences.policy
            self._network.configure(policy.server_ca_file, policy.server_urls)
            self._network.reload()
