"""What the person's own pages ask of the servers: who read one's reports, the officer's notices, one more who read
one, and the seats that a lead looks at this week.

Blocking, in a lane of its own; asked only while a page is open.
"""

from collections.abc import Iterable

from app.agent.events import Effect
from app.agent.events.pages import (
    CountNotice,
    FetchNotices,
    FetchReaders,
    FetchSample,
    NoticeCounted,
    NoticesHeard,
    ReadersHeard,
    SampleHeard,
)
from app.agent.lanes import Carrier
from app.agent.network import Network
from app.agent.pagefaces import NoticeView, Reader
from app.protocol import api
from app.protocol import reports as r
from app.protocol.errors import ProtocolError
from app.protocol.httpsig import MEDIA_NOTHING
from app.sync.errors import NetworkError

ANSWER_S = 10.0


class OwnNetwork:
    """Carries out the effects; only a signed answer counts, of the first server that gives one."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def carriers(self) -> dict[type[Effect], tuple[str, Carrier]]:
        """Lane and carrier of each effect."""
        table: dict[type[Effect], tuple[str, object]] = {
            FetchReaders: ("extras", self.readers),
            FetchNotices: ("extras", self.notices),
            CountNotice: ("extras", self.count),
            FetchSample: ("extras", self.sample),
        }
        return table  # type: ignore[return-value]  # each carrier takes its own kind of effect, which the key says

    def readers(self, _effect: FetchReaders) -> Iterable[object]:
        """Who has read reports of this person, by role and day."""
        body = self._ask(r.ROUTE_READS)
        try:
            found = None if body is None else api.decode_message(body, r.ReadList)
        except ProtocolError:
            found = None
        if found is None:
            return (ReadersHeard(ok=False),)
        return (ReadersHeard(True, tuple(Reader(one.day, one.role, one.number) for one in found.reads)),)

    def notices(self, _effect: FetchNotices) -> Iterable[object]:
        """The notices that hold now."""
        body = self._ask(r.ROUTE_NOTICES)
        try:
            found = None if body is None else api.decode_message(body, r.NoticeList)
        except ProtocolError:
            found = None
        if found is None:
            return (NoticesHeard(ok=False),)
        views = (NoticeView(one.id, one.title, one.text, one.from_ms, one.until_ms) for one in found.notices)
        return (NoticesHeard(True, tuple(views)),)

    def sample(self, _effect: FetchSample) -> Iterable[object]:
        """The seats of this week; a server that says no gives none."""
        body = self._ask(r.ROUTE_SAMPLE)
        try:
            found = None if body is None else api.decode_message(body, r.Sample)
        except ProtocolError:
            found = None
        if found is None:
            return (SampleHeard(ok=False),)
        return (SampleHeard(True, tuple((one.seat, one.floor) for one in found.seats)),)

    def count(self, effect: CountNotice) -> Iterable[object]:
        """Add one to the team's count."""
        body = api.encode_message(r.NoticeRead(notice=effect.notice))
        return (NoticeCounted(effect.notice),) if self._ask(r.ROUTE_NOTICE_READ, body) is not None else ()

    def _ask(self, route: str, body: bytes | None = None) -> bytes | None:
        """The body of the first believed answer that is a yes, None where there is none."""
        answered: bytes | None = None
        for link, connection in self._network.errands():
            try:
                if answered is None:
                    now = self._network.now()
                    sent = self._network.signed(link, now, route, body, MEDIA_NOTHING if body is None else api.MEDIA_JSON)
                    found = link.believe(sent, connection.request(sent, ANSWER_S), self._network.now())
                    if found is not None and found.status == 200:
                        answered = found.body
            except NetworkError:
                continue
            finally:
                connection.close()
        return answered
