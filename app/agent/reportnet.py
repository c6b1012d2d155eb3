"""What reports and suggestions ask of the servers beside the batches: photos, open hazards, the month's token, suggestions.

Blocking, in lanes of their own. A suggestion is unsigned, alone on its connection, and says nothing of who we are.
"""

from collections.abc import Iterable

from app.agent.deskanswers import MakeRequest
from app.agent.events import Effect
from app.agent.events.reports import (
    AnswerHeard,
    FetchAnswer,
    FetchHazards,
    FetchToken,
    HazardsHeard,
    PhotoSent,
    SendPhoto,
    SendSuggestion,
    SuggestionSent,
    TokenHeard,
)
from app.agent.lanes import Carrier
from app.agent.network import Network
from app.agent.reportfiles import ReportFiles
from app.agent.snapshot import HazardView, RiskView
from app.domain.errors import SafeSeatError
from app.domain.moment import Moment
from app.protocol import api
from app.protocol import reports as r
from app.protocol.httpsig import MEDIA_NOTHING
from app.sync.errors import NetworkError
from app.sync.link import Believed, Link, Outgoing

ANSWER_S, UPLOAD_S = 10.0, 30.0


class ReportNetwork:
    """Carries out the effects; the newest answer of any server counts."""

    def __init__(self, network: Network, files: ReportFiles) -> None:
        self._network = network
        self._files = files

    def carriers(self) -> dict[type[Effect], tuple[str, Carrier]]:
        """Lane and carrier of each effect."""
        table: dict[type[Effect], tuple[str, object]] = {
            FetchHazards: ("extras", self.hazards),
            SendPhoto: ("extras", self.photo),
            FetchToken: ("extras", self.token),
            SendSuggestion: ("suggestion", self.suggest),
            FetchAnswer: ("suggestion", self.answer),
        }
        return table  # type: ignore[return-value]  # each carrier takes its own kind of effect, which the key says

    def hazards(self, _effect: FetchHazards) -> Iterable[object]:
        """Ask for the lists of the site."""
        for one in self._get(r.ROUTE_HAZARDS):
            found = api.decode_message(one.body, r.HazardList)
            hazards = tuple(HazardView(h.number, h.kind, h.level, h.place, h.state, h.since_ms) for h in found.hazards)
            return (HazardsHeard(True, hazards, tuple(RiskView(k.what, k.likelihood, k.impact) for k in found.risks)),)
        return (HazardsHeard(ok=False),)

    def token(self, _effect: FetchToken) -> Iterable[object]:
        """Ask for the month's token, as every PC does."""
        for one in self._get(r.ROUTE_SUGGESTION_TOKEN):
            found = api.decode_message(one.body, r.SuggestionToken)
            return (TokenHeard(found.token, found.month),)
        return (TokenHeard(),)

    def photo(self, effect: SendPhoto) -> Iterable[object]:
        """Send one photo; a server that has not got the report yet, or is not reached, is asked again later."""
        data = self._files.photo(effect.digest)
        if data is None:
            return (PhotoSent(effect.digest, done=True),)

        def make(link: Link, now: Moment) -> Outgoing:
            return self._network.signed(link, now, r.ROUTE_PHOTO, data, r.MEDIA_PHOTO)

        answers = self._ask(make, UPLOAD_S)
        refused = [one is not None and one.status in (413, 415, 422) for one in answers]
        taken = [one is not None and one.status == 200 for one in answers]
        return (PhotoSent(effect.digest, done=bool(answers) and all(map(any, zip(taken, refused, strict=True)))),)

    def suggest(self, effect: SendSuggestion) -> Iterable[object]:
        """Send one suggestion to the first server that answers."""
        message = r.Suggestion(token=effect.token, month=effect.month, text=effect.text, receipt=effect.receipt)
        answer = self._unsigned(r.ROUTE_SUGGESTION, api.encode_message(message))
        if answer is None or answer.status == 429 or answer.status >= 500:
            return (SuggestionSent(effect.receipt, "again"),)
        return (SuggestionSent(effect.receipt, {200: "sent", 403: "token"}.get(answer.status, "refused")),)

    def answer(self, effect: FetchAnswer) -> Iterable[object]:
        """Ask for the officer's answer."""
        found = self._unsigned(r.ROUTE_SUGGESTION_ANSWER, api.encode_message(r.SuggestionAsk(code=effect.code)))
        if found is None or found.status != 200:
            return (AnswerHeard("unreachable"),)
        try:
            reply = api.decode_message(found.body, r.SuggestionReply)
        except SafeSeatError:
            return (AnswerHeard("unreachable"),)
        return (AnswerHeard(reply.state, reply.text),)

    def _ask(self, make: MakeRequest, timeout: float = ANSWER_S) -> list[Believed | None]:
        """Ask every server once; None where none answered believably."""
        found: list[Believed | None] = []
        for link, connection in self._network.errands():
            try:
                sent = make(link, self._network.now())
                found.append(link.believe(sent, connection.request(sent, timeout), self._network.now()))
            except NetworkError:
                found.append(None)
            finally:
                connection.close()
        return found

    def _get(self, route: str) -> list[Believed]:
        def make(link: Link, now: Moment) -> Outgoing:
            return self._network.signed(link, now, route, None, MEDIA_NOTHING)

        return [one for one in self._ask(make) if one is not None and one.status == 200]

    def _unsigned(self, route: str, body: bytes) -> Believed | None:
        def make(_link: Link, _now: Moment) -> Outgoing:
            return Outgoing("POST", route, (("content-type", api.MEDIA_JSON),), body, None, 0)

        answers = [one for one in self._ask(make) if one is not None]
        return next((one for one in answers if one.status == 200), answers[0] if answers else None)
