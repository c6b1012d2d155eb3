"""Reports as staff handle them on the server's machine, beside the running server; errors in one sentence."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.protocol import api
from app.protocol import reports as r
from app.protocol.wire import sha256
from tests.helpers.server_child import ServerChild, safeseat
from tests.helpers.server_client import Pc, Where
from tests.integration.server.test_report_routes import upload
from tests.integration.server.test_reports import report, send
from tests.unit.server.test_pictures import PNG

PEOPLE = """site,team,person,role,zone
上海,A,王芳,agent,Asia/Shanghai
上海,A,李主管,lead,
上海,S,安全员,officer,
上海,W,代表,staff_rep,
"""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[ServerChild]:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    done = safeseat("server", "people", "import", "--data", str(tmp_path), str(tmp_path / "people.csv"))
    assert (done.returncode, done.stdout.strip()) == (0, "4"), done.stderr
    running = ServerChild(tmp_path, "--no-tls")
    yield running
    running.stop()


class Desk:
    """Verbs of one person."""

    def __init__(self, folder: Path, by: str) -> None:
        self._tail = ("--data", str(folder), "--site", "上海", "--by", by)

    def __call__(self, *words: str, stdin: str = "", wrong: str = "") -> list[dict[str, object]]:
        done = safeseat("server", *words, *self._tail, stdin=stdin)
        assert done.returncode == (2 if wrong else 0), done.stderr
        if wrong:
            assert wrong in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1
        return [one if isinstance(one := json.loads(line), dict) else {"value": one} for line in done.stdout.splitlines()]


def enrolled(child: ServerChild, folder: Path) -> Pc:
    code = safeseat("server", "token", "--data", str(folder), "--site", "上海", "--person", "王芳", "--team", "A").stdout.strip()
    pc = Pc(Where(child.port, f"127.0.0.1:{child.port}", bytes.fromhex(str(child.ready["fingerprint"]))))
    pc.enrol(code)
    return pc


def test_a_report_is_read_answered_and_closed_while_the_reporter_watches(child: ServerChild, tmp_path: Path) -> None:
    pc, lead, officer = enrolled(child, tmp_path), Desk(tmp_path, "李主管"), Desk(tmp_path, "安全员")
    live = pc.stream_events()
    send(pc, report(kind="data", hazard=True, photos=(sha256(PNG),)), report(level=1))
    assert upload(pc, PNG)[0] == 200
    hazard, event = (str(one["number"]) for one in sorted(lead("reports", "list"), key=lambda one: not one["hazard"]))
    assert (hazard[:12], hazard[-4:]) == (event[:12], "0001")
    shown = lead("reports", "show", hazard)[0]
    assert shown["photos"] == {sha256(PNG).hex(): True}
    lead("reports", "photo", hazard, sha256(PNG).hex(), str(tmp_path / "out.png"))
    assert (tmp_path / "out.png").read_bytes() == PNG
    lead("reports", "photo", hazard, sha256(PNG).hex(), str(tmp_path / "no" / "out.png"), wrong="cannot be written")
    lead("reports", "score", hazard, "medium")
    lead("reports", "approve", hazard)
    lead("reports", "extend", hazard, "--until", "2099-12-01")
    lead("reports", "extend", hazard, "--until", "soon", wrong="not a time")
    lead("reports", "state", hazard, "settled")
    lead("reports", "state", hazard, "closed", wrong="re-check")
    lead("reports", "recheck", hazard)
    closed = lead("reports", "state", hazard, "closed")[0]
    assert (closed["state"], closed["due"]) == ("closed", [])
    lead("reports", "filed", event, "special")
    officer("reports", "state", event, "in_hand", wrong="does not handle")
    Desk(tmp_path, "代表")("reports", "show", event, wrong="not for this person")
    Desk(tmp_path, "王二")("reports", "list", wrong="Nobody at 上海")
    states = []
    while "closed" not in states:
        told = live.until(r.ReportUpdate)
        assert isinstance(told, r.ReportUpdate)
        states.append(told.state)
    live.close()
    pc.close()


def test_the_officer_publishes_answers_and_renews_and_pcs_see_it(child: ServerChild, tmp_path: Path) -> None:
    pc, officer = enrolled(child, tmp_path), Desk(tmp_path, "安全员")
    done = safeseat(
        "server", "notice", "add", "--title", "演练", "--from", "2020-01-01", "--until", "2099-01-01T08:00", "--data", str(tmp_path),
        "--site", "上海", "--by", "安全员", stdin="周五消防演练\n",
    )  # fmt: skip
    assert len(bytes.fromhex(done.stdout.strip())) == 16, done.stderr
    shown = api.decode_message(pc.signed("GET", r.ROUTE_NOTICES).body, r.NoticeList)
    assert [one.text for one in shown.notices] == ["周五消防演练"]
    assert officer("notice", "list")[0]["read"] == {}
    (tmp_path / "risks.toml").write_text('[[risk]]\nwhat = "湿滑地面"\nlikelihood = 2\nimpact = 1\n', "utf-8")
    assert officer("risks", "load", str(tmp_path / "risks.toml")) == [{"value": 1}]
    assert api.decode_message(pc.signed("GET", r.ROUTE_HAZARDS).body, r.HazardList).risks[0].what == "湿滑地面"
    held = api.decode_message(pc.signed("GET", r.ROUTE_SUGGESTION_TOKEN).body, r.SuggestionToken)
    code = secrets.token_bytes(16)
    sent = r.Suggestion(token=held.token, month=held.month, text="请加一盏灯", receipt=r.receipt_of(code))
    assert pc.plain("POST", r.ROUTE_SUGGESTION, api.encode_message(sent), api.MEDIA_JSON).status == 200
    (one,) = officer("suggestions", "list")
    assert one["text"] == "请加一盏灯"
    officer("suggestions", "answer", str(one["id"]), stdin="下周装好\n")
    officer("suggestions", "answer", str(one["id"]), stdin="", wrong="characters")
    asked = pc.plain("POST", r.ROUTE_SUGGESTION_ANSWER, api.encode_message(r.SuggestionAsk(code=code)), api.MEDIA_JSON)
    assert api.decode_message(asked.body, r.SuggestionReply).text == "下周装好"
    pc.close()


def test_a_list_with_an_unknown_time_zone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("site,team,person,role,zone\nS,A,B,agent,Mars/Base\n", "utf-8")
    done = safeseat("server", "people", "import", "--data", str(tmp_path), str(tmp_path / "people.csv"))
    assert (done.returncode, "unknown time zone" in done.stderr) == (2, True)
