"""A PC becomes known: by a code that IT gave out, by IT's list, or after comparing twelve characters."""

import secrets

import pytest

from app.domain.errors import UsageError
from app.protocol import api, enrol, httpsig
from app.protocol.enrol import account_hash
from app.server import commands
from app.server.commands import CodeFor
from tests.helpers.server_client import Pc, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc, where_of


def test_a_code_for_a_person_enrols_at_once(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc("王芳", seat="A-07")
    person = server.core.people.person_of(pc.stream)
    assert person is not None
    assert (person.name, person.team) == ("王芳", "A")
    assert server.core.people.devices[pc.device].seat == "A-07"


def test_the_same_pc_may_enrol_again_with_its_code_and_no_other_pc(server: ServerThread, make_pc: MakePc) -> None:
    pc, other = make_pc(enrolled=False), make_pc(enrolled=False)
    code = server.code("王芳")
    assert pc.enrol(code).state == "enrolled"
    assert pc.enrol(code).state == "enrolled"
    reply = other.try_enrol(code)
    assert (reply.status, reply.refusal().code) == (401, "token_used")


def test_without_a_code_it_is_pending_until_it_compared_the_characters(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc(enrolled=False)
    answer = pc.enrol(None)
    assert answer.state == "pending"
    assert pc.deliver().refusal().code == "pending"
    assert pc.send_alarm(pc.alarm_bytes(secrets.token_bytes(16))).unverified, "an alarm is never refused"
    server.code()
    who = CodeFor("Shanghai", "王芳", "agent", "A", "A-09", "3")
    server.main_lane(lambda conn: commands.approve_device(conn, server.keys, answer.code.lower(), who, now_ms()))
    assert pc.enrol(None).state == "enrolled"
    assert pc.deliver().ack().n == 1
    with pytest.raises(UsageError, match="No pending PC"):
        server.main_lane(lambda conn: commands.approve_device(conn, server.keys, answer.code, who, now_ms()))


def test_a_code_without_a_person_enrols_only_whom_its_list_knows(server: ServerThread, make_pc: MakePc, tmp_path_factory: pytest.TempPathFactory) -> None:
    people = tmp_path_factory.mktemp("list") / "people.csv"
    people.write_text("site,team,person,role,account\nShanghai,A,赵敏,agent,CORP\\zhaomin\n", "utf-8")
    server.main_lane(lambda conn: commands.import_people(conn, server.keys, people, now_ms()))
    known, unknown = make_pc(enrolled=False), make_pc(enrolled=False)
    account = account_hash(server.keys.fingerprint, "corp\\ZhaoMin")
    assert known.enrol(server.code(), account).state == "enrolled"
    assert unknown.enrol(server.code()).state == "pending"
    person = server.core.people.person_of(known.stream)
    assert person is not None
    assert person.name == "赵敏"


def test_a_second_account_on_a_known_pc_is_found_by_its_list(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc("王芳")
    second = Pc(where_of(server))
    second.device, second.machine = pc.device, pc.machine
    assert second.enrol(None).state == "enrolled"
    assert server.core.people.person_of(second.stream) is None
    second.close()


@pytest.mark.parametrize("damage", ["secret", "id", "expired"])
def test_a_wrong_code_is_refused(server: ServerThread, make_pc: MakePc, damage: str) -> None:
    pc = make_pc(enrolled=False)
    token = enrol.parse_token(server.code("王芳"))
    if damage == "expired":
        who = CodeFor("Shanghai", "王芳", "agent", "A")
        text = server.main_lane(lambda conn: commands.make_codes(conn, server.keys, who, 1, 1))[0]
    elif damage == "secret":
        text = enrol.Token(token.id, secrets.token_bytes(20), token.fingerprint).text()
    else:
        text = enrol.Token(secrets.token_bytes(8), token.secret, token.fingerprint).text()
    assert pc.try_enrol(text).status == 401


def test_another_servers_code_is_refused(server: ServerThread, make_pc: MakePc) -> None:
    token = enrol.parse_token(server.code("王芳"))
    text = enrol.Token(token.id, token.secret, secrets.token_bytes(20)).text()
    assert make_pc(enrolled=False).try_enrol(text).status == 400


def test_a_new_key_needs_the_old_ones_signature_or_a_new_code(server: ServerThread, make_pc: MakePc) -> None:
    from app.protocol.keys import Ed25519Signer

    pc = make_pc("王芳")
    old = pc.machine
    pc.machine = Ed25519Signer(secrets.token_bytes(32))
    assert pc.try_enrol(None).refusal().code == "key_changed"
    body = api.EnrolBody(stream=pc.stream, account=bytes(32), host="PC-1", os="Debian 12", app="0.1.0")
    data = enrol.make_request(pc.machine, pc.device, api.encode_message(body), token=server.keys.fingerprint, old=old)
    assert pc.plain("POST", api.ROUTE_ENROL, data, enrol.MEDIA_ENROL).status == 200
    assert pc.deliver().ack().n == 1
    pc.machine = Ed25519Signer(secrets.token_bytes(32))
    assert pc.enrol(server.code("王芳")).state == "enrolled"


def test_a_stream_of_another_pc_cannot_be_taken(server: ServerThread, make_pc: MakePc) -> None:
    pc, thief = make_pc("王芳"), make_pc(enrolled=False)
    thief.stream = pc.stream
    assert thief.try_enrol(server.code("Mallory")).refusal().code == "stream_taken"


def test_the_site_that_an_installer_named_is_shown_and_not_believed(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc(enrolled=False)
    body = api.EnrolBody(stream=pc.stream, account=bytes(32), host="PC-1", os="Windows 11", app="0.1.0", site_claimed="天河")
    token = enrol.parse_token(server.code("王芳"))
    data = enrol.make_request(pc.machine, pc.device, api.encode_message(body), token=token)
    assert pc.plain("POST", api.ROUTE_ENROL, data, enrol.MEDIA_ENROL).status == 200
    (listed,) = server.main_lane(commands.list_devices)
    assert (listed["site"], listed["site_claimed"]) == ("Shanghai", "天河")


def test_documents_are_not_for_a_pending_pc(make_pc: MakePc) -> None:
    pc = make_pc(enrolled=False)
    pc.enrol(None)
    reply = pc.signed("GET", "/v1/doc/roster", tag=httpsig.TAG_OTHER)
    assert (reply.status, reply.refusal().code) == (401, "pending")
