"""Reports as staff handle them on the server's machine, beside the running server; errors in one sentence."""

import io
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.protocol import api
from app.protocol import reports as r
from app.protocol.wire import sha256
from app.server.main import main
from tests.helpers.server_child import ServerChild
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
    assert main(["people", "import", "--data", str(tmp_path), str(tmp_path / "people.csv")]) == 0
    running = ServerChild(tmp_path, "--no-tls")
    yield running
    running.stop()


class Desk:
    """Verbs of one person, run in this process: a start of the interpreter for each would take minutes."""

    def __init__(self, folder: Path, by: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._tail = ("--data", str(folder), "--site", "上海", "--by", by)
        self._capsys = capsys

    def __call__(self, *words: str, stdin: str = "", wrong: str = "") -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdin", io.StringIO(stdin))
            code = main([*words, *self._tail])
        out, err = self._capsys.readouterr()
        assert code == (2 if wrong else 0), err
        if wrong:
            assert wrong in err
            assert len(err.strip().splitlines()) == 1
        return out

    def rows(self, *words: str) -> list[dict[str, object]]:
        """The JSON lines of a verb."""
        return [json.loads(line) for line in self(*words).splitlines()]


def enrolled(child: ServerChild, folder: Path, capsys: pytest.CaptureFixture[str]) -> Pc:
    capsys.readouterr()
    assert main(["token", "--data", str(folder), "--site", "上海", "--person", "王芳", "--team", "A"]) == 0
    code = capsys.readouterr().out.strip()
    pc = Pc(Where(child.port, f"127.0.0.1:{child.port}", bytes.fromhex(str(child.ready["fingerprint"]))))
    pc.enrol(code)
    return pc


def test_a_report_is_read_answered_and_closed_while_the_reporter_watches(
    child: ServerChild, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pc, lead, officer = enrolled(child, tmp_path, capsys), Desk(tmp_path, "李主管", capsys), Desk(tmp_path, "安全员", capsys)
    live = pc.stream_events()
    send(pc, report(kind="data", hazard=True, photos=(sha256(PNG),)), report(level=1))
    assert upload(pc, PNG)[0] == 200
    hazard, event = (str(one["number"]) for one in sorted(lead.rows("reports", "list"), key=lambda one: not one["hazard"]))
    assert (hazard[:12], hazard[-4:]) == (event[:12], "0001")
    shown = lead.rows("reports", "show", hazard)[0]
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
    closed = lead.rows("reports", "state", hazard, "closed")[0]
    assert (closed["state"], closed["due"]) == ("closed", [])
    lead("reports", "filed", event, "special")
    officer("reports", "state", event, "in_hand", wrong="does not handle")
    Desk(tmp_path, "代表", capsys)("reports", "show", event, wrong="not for this person")
    Desk(tmp_path, "王二", capsys)("reports", "list", wrong="Nobody at 上海")
    states = []
    while "closed" not in states:
        told = live.until(r.ReportUpdate)
        assert isinstance(told, r.ReportUpdate)
        states.append(told.state)
    live.close()
    pc.close()


def test_the_officer_publishes_answers_and_renews_and_pcs_see_it(
    child: ServerChild, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pc, officer = enrolled(child, tmp_path, capsys), Desk(tmp_path, "安全员", capsys)
    dates = ("--from", "2020-01-01", "--until", "2099-01-01T08:00")
    assert len(bytes.fromhex(officer("notice", "add", "--title", "演练", *dates, stdin="周五消防演练\n").strip())) == 16
    shown = api.decode_message(pc.signed("GET", r.ROUTE_NOTICES).body, r.NoticeList)
    assert [one.text for one in shown.notices] == ["周五消防演练"]
    assert officer.rows("notice", "list")[0]["read"] == {}
    (tmp_path / "risks.toml").write_text('[[risk]]\nwhat = "湿滑地面"\nlikelihood = 2\nimpact = 1\n', "utf-8")
    assert officer("risks", "load", str(tmp_path / "risks.toml")) == "1\n"
    assert api.decode_message(pc.signed("GET", r.ROUTE_HAZARDS).body, r.HazardList).risks[0].what == "湿滑地面"
    held = api.decode_message(pc.signed("GET", r.ROUTE_SUGGESTION_TOKEN).body, r.SuggestionToken)
    code = secrets.token_bytes(16)
    sent = r.Suggestion(token=held.token, month=held.month, text="请加一盏灯", receipt=r.receipt_of(code))
    assert pc.plain("POST", r.ROUTE_SUGGESTION, api.encode_message(sent), api.MEDIA_JSON).status == 200
    (one,) = officer.rows("suggestions", "list")
    assert one["text"] == "请加一盏灯"
    officer("suggestions", "answer", str(one["id"]), stdin="下周装好\n")
    officer("suggestions", "answer", str(one["id"]), stdin="", wrong="characters")
    asked = pc.plain("POST", r.ROUTE_SUGGESTION_ANSWER, api.encode_message(r.SuggestionAsk(code=code)), api.MEDIA_JSON)
    assert api.decode_message(asked.body, r.SuggestionReply).text == "下周装好"
    pc.close()


def test_a_list_with_an_unknown_time_zone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.csv").write_text("site,team,person,role,zone\nS,A,B,agent,Mars/Base\n", "utf-8")
    assert main(["people", "import", "--data", str(tmp_path), str(tmp_path / "people.csv")]) == 2
    assert "unknown time zone" in capsys.readouterr().err
