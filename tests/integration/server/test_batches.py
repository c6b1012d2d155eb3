"""Records arrive, are chained and acknowledged; a history that does not fit is kept as evidence, never lost."""

import secrets

from app.protocol import chain, pins
from app.protocol.batch import Entry
from app.protocol.compression import Packing
from app.server import commands
from app.server.storage import audit, logs
from app.server.storage.logs import Broken
from tests.helpers.server_client import Journal, Pc, lock_failed
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc


def broken_of(server: ServerThread, pc: Pc) -> list[Broken]:
    site = server.core.people.streams[pc.stream].site
    return server.main_lane(lambda conn: logs.broken_of(conn, site, pc.stream))


def filled(pc: Pc, count: int) -> Pc:
    for number in range(count):
        pc.journal.add(lock_failed(number))
    return pc


def test_records_are_stored_and_the_head_can_be_computed_from_the_rows(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 5)
    ack = pc.deliver().ack()
    assert (ack.n, ack.h) == (6, pc.journal.at.h)
    found = server.main_lane(lambda conn: commands.outside_head(conn, pc.device, pc.stream))
    assert [(one["n"], one["h"], one["agrees"]) for one in found] == [(6, pc.journal.at.h.hex(), True)]


def test_every_packing_is_taken(make_pc: MakePc) -> None:
    pc = make_pc()
    for packing in Packing:
        before = pc.journal.at.n if pc.counter else 0
        filled(pc, 1)
        assert pc.batch(pc.journal.entries[before:], packing=packing).ack().n == pc.journal.at.n


def test_a_heartbeat_is_acknowledged_at_the_pin_even_with_records_unsent(make_pc: MakePc) -> None:
    pc = filled(make_pc(), 2)
    assert pc.deliver().ack().n == 3
    assert pc.batch().ack().n == 3
    filled(pc, 4)
    ack = pc.batch().ack()
    assert (ack.n, ack.h) == (3, pc.journal.heads[3].h)


def test_a_batch_sent_again_after_a_lost_ack_changes_nothing(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 9)
    assert pc.deliver().ack().n == 10
    assert pc.deliver().ack().n == 10
    part = pc.head(pc.journal.heads[7])
    assert pc.batch(pc.journal.entries[3:7], head=part).ack().n == 7
    filled(pc, 2)
    assert pc.deliver(5).ack().n == 12
    assert broken_of(server, pc) == []


def test_a_gap_is_answered_with_the_number_to_send_from(make_pc: MakePc) -> None:
    pc = filled(make_pc(), 3)
    pc.deliver()
    filled(pc, 3)
    reply = pc.deliver(5)
    assert (reply.status, reply.refusal().code, reply.refusal().n) == (409, "gap", 4)
    assert pc.deliver(4).ack().n == 7


def test_an_unknown_journal_is_asked_for_from_its_first_record(make_pc: MakePc) -> None:
    pc = filled(make_pc(), 3)
    reply = pc.batch()
    assert (reply.status, reply.refusal().n) == (409, 0)
    assert pc.deliver().ack().n == 4


def test_a_journal_that_went_back_is_noted_as_lost_with_its_range(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 5)
    pc.deliver()
    reply = pc.batch(head=pc.head(pc.journal.heads[2]))
    assert (reply.status, reply.refusal().code, reply.refusal().n) == (409, "history.lost", 6)
    again = pc.batch(head=pc.head(pc.journal.heads[2]))
    assert again.status == 409
    assert [(one.fact, one.from_n, one.to_n) for one in broken_of(server, pc)] == [("lost", 3, 6)]


def test_other_records_under_the_same_numbers_are_noted_as_a_fork(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 3)
    pc.deliver()
    old = pc.journal
    forged = Journal(pc.device, pc.stream)
    forged.epoch, forged.entries, forged.heads, forged.at = old.epoch, old.entries[:2], old.heads[:3], old.heads[2]
    pc.journal = forged
    filled(pc, 3)
    reply = pc.deliver(2)
    assert (reply.status, reply.refusal().code, reply.refusal().n) == (409, "history.forked", None)
    assert [one.fact for one in broken_of(server, pc)] == ["forked"]
    pc.journal = old
    filled(pc, 1)
    assert pc.deliver(4).ack().n == 5, "the true journal still goes on"


