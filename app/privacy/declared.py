"""What leaves a PC or is held on the server besides records: fixed formats and messages, each with its why and how long.

A new format or message has to get its row here; tests hold the list against what `app.protocol` declares.
"""

from dataclasses import dataclass
from enum import Enum

import msgspec

from app.protocol import api, reports


class Place(Enum):
    """Where the data of a row is: sent from this PC, only on this PC, or on the server from other sources."""

    LEAVES = "leaves"
    STAYS = "stays"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row and what it is for."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `setting`: the policy key without which it is not written at all, empty for always."""

    name: str
    place: Place
    fields: tuple[Field, ...]
    purpose: str
    recipient: str
    on_pc: str
    on_server: str
    setting: str = ""

    @property
    def key(self) -> str:
        """The row's name as a key of the translations (area `privacy`)."""
        return "row_" + self.name.replace(".", "_")


def _fields(**meanings: str) -> tuple[Field, ...]:
    return tuple(Field(name, meaning) for name, meaning in meanings.items())


_CLOSED = "2 years after closing"

FORMATS: tuple[Row, ...] = (
    Row(
        "request",
        Place.LEAVES,
        _fields(
            device="the PC, as a random number",
            stream="the OS account on this PC, as a random number",
            created="when the request was made",
            nonce="a number that only rises, against replays",
            vouch="public key of this sign-in, signed by the PC",
            address="network address, as every connection shows it",
        ),
        "delivery", "operations", "not kept", "address 7 days, time, route, status and size 190 days",
    ),
    Row(
        "enrolment",
        Place.LEAVES,
        (
            Field("token_id", "number of the enrolment code, never its secret"),
            *_fields(
                fingerprint="the server that is meant",
                device="the PC, as a random number",
                key="public key of the PC",
                mac="proof that the code is known",
            ),
        ),
        "delivery and protection", "IT", "not kept", "while enrolled + 30 days",
    ),
    Row(
        "heartbeat",
        Place.LEAVES,
        _fields(
            server="the server that it is for, as a random number",
            epoch="the present chain of records",
            n="number of the newest record",
            h="hash over all records up to it",
            beat="a number that only rises",
            ms="when, by the wall clock",
            armed="whether an alarm pressed now would be sent",
            app="version of the program",
            errors="parts that do not work",
        ),
        "supervision", "leads: protected or not; IT", "not kept", "last value only",
    ),
    Row(
        "alarm.move",
        Place.LEAVES,
        _fields(
            alarm="the alarm, as a random number",
            no="number of the move",
            kind="raised, level raised, taken back, pressed again",
            level="1 is the gravest",
            flags="drill; on a call",
            ms="when, by the wall clock",
            detail="when taken back: the PIN's proof, sealed for the server; else random bytes of the same size",
        ),
        "help now", "leads of the team, then the chain", "until the alarm is closed", _CLOSED,
    ),
    Row(
        "alarm.receipt",
        Place.LEAVES,
        _fields(
            desk="the lead's PC",
            alarm="the alarm",
            no="highest move that was painted",
            state="delivered, seen, taken, on the spot",
            ms="when, by the wall clock",
        ),
        "help, response times", "leads, officer, head, auditor", "until the alarm is closed", _CLOSED,
    ),
    Row(
        "photo",
        Place.LEAVES,
        _fields(
            image="a photo that belongs to a report, scaled and without its own data",
            hash="which report it belongs to",
        ),
        "safety duty", "handler, lead, officer, head", "until it is sent", "1 year after closing",
    ),
    Row(
        "mood",
        Place.STAYS,
        _fields(
            ms="when, by the wall clock",
            strength="0 to 10",
            line="one line of the person's own, masked",
        ),
        "the person's own view; never leaves", "nobody", "until the person deletes it", "never there",
    ),
    Row(
        "training",
        Place.STAYS,
        _fields(
            quiz="score of each quarter's quiz",
            callers="practice callers gone through",
            checks="lists gone through today",
        ),
        "the person's own view; never leaves", "nobody", "until the person deletes it", "never there",
    ),
    Row(
        "roster",
        Place.SERVER,
        _fields(
            name="display name",
            team="team",
            role="agent, lead, head, officer, IT, auditor, staff representative",
            seat="seat label",
            floor="floor",
        ),
        "to know who needs help", "leads of the team, head, IT", "not kept", "employment + 30 days",
    ),
)  # fmt: skip
"""Rows of fixed formats and of what IT imports (privacy table)."""

SENT: tuple[type[msgspec.Struct], ...] = (
    api.EnrolBody, api.Settle, api.Say, api.RaiseLevel, reports.NoticeRead, reports.Suggestion, reports.SuggestionAsk,
)  # fmt: skip
"""Messages that leave a PC: at enrolment, the lead's from the desk, a notice read, an anonymous suggestion."""
RECEIVED: tuple[type[msgspec.Struct], ...] = (
    api.EnrolAnswer, api.Refusal, api.AlarmAnswer, api.Done, api.DeskAlarm, api.DeskAlarmUpdated, api.AlarmSign,
    api.Listeners, api.SeatTrouble, api.DeskCover, api.DocChanged, api.Hello, reports.ReportUpdate, reports.Hazard,
    reports.Risk, reports.HazardList, reports.Notice, reports.NoticeList, reports.Read, reports.ReadList,
    reports.SampleSeat, reports.Sample, reports.SuggestionToken, reports.SuggestionReply,
)  # fmt: skip
"""Messages from the server to a PC or desk; nothing leaves by them."""

NEVER = (
    "keys", "clipboard", "screenshots", "windows", "programs", "pages", "sound", "camera", "numbers", "place", "pin",
)  # fmt: skip
"""Never recorded anywhere; the words stand in the translations as `never_…`."""
