"""The record types of reports, checks and training: a table of data like `record_kinds`, here because people write them.

Every text in them was masked by the PC before it was stored (domain facts, section 7); they leave on pressing Send.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.protocol.fields import Code, Hash32, Id16, Level, Ms
from app.protocol.record_kinds import Record

ReportKind = Literal[
    "threat", "harassment", "suspicious", "data", "loss", "fire", "injury", "device", "colleague", "other"
]
ReportTo = Literal["lead", "officer", "staff_rep"]
_Report = Annotated[Id16, Meta(description="the report, as a random number")]


class ReportStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the course of events that the PC noted itself."""

    ms: Annotated[Ms, Meta(description="when, by the wall clock")]
    what: Annotated[Code, Meta(description="warning, end of the call, mark, own call for help")]
    script: Annotated[str, Meta(pattern=r"^[a-z0-9-]{0,64}\Z", description="the script, empty for none")] = ""


class ReportSent(Record, frozen=True, kw_only=True, tag="incident.reported"):
    """An incident or a hazard as the person sent it."""

    report: _Report
    kind: Annotated[ReportKind, Meta(description="what it is about")]
    hazard: Annotated[bool, Meta(description="a hazard that may do harm, rather than something that happened")]
    level: Annotated[Level, Meta(description="level of the event or class of the hazard, 1 is the gravest")]
    occurred_ms: Annotated[Ms, Meta(description="when it happened or was seen")]
    text: Annotated[str, Meta(max_length=8000, description="what happened, masked")]
    place: Annotated[str, Meta(max_length=80, description="where, masked")] = ""
    scope: Annotated[str, Meta(max_length=200, description="who or what is affected, masked")] = ""
    measures: Annotated[str, Meta(max_length=2000, description="what was done, masked")] = ""
    suggested: Annotated[str, Meta(max_length=1000, description="what the person suggests, masked")] = ""
    follow_up: Annotated[str, Meta(max_length=1000, description="what is still to do, masked")] = ""
    photos: Annotated[tuple[Hash32, ...], Meta(max_length=4, description="hashes of the photos")] = ()
    alarm: Annotated[Id16 | None, Meta(description="the call for help that it belongs to")] = None
    steps: Annotated[tuple[ReportStep, ...], Meta(max_length=40, description="course of events")] = ()
    to: Annotated[ReportTo, Meta(description="who shall handle it")] = "lead"
    named: Annotated[
        tuple[Annotated[str, Meta(max_length=40)], ...],
        Meta(max_length=5, description="colleagues whom it names: they neither get nor read it"),
    ] = ()


class ReportNote(Record, frozen=True, kw_only=True, tag="report.note"):
    """A note beside an entry, by its reporter or by the person whom it is about; the entry itself stays as it is."""

    report: _Report
    text: Annotated[str, Meta(max_length=1000, description="the note, masked")]


class CheckItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a checklist."""

    id: Annotated[Code, Meta(description="the item")]
    well: Annotated[bool, Meta(description="fine, or a fault")]


class CheckDone(Record, frozen=True, kw_only=True, tag="check.done"):
    """A shift check that was gone through; facts are yes or no, without names or serial numbers of devices."""

    checklist: Annotated[Code, Meta(description="which list")]
    items: Annotated[tuple[CheckItem, ...], Meta(max_length=60, description="each item, fine or fault")]
    facts: Annotated[tuple[CheckItem, ...], Meta(max_length=20, description="what the PC found out itself")] = ()
    repair: Annotated[bool, Meta(description="a repair is asked for")] = False


class QuizDone(Record, frozen=True, kw_only=True, tag="quiz.done"):
    """The quiz of a quarter was done; the score stays with the person."""

    quarter: Annotated[str, Meta(pattern=r"^[0-9]{4}Q[1-4]\Z", description="the quarter")]
    passed: Annotated[bool, Meta(description="passed")]
