"""Messages about reports, hazards, suggestions and notices; `api` takes them into its own table."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.protocol.fields import Hash32, Id16, Label, Level, Ms
from app.protocol.message import Declared, EventPayload, Message
from app.protocol.report_kinds import ReportKind
from app.protocol.wire import fixed, sha256, tag

ROUTE_PHOTO: Final = "/v1/photo"
ROUTE_HAZARDS: Final = "/v1/hazards"
ROUTE_NOTICES: Final = "/v1/notices"
ROUTE_NOTICE_READ: Final = "/v1/notices/read"
ROUTE_READS: Final = "/v1/reads"
ROUTE_SAMPLE: Final = "/v1/sample"
ROUTE_SUGGESTION_TOKEN: Final = "/v1/suggestion-token"  # noqa: S105  # a route, no secret
ROUTE_SUGGESTION: Final = "/v1/suggestion"
ROUTE_SUGGESTION_ANSWER: Final = "/v1/suggestion-answer"
MEDIA_PHOTO: Final = "application/vnd.safeseat.photo"
PHOTO_MAX: Final = 512 * 1024
SAMPLE_MAX: Final = 100

ReportState = Literal["received", "in_hand", "settled", "closed"]
_Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}\Z", description="the month, no finer time")]
_Token = Annotated[
    Annotated[bytes, Meta(min_length=16, max_length=16)], Meta(description="the site's token of the month, the same on all PCs")
]


class ReportUpdate(EventPayload, frozen=True, kw_only=True, tag="report.updated"):
    """To the PC that sent a report: its number and how far it is."""

    report: Annotated[Id16, Meta(description="the report")]
    number: Annotated[Label, Meta(description="event number of the site")]
    state: Annotated[ReportState, Meta(description="how far it is")]
    due_ms: Annotated[Ms, Meta(description="the next deadline of those who handle it, 0 for none")] = 0


class Hazard(Message, frozen=True, kw_only=True):
    """One open hazard of the site, without names or texts that people wrote."""

    number: Annotated[Label, Meta(description="event number")]
    kind: Annotated[ReportKind, Meta(description="what it is about")]
    level: Annotated[Level, Meta(description="class, 1 is the gravest")]
    place: Annotated[str, Meta(max_length=80, description="where")]
    state: Annotated[ReportState, Meta(description="how far it is")]
    since_ms: Annotated[Ms, Meta(description="since when it is known")]


class Risk(Message, frozen=True, kw_only=True):
    """One line of the site's risk list, open to everybody (domain facts, section 4)."""

    what: Annotated[str, Meta(max_length=120, description="the risk")]
    likelihood: Annotated[Level, Meta(description="1 several times a week, 2 a month, 3 now and then")]
    impact: Annotated[Level, Meta(description="1 injury or big leak, 2 interruption, 3 slight")]


class HazardList(Message, frozen=True, kw_only=True):
    """The open hazards and the risk list of a site."""

    hazards: Annotated[tuple[Hazard, ...], Meta(max_length=150, description="open hazards, newest first")] = ()
    risks: Annotated[tuple[Risk, ...], Meta(max_length=100, description="the risk list")] = ()


class Notice(Message, frozen=True, kw_only=True):
    """A notice of the safety officer."""

    id: Annotated[Id16, Meta(description="the notice")]
    title: Annotated[str, Meta(max_length=80, description="its title")]
    text: Annotated[str, Meta(max_length=2000, description="its text")]
    from_ms: Annotated[Ms, Meta(description="shown from")]
    until_ms: Annotated[Ms, Meta(description="shown until")]


class NoticeList(Message, frozen=True, kw_only=True):
    """The notices that hold now."""

    notices: Annotated[tuple[Notice, ...], Meta(max_length=20, description="newest first")] = ()


class NoticeRead(Message, frozen=True, kw_only=True):
    """A notice was read here: adds one to the team's count and keeps nothing of the person."""

    notice: Annotated[Id16, Meta(description="the notice")]


