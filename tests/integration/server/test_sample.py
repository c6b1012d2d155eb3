"""The seats of the week as a lead's PC gets them: of the lead's teams only, without names; anybody else is refused."""

from app.protocol import api
from app.protocol import reports as r
from app.server.storage import people
from tests.helpers.server_client import Pc
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc


def sample(pc: Pc) -> r.Sample:
    reply = pc.signed("GET", r.ROUTE_SAMPLE)
    assert reply.status == 200
    return api.decode_message(reply.body, r.Sample)


def test_a_lead_gets_a_fifth_of_the_own_teams_seats_and_the_other_lead_the_same(
    server: ServerThread, make_pc: MakePc
) -> None:
    mine = {f"A-{number:02d}" for number in range(8)}
    for number, seat in enumerate(sorted(mine)):
        make_pc(f"同事{number}", seat=seat)
    make_pc("别组", team="B", seat="B-01")
    lead, second = make_pc("李主管", role="lead", seat="L-1"), make_pc("周主管", role="lead", seat="L-2")
    found = sample(lead)
    assert len(found.seats) == 2
    assert {one.seat for one in found.seats} <= mine | {"L-1", "L-2"}
    assert {one.floor for one in found.seats} == {"3"}
    assert sample(second) == found == sample(lead)
    day = server.main_lane(lambda conn: people.zone_of(conn, next(iter(server.core.people.sites))))
    assert day == "", "the server's own zone"
    assert found.week[4:6] == "-W"


def test_an_agent_and_it_are_refused_and_a_head_has_no_team_to_look_at(make_pc: MakePc) -> None:
    assert sample(make_pc("部门主管", role="head", seat="H-1")).seats == ()
    for pc in (make_pc(), make_pc("机房", role="it", seat="I-1")):
        refused = pc.signed("GET", r.ROUTE_SAMPLE)
        assert (refused.status, refused.refusal().code) == (403, "not_allowed")


def test_a_revoked_pc_and_one_without_a_label_are_not_drawn(server: ServerThread, make_pc: MakePc) -> None:
    lead, gone = make_pc("李主管", role="lead", seat="L-1"), make_pc("走了", seat="A-09")
    make_pc("无座", seat="")

    def revoke(conn: object) -> None:
        device = people.find_device(conn, gone.device)  # type: ignore[arg-type]  # the lane's own connection
        assert device is not None
        row = {name: getattr(device, name) for name in people.Device.__slots__} | {"state": "revoked"}
        people.put_device(conn, people.Device(**row), 0)  # type: ignore[arg-type]  # the lane's own connection
        people.touch_roster(conn)  # type: ignore[arg-type]  # the lane's own connection

    server.main_lane(revoke)
    assert sample(lead).seats == (r.SampleSeat(seat="L-1", floor="3"),)
