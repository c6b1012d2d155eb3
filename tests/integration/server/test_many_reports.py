"""Many at once: numbers have no doubles, and readers and reporters do not wait for each other for ever."""

import threading

from app.server.incidents import handling
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc
from tests.integration.server.test_reports import acting, report, rows_of, send


def test_reports_from_many_pcs_while_somebody_reads_all_get_their_own_number(server: ServerThread, make_pc: MakePc) -> None:
    pcs = [make_pc(f"p{number}", seat=f"A-{number:02d}") for number in range(6)]
    make_pc("李主管", role="lead", seat="L-1")
    send(pcs[0], report())
    number = rows_of(server)[0].number
    failures: list[BaseException] = []

    def watched(work: object, *arguments: object) -> None:
        try:
            for _ in range(4):
                work(*arguments)  # type: ignore[operator]  # one of the two below
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=watched, args=(lambda pc=pc: send(pc, report(), report()),)) for pc in pcs]
    threads.append(threading.Thread(target=watched, args=(lambda: acting(server, "李主管", handling.show, number),)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    found = [row.number for row in rows_of(server)]
    assert len(found) == len(set(found)) == 49
    assert {one[-4:] for one in found} == {f"{one:04d}" for one in range(1, 50)}
