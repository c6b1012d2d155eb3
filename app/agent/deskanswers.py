"""What a desk has answered and a server has yet to take: sent one after the other, again until the server has spoken."""

import logging
from collections import deque
from collections.abc import Callable

from app.domain.moment import NS, Moment
from app.sync.errors import NetworkError
from app.sync.http import Connection
from app.sync.link import Link, Outgoing

log = logging.getLogger(__name__)

RETRY = 0.5
GIVE_UP = 600 * NS
"""A desk's answer older than ten minutes no longer tells how things are."""

MakeRequest = Callable[[Link, Moment], Outgoing]


class DeskAnswers:
    """The queue of one server; `add` from any thread, `send_next` from the desk's way."""

    def __init__(self, link: Link, now: Callable[[], Moment]) -> None:
        self._link = link
        self._now = now
        self._waiting: deque[tuple[int, MakeRequest]] = deque()

    def add(self, make: MakeRequest) -> None:
        """Queue an answer; it is signed anew for every attempt."""
        self._waiting.append((self._now().boot, make))

    def send_next(self, connection: Connection) -> float | None:
        """Send the oldest once; returns seconds until the next turn, None while nothing waits. Blocking up to 5 s."""
        if not self._waiting:
            return None
        since, make = self._waiting[0]
        request = make(self._link, self._now())
        try:
            believed = self._link.believe(request, connection.request(request, 5.0), self._now())
        except NetworkError:
            believed = None
        if believed is not None and believed.status < 500:
            if believed.status != 200:
                log.warning("the server refused a desk's answer: %s", believed.refusal().code)
            self._waiting.popleft()
            return 0.0
        if self._now().boot - since > GIVE_UP:
            self._waiting.popleft()
            return 0.0
        return RETRY
