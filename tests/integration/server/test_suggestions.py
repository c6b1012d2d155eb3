"""Anonymous suggestions: nothing that the server holds, logs or writes ties one to a PC, not even an order."""

import logging
import secrets
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from app.domain.errors import UsageError
from app.protocol import api, httpsig
from app.protocol import reports as r
from app.server.incidents import handling, suggestions
from app.server.incidents.suggestions import month_before, month_ms, month_of
from app.server.storage import tables as t
from tests.helpers.server_client import Pc, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc, where_of
from tests.integration.server.test_reports import acting


def token(pc: Pc) -> r.SuggestionToken:
    reply = pc.signed("GET", r.ROUTE_SUGGESTION_TOKEN)
    assert reply.status == 200
    return api.decode_message(reply.body, r.SuggestionToken)


def suggestion(held: r.SuggestionToken, words: str, code: bytes) -> r.Suggestion:
    return r.Suggestion(token=held.token, month=held.month, text=words, receipt=r.receipt_of(code))


def post(server: ServerThread, one: api.Message, route: str = r.ROUTE_SUGGESTION) -> tuple[int, bytes]:
    """Send it as nobody: a new connection, no signature."""
    nobody = Pc(where_of(server))
    try:
        reply = nobody.plain("POST", route, api.encode_message(one), api.MEDIA_JSON)
        return reply.status, reply.body
    finally:
        nobody.close()


def ask(server: ServerThread, code: bytes) -> r.SuggestionReply:
    return api.decode_message(post(server, r.SuggestionAsk(code=code), r.ROUTE_SUGGESTION_ANSWER)[1], r.SuggestionReply)


def everything(conn: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(select(t.suggestions))]


def test_the_token_is_the_same_for_every_pc_of_a_site_and_another_elsewhere(server: ServerThread, make_pc: MakePc) -> None:
    one, two = make_pc(), make_pc("赵同事", seat="A-02")
    elsewhere = Pc(where_of(server))
    elsewhere.enrol(server.code("别处", site="Beijing", seat="B-1"))
    assert token(one) == token(two)
    assert token(elsewhere) != token(one)
    elsewhere.close()
    stranger = make_pc("", enrolled=False)
    assert stranger.plain("GET", r.ROUTE_SUGGESTION_TOKEN, b"", httpsig.MEDIA_NOTHING).status == 400


def test_nothing_of_the_server_ties_a_suggestion_to_a_pc(
    server: ServerThread, make_pc: MakePc, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pcs = [make_pc(f"p{number}", seat=f"A-{number:02d}") for number in range(20)]
    codes = [secrets.token_bytes(16) for _ in pcs]
    words = [f"suggestion-{number:02d}-{secrets.token_hex(4)}" for number in range(20)]
    for pc, code, word in zip(pcs, codes, words, strict=True):
        assert pc.deliver().status == 200
        assert post(server, suggestion(token(pc), word, code))[0] == 200
    rows = server.main_lane(everything)
    assert len(rows) == 20
    ids = {one for pc in pcs for one in (pc.device, pc.stream, pc.journal.epoch)}
    held = b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    assert not [one for one in ids if one in held or one.hex().encode() in held]
    assert {row[2] for row in rows} == {month_of(now_ms())}, "no time finer than the month"
    sent = [r.receipt_of(code) for code in codes]
    stored = [row[4] for row in rows]
    assert set(sent) == set(stored)
    assert stored != sent, "the table does not keep the order of arrival"
    # Whatever else lies about: no log line, no file and no other table knows of any of it.
    log = caplog.text
    assert not [word for word in words if word in log]
    assert "127.0.0.1" not in log
    assert not [one for one in ids if one.hex() in log]
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not [word for word in words if word.encode() in files]

    def others(conn: Connection) -> bytes:
        tables = [table for table in t.MAIN.tables.values() if table is not t.suggestions]
        return b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in tables for row in conn.execute(select(table)) for value in row
        )  # fmt: skip

    rest = server.main_lane(others)
    assert not [one for one in (*sent, *(word.encode() for word in words)) if one in rest]


