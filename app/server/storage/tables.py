"""Every table of the server, in two groups that may live in two files: `MAIN` (people, logs, audit) and `ALARMS`.

The alarm lane has its own tables, writer and (with SQLite) its own file, so that bulk can never delay an alarm (design,
section 4). The site is the leading column of every key; server-wide facts stand under the site of sixteen zero bytes.
Ids are 16 bytes; `*_ms` are Unix milliseconds for people, never for order.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

MAIN = MetaData()
ALARMS = MetaData()

NO_SITE = bytes(16)
"""The site of facts that belong to the whole server."""


def _key(name: str, kind: type[LargeBinary] | type[Text] | type[BigInteger] | type[Integer] = LargeBinary) -> Column[object]:
    return Column(name, kind(), primary_key=True, autoincrement=False)


def _site() -> Column[object]:
    return _key("site")


def _table(name: str, group: MetaData, *items: SchemaItem) -> Table:
    return Table(name, group, _site(), *items, sqlite_with_rowid=False)


def _blob(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, LargeBinary(), nullable=null)


def _text(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, Text(), nullable=null)


def _big(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, BigInteger(), nullable=null)


def _flag(name: str) -> Column[object]:
    return Column(name, Boolean(), nullable=False)


facts = _table("facts", MAIN, _key("name", Text), _blob("value"))
"""Server id, generation, number of starts and the like."""

sites = _table(
    "sites", MAIN, _text("name"), _text("number"), Column("zone", Text(), nullable=False, server_default=""),
    Index("sites_by_name", "name", unique=True),
)
"""`number` is the site's own emergency extension; `zone` its time zone by IANA's name, empty for the server's own."""

teams = _table("teams", MAIN, _key("team", Text))
seats = _table("seats", MAIN, _key("seat", Text), _text("floor"), _text("team"))
people = _table("people", MAIN, _key("person"), _text("name"), _text("team"))
roles = _table("roles", MAIN, _key("person"), _key("role", Text), _key("team", Text))

accounts = _table("accounts", MAIN, _key("account"), _blob("person"))
"""Keyed hashes of OS accounts from IT's list, to know a person at enrolment."""

devices = _table(
    "devices", MAIN, _key("device"), _text("state"), _big("alg"), _blob("pub"),
    _text("host"), _text("system"), _text("version"), _text("seat"), _text("floor"), _text("code"), _big("created_ms"),
    Column("claimed", Text(), nullable=False, server_default=""), Index("devices_by_id", "device"),
)
"""`state` is pending, active or revoked; `pub` is the machine key of 33 bytes, `code` what IT compares, `claimed` the site
that the PC's installer named: shown, never believed."""

streams = _table(
    "streams", MAIN, _key("stream"), _blob("device"), _blob("person", null=True), _big("created_ms"),
    _blob("pin", null=True), _blob("duress", null=True), Index("streams_by_id", "stream"),
)
"""One OS account on one device; `pin` and `duress` are HMACs under the pepper, which lies outside the database."""

tokens = _table(
    "tokens", MAIN, _key("token"), _blob("mac_key"), _blob("person", null=True), _text("role"), _text("team"),
    _text("seat"), _text("floor"), _big("expires_ms"), _blob("used_by", null=True), Index("tokens_by_id", "token"),
)
"""Enrolment tokens: only what is needed to check the MAC, never the secret itself."""

epochs = _table(
    "epochs", MAIN, _key("stream"), _key("epoch"), _big("log"), _blob("device"), _blob("prev_epoch"), _big("prev_n"),
    _blob("prev_h"), _big("n"), _blob("h"), _big("beat"), _big("created"), _big("opened_ms"),
    Index("epochs_by_log", "site", "log", unique=True),
)
"""The chain of a stream; (n, h, beat) is the pin of the last head taken; `created` is that request's own clock."""

records = _table(
    "records", MAIN, _key("log", BigInteger), _key("n", BigInteger), _text("kind"), _blob("salt"), _blob("bytes"),
    _blob("leaf"), _big("received_ms"),
)
pins = _table(
    "pins", MAIN, _key("log", BigInteger), _key("n", BigInteger), _blob("h"), _big("beat"), _big("ms"), _blob("head"),
    _blob("sig"), _blob("vouch"),
)
"""Signed heads, kept as evidence: one for every growth of a log."""

set_aside = _table("set_aside", MAIN, _key("log", BigInteger), _key("n", BigInteger), _text("reason"))
"""Records stored and chained, but not read: unknown kind, undeclared field, no JSON."""

history = _table(
    "history", MAIN, _key("stream"), _key("no", BigInteger), _text("fact"), _blob("epoch"), _big("from_n"), _big("to_n"),
    _blob("evidence"), _big("ms"),
)
"""`history.lost`, `.forked`, `.cloned` with the range, for IT and the person."""

documents = _table(
    "documents", MAIN, _key("kind", Integer), _key("version", BigInteger), _blob("bytes"),
)
"""Signed documents (policy, content, roster, release), the highest version per kind is handed out."""