class Read(Message, frozen=True, kw_only=True):
    """Somebody read a report of this person: by role and day, without a name."""

    day: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", description="the day at the site")]
    role: Annotated[
        Literal["lead", "head", "officer", "it", "staff_rep", "other"], Meta(description="the reader's role")
    ]
    number: Annotated[Label, Meta(description="event number of the report")]


class ReadList(Message, frozen=True, kw_only=True):
    """Who has read reports of this person."""

    reads: Annotated[tuple[Read, ...], Meta(max_length=200, description="newest first")] = ()


class SampleSeat(Message, frozen=True, kw_only=True):
    """One seat that a lead looks at this week; never who sits there."""

    seat: Annotated[Label, Meta(description="seat label")]
    floor: Annotated[Label, Meta(description="floor")]


class Sample(Message, frozen=True, kw_only=True):
    """The fifth of a lead's seats that this week's check goes to (domain facts, section 6)."""

    week: Annotated[str, Meta(pattern=r"^[0-9]{4}-W[0-9]{2}\Z", description="the ISO week at the site")]
    seats: Annotated[tuple[SampleSeat, ...], Meta(max_length=SAMPLE_MAX, description="by floor and label")] = ()


class SuggestionToken(Message, frozen=True, kw_only=True):
    """What proves that a suggestion comes from the site, without telling from whom."""

    token: _Token
    month: _Month


class Suggestion(Message, frozen=True, kw_only=True):
    """An anonymous suggestion; travels unsigned on a connection of its own, hours after it was written."""

    token: _Token
    month: _Month
    text: Annotated[str, Meta(max_length=4000, description="the suggestion, masked")]
    receipt: Annotated[Hash32, Meta(description="hash of the one-time code under which the answer may be read")]


class SuggestionAsk(Message, frozen=True, kw_only=True):
    """Asks for the answer to a suggestion by its one-time code."""

    code: Annotated[Annotated[bytes, Meta(min_length=16, max_length=16)], Meta(description="the one-time code")]


class SuggestionReply(Message, frozen=True, kw_only=True):
    """The officer's answer."""

    state: Annotated[Literal["waiting", "answered", "unknown"], Meta(description="whether there is an answer")]
    text: Annotated[str, Meta(max_length=2000, description="the answer")] = ""


def receipt_of(code: bytes) -> bytes:
    """Return what a PC sends with a suggestion instead of the one-time code that it shows."""
    return sha256(tag("suggestion-receipt") + fixed(code, 16, "a one-time code"))


_CLOSED = "2 years after closing"
MESSAGES: Mapping[type[msgspec.Struct], Declared] = MappingProxyType(
    {
        ReportUpdate: Declared("safety duty", "the PC that sent it", _CLOSED),
        Hazard: Declared("safety duty", "everybody of the site", "until it is closed"),
        Risk: Declared("safety duty", "everybody of the site", "until the list is renewed"),
        HazardList: Declared("safety duty", "everybody of the site", "until it is closed"),
        Notice: Declared("training duty", "everybody of the site", "until it ends"),
        NoticeList: Declared("training duty", "everybody of the site", "until it ends"),
        NoticeRead: Declared("training duty", "officer: a count per team", "a count only"),
        Read: Declared("accountability", "the person who was read", "1 year"),
        ReadList: Declared("accountability", "the person who was read", "1 year"),
        SampleSeat: Declared("safety duty", "leads of the team", "not kept"),
        Sample: Declared("safety duty", "leads of the team", "not kept"),
        SuggestionToken: Declared("improvement", "the PC", "1 month"),
        Suggestion: Declared("improvement", "officer", "1 year"),
        SuggestionAsk: Declared("improvement", "officer", "not kept"),
        SuggestionReply: Declared("improvement", "whoever has the code", "1 year"),
    }
)