def test_rows_were_all_written_by_the_same_transaction_in_an_order_of_chance(
    server: ServerThread, make_pc: MakePc, database: str | None, tmp_path: Path
) -> None:
    held = token(make_pc())
    codes = [secrets.token_bytes(16) for _ in range(12)]
    for code in codes:
        assert post(server, suggestion(held, "x", code))[0] == 200

    def places(conn: Connection) -> tuple[set[object], list[bytes]]:
        hidden = conn.execute(text("SELECT xmin::text, receipt FROM suggestions ORDER BY ctid")).all()
        return {row[0] for row in hidden}, [row[1] for row in hidden]

    if database is not None:
        transactions, order = server.main_lane(places)
        assert len(transactions) == 1
        assert order != [r.receipt_of(code) for code in codes]
    # A key file's time would tell when a suggestion came: it is the month's beginning.
    keys = list((tmp_path / "keys" / "reports").rglob("*.key"))
    assert [path.stat().st_mtime * 1000 for path in keys] == [month_ms(held.month)]


def test_the_officer_answers_and_only_the_code_opens_it(server: ServerThread, make_pc: MakePc) -> None:
    held = token(make_pc())
    make_pc("安全员", role="officer", team="S", seat="O-1")
    code = secrets.token_bytes(16)
    assert post(server, suggestion(held, "请加一盏灯", code))[0] == 200
    assert post(server, suggestion(held, "请加一盏灯", code))[0] == 200
    assert ask(server, code).state == "waiting"
    found = acting(server, "安全员", suggestions.list_all)
    assert isinstance(found, list)
    assert [(one["text"], one["answered"]) for one in found] == [("请加一盏灯", False)]
    acting(server, "安全员", suggestions.reply, found[0]["id"], "下周装好")
    assert ask(server, code) == r.SuggestionReply(state="answered", text="下周装好")
    assert ask(server, secrets.token_bytes(16)).state == "unknown"
    with pytest.raises(UsageError, match="officer"):
        acting(server, "王芳", suggestions.list_all)
    with pytest.raises(UsageError, match="no such suggestion"):
        acting(server, "安全员", suggestions.reply, "00", "x")
    with pytest.raises(UsageError, match="characters"):
        acting(server, "安全员", suggestions.reply, found[0]["id"], "")


def test_only_the_token_of_this_month_or_the_last_is_taken(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    held, keys = token(pc), server.keys
    site = server.core.people.streams[pc.stream].site
    last = suggestions.token_of(keys, site, month_ms(held.month) - 1)
    older = suggestions.token_of(keys, site, month_ms(last.month) - 1)
    assert post(server, suggestion(last, "x", bytes(16)))[0] == 200
    for wrong in (older, r.SuggestionToken(token=bytes(16), month=held.month)):
        status, body = post(server, suggestion(wrong, "x", bytes(16)))
        assert (status, api.decode_message(body, api.Refusal).code) == (403, "suggestion_token")


def test_a_flood_by_one_token_is_bounded(server: ServerThread, make_pc: MakePc) -> None:
    held = token(make_pc())
    nobody = Pc(where_of(server))
    body = api.encode_message(suggestion(held, "x", bytes(16)))
    found = {nobody.plain("POST", r.ROUTE_SUGGESTION, body, api.MEDIA_JSON).status for _ in range(60)}
    nobody.close()
    assert found == {200, 429}


def test_a_full_month_takes_no_more(server: ServerThread, make_pc: MakePc, monkeypatch: pytest.MonkeyPatch) -> None:
    held = token(make_pc())
    monkeypatch.setattr(suggestions, "MONTH_MAX", 1)
    assert post(server, suggestion(held, "x", bytes(16)))[0] == 200
    assert post(server, suggestion(held, "y", b"1" * 16))[0] == 429


def test_months_are_counted_over_the_year() -> None:
    assert (month_before("2027-01"), month_before("2026-12")) == ("2026-12", "2026-11")
    assert month_of(month_ms("2026-11")) == "2026-11"
    assert handling.Actor("s", "b", 1).account == ""