audit = _table(
    "audit", MAIN, _key("n", BigInteger), _text("kind"), _blob("salt"), _blob("bytes"), _blob("h"), _blob("ref"),
    _big("ms"), Index("audit_by_ref", "site", "ref", unique=True),
)
"""The server's own chain (label "audit"), whose head goes into every ack."""

incidents = _table(
    "incidents", MAIN, _key("key"), _blob("report"), _blob("stream"), _blob("person", null=True), _text("team"),
    _text("number"), _flag("hazard"), _text("kind"), _big("level"), _text("handler"), _text("state"), _text("risk"),
    _big("received_ms"), _big("scored_ms"), _big("approved_ms"), _big("mend_by_ms"), _big("rechecked_ms"),
    _big("special_ms"), _big("investigation_ms"), _big("closed_ms"), _blob("body"), _big("told_no"),
    Index("incidents_by_number", "site", "number", unique=True), Index("incidents_by_stream", "stream", "report", unique=True),
)
"""Reports: what clocks and routing need in clear, the report itself sealed. `key` names the file that opens it; `told_no`
is the number under which the reporter's PC was last sent its state, 0 while it has yet to be sent."""

barred = _table("barred", MAIN, _key("key"), _key("person"))
"""Whom a report names: they neither get nor read it."""

photos = _table("photos", MAIN, _key("key"), _key("hash"), _blob("photo_key"), _blob("body", null=True))
"""Photos that a report announced, sealed under keys of their own; `body` is NULL until one arrives."""

notes = _table("notes", MAIN, _key("key"), _key("no", BigInteger), _flag("own"), _big("ms"), _blob("body"))
"""Notes beside a report, sealed with its key; `own` is the reporter's, else of somebody whom it names."""

sealed = _table("sealed", MAIN, _key("log", BigInteger), _key("n", BigInteger), _blob("key"), Index("sealed_by_key", "site", "key"))
"""Journal records whose salt and bytes lie sealed in `records.bytes`, and the key that opens them."""

reads = _table("reads", MAIN, _key("person"), _key("no", BigInteger), _text("number"), _text("role"), _text("day"), _big("ms"))
"""Who, by role, read a report of whom on which day: shown to the person who was read."""

event_days = _table("event_days", MAIN, _key("day", Text), _big("last"))
"""The highest event number given on a day; numbers are never used again."""

risks = _table("risks", MAIN, _key("no", BigInteger), _text("what"), _big("likelihood"), _big("impact"))
bulletins = _table("bulletins", MAIN, _key("id"), _text("title"), _text("text"), _big("from_ms"), _big("until_ms"))
"""Notices of the safety officer."""

bulletin_reads = _table("bulletin_reads", MAIN, _key("id"), _key("team", Text), _big("count"))
"""How many of a team read a notice: a sum without persons."""

suggestions = _table(
    "suggestions", MAIN, _key("id"), _text("month"), _blob("body"), _blob("receipt"), _blob("answer"),
    Index("suggestions_by_receipt", "receipt"),
)
"""Anonymous suggestions under random ids: no time finer than the month, nothing of a PC."""

moves = _table(
    "moves", ALARMS, _key("alarm"), _key("no", BigInteger), _key("digest"), _blob("packet"), _flag("verified"),
    _big("received_ms"),
)
"""The packets exactly as they came (345 bytes); two different ones under one number both stand."""

alarms = _table(
    "alarms", ALARMS, _key("alarm"), _blob("device"), _blob("stream"), _text("who"), _text("team"), _text("seat"),
    _text("floor"), _big("opened_ms"), _flag("open"), _blob("chain"), Index("alarms_by_id", "alarm"),
)
"""Who raised it as the roster said then, and the escalation chain frozen when raised."""

told = _table("told", ALARMS, _key("alarm"), _key("recipient"), _big("no"))
"""The desks that were shown an alarm, with the highest move they have a receipt for."""

acts = _table(
    "acts", ALARMS, _key("alarm"), _key("seq", BigInteger), _text("act"), _blob("desk"), _text("person"), _big("no"),
    _text("word"), _big("ms"), _blob("evidence"),
)
"""What people and the server did on an alarm; evidence is what a desk signed."""

outbox = _table("outbox", ALARMS, _key("ref"), _text("kind"), _blob("body"), _big("ms"))
"""What the audit chain in the main lane has yet to take."""

notices = _table("notices", ALARMS, _key("alarm"), _key("key", Text), _big("ms"))
"""Notifications of the escalation that went out, so that a restart repeats none and forgets none."""

events = _table(
    "events", ALARMS, _key("recipient"), _key("event_no", BigInteger), _blob("bytes"), _big("ms"),
)
"""Live events per recipient, replayed after a reconnect."""

counters = _table("counters", ALARMS, _key("name", Text), _big("value"))
"""`starts` of the alarm lane: event numbers are starts and a counter, so they rise over a crash as well."""