def test_a_lower_beat_in_a_newer_request_is_noted_as_a_clone(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 1)
    pc.starts = 5
    pc.deliver()
    twin_beat = chain.beat_of(4, 77)
    from time import time

    reply = pc.batch(head=pc.head(beat=twin_beat), created=int(time()) + 5)
    assert (reply.status, reply.refusal().code) == (409, "history.cloned")
    assert [one.fact for one in broken_of(server, pc)] == ["cloned"]


def test_a_new_epoch_that_names_the_pin_goes_on_cleanly(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 2)
    pc.deliver()
    pc.journal = Journal(pc.device, pc.stream, pc.journal)
    assert filled(pc, 1).deliver().ack().n == 2
    assert broken_of(server, pc) == []


def test_a_new_epoch_that_leaves_acknowledged_records_out_is_noted_as_lost(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 4)
    pc.deliver()
    shorter = Journal(pc.device, pc.stream)
    shorter.epoch, shorter.at = pc.journal.epoch, pc.journal.heads[3]
    pc.journal = Journal(pc.device, pc.stream, shorter)
    assert pc.deliver().ack().n == 1, "a broken history is never a reason to refuse what comes after"
    assert [(one.fact, one.from_n, one.to_n) for one in broken_of(server, pc)] == [("lost", 4, 5)]


def test_a_bad_record_is_set_aside_and_blocks_nothing(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    for data in (b"\xff\x00 no record", b'{"ms":1,"type":"kind.of.tomorrow","v":9}', b'{"ms":1,"type":"shift.started","v":1}'):
        pc.journal.add(data)
    filled(pc, 1)
    assert pc.deliver().ack().n == 5
    site = server.core.people.streams[pc.stream].site
    kinds = server.main_lane(lambda conn: logs.kinds_of(conn, site))
    assert kinds == {"epoch": 1, "": 1, "kind.of.tomorrow": 1, "shift.started": 1, "lock.failed": 1}


def test_a_head_that_does_not_fit_its_records_is_refused(make_pc: MakePc) -> None:
    pc = filled(make_pc(), 2)
    wrong = chain.Chain(3, secrets.token_bytes(32))
    assert pc.batch(pc.journal.entries, head=pc.head(wrong)).status == 422
    assert pc.deliver().ack().n == 3


def test_a_head_for_another_server_is_refused(make_pc: MakePc) -> None:
    pc = filled(make_pc(), 1)
    pc.server = secrets.token_bytes(16)
    assert pc.deliver().refusal().code == "other_server"


def test_the_ack_carries_the_head_of_the_servers_own_chain(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 1)
    first = pc.deliver().ack()
    assert first.audit_n >= 2, "start and enrolment are in the chain"
    make_pc("另一位", seat="A-02")
    second = pc.batch().ack()
    assert second.audit_n > first.audit_n
    assert server.main_lane(lambda conn: audit.verify(conn, server.keys.server)) is None
    head = server.main_lane(lambda conn: audit.head(conn, server.keys.server))
    assert (head.n, head.h) == (second.audit_n, second.audit_h)


def test_five_hundred_records_fit_one_batch_and_one_more_does_not(make_pc: MakePc) -> None:
    pc = filled(make_pc(), 499)
    assert pc.deliver().ack().n == 500
    body = b"\0" * (pins.HEAD_BYTES + 64 + 106)
    reply = pc.signed("POST", "/v1/batch", body, "application/vnd.safeseat.batch+json", tag="safeseat-1-sync")
    assert reply.status == 400


def test_a_bomb_of_compressed_zeros_is_refused_before_it_opens(make_pc: MakePc) -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b"\0" * (64 << 20)) + packer.flush()
    pc = make_pc()
    reply = pc.signed("POST", "/v1/batch", bomb, "application/vnd.safeseat.batch+gzip", tag="safeseat-1-sync")
    assert (reply.status, reply.refusal().code) == (413, "too_large")


def test_entries_are_a_copy_of_what_was_sent(server: ServerThread, make_pc: MakePc) -> None:
    pc = filled(make_pc(), 2)
    pc.deliver()
    site = server.core.people.streams[pc.stream].site
    epoch = server.main_lane(lambda conn: logs.find_epoch(conn, site, pc.stream, pc.journal.epoch))
    assert epoch is not None
    leaves = server.main_lane(lambda conn: logs.leaves(conn, epoch, 0, 3))
    assert leaves == [chain.leaf_hash(one.salt, one.record) for one in pc.journal.entries]
    assert isinstance(pc.journal.entries[0], Entry)
